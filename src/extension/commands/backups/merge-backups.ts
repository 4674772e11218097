import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { BackupFileInfo } from '../../../protocol/backups.ts';
import { dateAndTime, formatBytes } from '../../l10n.ts';
import type { Services } from '../../services.ts';
import type { BackupNode } from '../../views/backups-tree.ts';
import { typeName } from '../../views/present.ts';
import { chooseBackup, type BackupArgument, type ChosenBackup } from './choose-backup.ts';
import { mergeRange } from './merge-range.ts';

/**
 * Merges backups of one set after one question: all from the oldest to the newest that are selected, or from the one that the
 * command was called on to another that is asked for.
 * @param selected all items of the tree that are selected, when the command was called on one of several
 */
export async function mergeBackups(
	services: Services,
	argument: BackupArgument,
	selected: readonly BackupNode[] = [],
): Promise<void> {
	const { engines, runner, trees, ui } = services;
	const files = selected.length > 1 ? selectedRange(services, selected) : await askedRange(services, argument);
	if (files === undefined) return;
	const paths = files.map((file) => file.path);
	const plan = await (await engines.get('user')).request('merge/plan', { files: paths });
	const detail = vscode.l10n.t(
		'{0} files become {1}. {2} are copied, {3} become free. Every restore point that stays restores as before.',
		files.length,
		basename(plan.resultName),
		formatBytes(plan.movedBytes),
		formatBytes(plan.freedBytes),
	);
	if (!(await ui.confirm(vscode.l10n.t('Merge {0} backups?', files.length), detail, vscode.l10n.t('Merge')))) return;
	await runner.run({ kind: 'merge', files: paths }, { rights: 'user' });
	await trees.backups.refresh();
}

function selectedRange({ ui }: Services, selected: readonly BackupNode[]): readonly BackupFileInfo[] | undefined {
	const nodes = selected.filter((node) => node.kind === 'file');
	const [first] = nodes;
	const inSet = ({ folder, set }: (typeof nodes)[number]) =>
		folder === first?.folder && set.imageId === first.set.imageId;
	if (first !== undefined && nodes.length > 1 && nodes.every(inSet)) {
		return mergeRange(
			first.set,
			nodes.map(({ chain }) => chain.file),
		);
	}
	void ui.tell('info', vscode.l10n.t('Backups are merged within one set: select two or more of the same set.'));
	return undefined;
}

async function askedRange(
	services: Services,
	argument: BackupArgument,
): Promise<readonly BackupFileInfo[] | undefined> {
	const chosen = await chooseBackup(services, argument);
	if (chosen === undefined) return undefined;
	const other = await otherOf(services, chosen);
	return other === undefined ? undefined : mergeRange(chosen.set, [chosen.file, other]);
}

async function otherOf({ ui }: Services, { set, file }: ChosenBackup): Promise<BackupFileInfo | undefined> {
	const others = [...set.files].sort((a, b) => a.fileNumber - b.fileNumber).filter((other) => other.path !== file.path);
	if (others.length === 0) {
		void ui.tell('info', vscode.l10n.t('The set has one file only; there is nothing to merge it with.'));
		return undefined;
	}
	const items = others.map((other) => ({
		label: other.name,
		description: [typeName(other.type), dateAndTime(other.time), formatBytes(other.size)].join(' · '),
		other,
	}));
	return (await ui.pick(items, { title: vscode.l10n.t('Merge {0} up to which file?', file.name) }))?.other;
}
