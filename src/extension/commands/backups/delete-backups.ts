import * as vscode from 'vscode';
import type { Services } from '../../services.ts';
import type { BackupNode } from '../../views/backups-tree.ts';
import { chooseBackup, type BackupArgument } from './choose-backup.ts';
import { deleteQuestion } from './delete-question.ts';

/**
 * Deletes backups with all that stands on them, after one question for everything. A set that is chosen goes as a whole.
 * @param selected all items of the tree that are selected, when the command was called on one of several
 */
export async function deleteBackups(
	services: Services,
	argument: BackupArgument,
	selected: readonly BackupNode[] = [],
): Promise<void> {
	const { engines, runner, trees, ui } = services;
	const paths = await pathsOf(services, selected.length > 1 ? selected : [argument]);
	if (paths.length === 0) return;
	const doomed = await (await engines.get('user')).request('image/dependants', { files: paths });
	const { title, detail } = deleteQuestion(paths.length, doomed);
	if (!(await ui.confirm(title, detail, vscode.l10n.t('Delete')))) return;
	for (const { files } of doomed) {
		const job = await runner.run({ kind: 'delete', files }, { rights: 'user' });
		// Who stops one means all of them; what fails in one set says nothing of the others.
		if (job === undefined || job.result?.outcome === 'cancelled') break;
	}
	await trees.backups.refresh();
}

/** Paths of the chosen backups, each once; items that are no backups are passed over when others are selected too. */
async function pathsOf(services: Services, items: readonly BackupArgument[]): Promise<readonly string[]> {
	const paths = new Set<string>();
	for (const item of items) {
		if (typeof item === 'object' && 'kind' in item && item.kind === 'set') {
			for (const { path } of item.set.files) paths.add(path);
		} else if (items.length === 1 || (typeof item === 'object' && 'kind' in item && item.kind === 'file')) {
			const chosen = await chooseBackup(services, item);
			if (chosen !== undefined) paths.add(chosen.file.path);
		}
	}
	return [...paths];
}
