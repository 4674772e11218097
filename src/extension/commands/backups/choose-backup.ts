import * as vscode from 'vscode';
import type { BackupFileInfo, BackupSetInfo } from '../../../protocol/backups.ts';
import { formatBytes } from '../../l10n.ts';
import type { Services } from '../../services.ts';
import type { BackupNode } from '../../views/backups-tree.ts';
import { age, typeName } from '../../views/present.ts';

/** A restore point and the set it belongs to. */
export interface ChosenBackup {
	readonly set: BackupSetInfo;
	readonly file: BackupFileInfo;
}

/** What a command on backups may be called with: an item of the tree, a path, a file from the explorer, or nothing. */
export type BackupArgument = BackupNode | string | vscode.Uri | undefined;

/** The restore point that a command was called on, or the answer to a question. A set means its newest point. */
export async function chooseBackup(
	{ ui, trees }: Pick<Services, 'ui' | 'trees'>,
	argument: BackupArgument,
): Promise<ChosenBackup | undefined> {
	const path = argument instanceof vscode.Uri ? argument.fsPath : argument;
	if (typeof path === 'string') return trees.backups.find(path);
	if (path?.kind === 'file') return { set: path.set, file: path.chain.file };
	if (path?.kind === 'set') return { set: path.set, file: newestOf(path.set) };
	const items = (await trees.backups.sets())
		.flatMap((set) => set.files.map((file) => ({ set, file })))
		.sort((a, b) => b.file.time.localeCompare(a.file.time))
		.map((chosen) => ({
			label: chosen.file.name,
			description: [age(chosen.file.time, Date.now()), typeName(chosen.file.type), formatBytes(chosen.file.size)].join(
				' · ',
			),
			detail: chosen.set.sources,
			chosen,
		}));
	if (items.length === 0) {
		void ui.tell('info', vscode.l10n.t('There is no backup yet in the folders of the view Existing Backups.'));
		return undefined;
	}
	const options = { title: vscode.l10n.t('Choose a backup'), matchOnDescription: true, matchOnDetail: true };
	return (await ui.pick(items, options))?.chosen;
}

function newestOf(set: BackupSetInfo): BackupFileInfo {
	return set.files.reduce((latest, file) => (file.fileNumber > latest.fileNumber ? file : latest));
}
