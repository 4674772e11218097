import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { FilePlace } from '../../../protocol/files.ts';
import { nameOf } from '../../browse/address.ts';
import { byPartition, outermost } from '../../browse/selection.ts';
import { filesWord } from '../../views/present.ts';
import type { Services } from '../../services.ts';

/** Copies files and folders of a backup into a folder that is asked for once; one run for each partition. */
export async function extractFiles(services: Services, chosen: readonly FilePlace[]): Promise<void> {
	const places = outermost(chosen);
	if (places.length === 0) return;
	const { files, runner, trees, ui } = services;
	if (!vscode.workspace.isTrusted) return runner.refuseRestricted();
	const what = places.length === 1 ? nameOf(places[0]!.path) : filesWord(places.length);
	const [target] = await ui.openDialog({
		title: vscode.l10n.t('Extract {0} to which folder?', what),
		openLabel: vscode.l10n.t('Extract'),
		canSelectFiles: false,
		canSelectFolders: true,
	});
	if (target === undefined) return;
	const folder = target.fsPath;
	const there = [...new Set(places.map(({ path }) => nameOf(path)))].filter((name) => existsSync(join(folder, name)));
	if (there.length > 0 && !(await agreesToReplace(services, folder, there))) return;
	for (const { image, disk, partition, paths } of byPartition(places)) {
		const { set, file } = await trees.backups.find(image);
		const known = (await files()).passwordOf(image);
		const job = await runner.run(
			{ kind: 'extract', image, disk, partition, paths, folder, overwrite: there.length > 0 },
			{
				rights: 'user',
				password: file.encrypted ? { key: set.imageId, what: basename(image), known } : undefined,
				passwordNeeded: file.encrypted,
			},
		);
		if (job === undefined || job.result?.outcome === 'cancelled') break;
	}
}

async function agreesToReplace({ ui }: Services, folder: string, names: readonly string[]): Promise<boolean> {
	const title =
		names.length === 1
			? vscode.l10n.t('{0} is already in {1}. Replace it?', names[0]!, folder)
			: vscode.l10n.t('{0} of these are already in {1}. Replace them?', names.length, folder);
	const detail = vscode.l10n.t(
		'Files of the same name are replaced and cannot be brought back. What else is in folders of the same name stays:\n{0}',
		names.map((name) => `• ${name}`).join('\n'),
	);
	return ui.confirm(title, detail, vscode.l10n.t('Replace'));
}
