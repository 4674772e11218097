import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isAfterimageError } from '../../base/errors.ts';
import { formatBytes } from '../../base/quantity.ts';
import type { ImageInfo } from '../../protocol/backups.ts';
import { compareText } from '../documents/compare-text.ts';
import { propertiesText } from '../documents/properties-text.ts';
import { rightsOfTarget } from '../rights/needed-rights.ts';
import type { Pages, Services } from '../services.ts';
import { diskLabel } from '../views/present.ts';
import { showMarkdown } from './backup-commands.ts';
import type { ChosenBackup } from './choose-backup.ts';

type Needs = Pick<Services, 'documents' | 'engines' | 'passwords' | 'runner' | 'trees' | 'ui'>;

/** Properties as a document, and a restore by a few questions: without a page of their own. */
export function createPages(services: Needs): Pages {
	const { documents, engines } = services;
	documents.register('properties', async (path) => propertiesText(await inspect(services, path)));
	documents.register('compare', async (path) =>
		compareText(await (await engines.get('user')).request('image/compare', { file: path })),
	);
	return {
		properties: ({ file }) => showMarkdown(documents.uri('properties', file.path, `${file.name}.md`)),
		restore: (chosen) => restore(services, chosen),
	};
}

/** Reads what an image holds; asks for its password when it takes one. */
export async function inspect({ engines, passwords, trees }: Needs, path: string): Promise<ImageInfo> {
	const engine = await engines.get('user');
	let password: string | undefined;
	for (;;) {
		try {
			return await engine.request('image/inspect', { file: path, ...(password === undefined ? {} : { password }) });
		} catch (error) {
			const wrong = isAfterimageError(error, 'wrong-password');
			if (!wrong && !isAfterimageError(error, 'password-needed')) throw error;
			const key = (await trees.backups.find(path)).set.imageId;
			password = await passwords.get(key, basename(path), wrong);
			if (password === undefined) throw error;
		}
	}
}

async function restore(services: Needs, { set, file }: ChosenBackup): Promise<void> {
	const { runner, trees, ui } = services;
	const image = await inspect(services, file.path);
	const disk =
		image.disks.length === 1
			? image.disks[0]
			: (
					await ui.pick(
						image.disks.map((one) => ({
							label: vscode.l10n.t('Disk {0}', one.number + 1),
							description: `${one.model} · ${formatBytes(one.size)}`,
							one,
						})),
						{ title: vscode.l10n.t('Restore which disk of {0}?', file.name) },
					)
				)?.one;
	if (disk === undefined) return;
	const targets = (await trees.disks.disks())
		.filter((target) => !target.readOnly)
		.map((target) => ({
			label: diskLabel(target),
			description: `${target.path} · ${formatBytes(target.size)}`,
			detail:
				target.size < disk.size ? vscode.l10n.t('Smaller than the imaged disk ({0})', formatBytes(disk.size)) : '',
			target,
		}));
	const target = (
		await ui.pick(targets, { title: vscode.l10n.t('Restore to which disk? Everything on it is overwritten.') })
	)?.target;
	if (target === undefined) return;
	const confirmed = await ui.input({
		title: vscode.l10n.t('Restore {0} to {1}', file.name, target.path),
		prompt: vscode.l10n.t('All data on this disk is lost. Type {0} to confirm.', target.path),
		ignoreFocusOut: true,
		validateInput: (text) =>
			text === '' || target.path.startsWith(text) ? undefined : vscode.l10n.t('That is not the name of the disk'),
	});
	if (confirmed === undefined) return;
	if (confirmed !== target.path) {
		void ui.tell('warning', vscode.l10n.t('Nothing was restored: the name of the disk was not typed in full.'));
		return;
	}
	await runner.run(
		{
			kind: 'restore',
			file: file.path,
			target: target.path,
			disk: disk.number,
			delta: false,
			verify: true,
			newDiskId: false,
			confirmed,
		},
		{
			rights: rightsOfTarget(target.path),
			password: file.encrypted ? { key: set.imageId, what: file.name } : undefined,
			passwordNeeded: file.encrypted,
		},
	);
	await trees.disks.refresh();
}
