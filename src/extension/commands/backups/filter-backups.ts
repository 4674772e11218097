import * as vscode from 'vscode';
import type { BackupSetInfo } from '../../../protocol/backups.ts';
import type { DiskInfo } from '../../../protocol/disks.ts';
import { commands } from '../../ids.ts';
import type { Services } from '../../services.ts';
import type { FilteredDisk } from '../../views/backup-filter.ts';
import { diskLabel } from '../../views/present.ts';
import type { Actions } from '../register.ts';

/** Commands on which backups the view Existing Backups shows. */
export function filterCommands(services: Services) {
	return {
		[commands.filterBackups]: () => filterBackups(services),
		[commands.clearBackupFilter]: () => services.backupFilter.set(undefined),
	} satisfies Actions;
}

async function filterBackups({ backupFilter, trees, ui }: Services): Promise<void> {
	const title = vscode.l10n.t('Show the backups of one disk');
	const choices = choicesOf(await trees.backups.sets(), await trees.disks.disks().catch(() => []));
	if (choices.length === 0) {
		void ui.tell('info', vscode.l10n.t('There is no backup yet in the folders of the view Existing Backups.'));
		return;
	}
	const all = { label: vscode.l10n.t('All disks'), disk: undefined };
	const chosen = await ui.pick<vscode.QuickPickItem & { readonly disk: FilteredDisk | undefined }>([all, ...choices], {
		title,
		placeHolder: vscode.l10n.t('Sets of other disks are hidden in this workspace until the filter is cleared'),
		matchOnDescription: true,
		matchOnDetail: true,
	});
	if (chosen !== undefined) await backupFilter.set(chosen.disk);
}

/**
 * The disks that sets have backups of, by the names that they have on this computer.
 * @param local disks of this computer
 */
export function choicesOf(
	sets: readonly BackupSetInfo[],
	local: readonly DiskInfo[],
): (vscode.QuickPickItem & { readonly disk: FilteredDisk })[] {
	const byId = new Map<string, { contents: Set<string>; sets: number }>();
	for (const { disks } of sets) {
		for (const { id, contents } of disks) {
			const known = byId.get(id) ?? { contents: new Set(), sets: 0 };
			known.sets++;
			for (const name of contents) known.contents.add(name);
			byId.set(id, known);
		}
	}
	return [...byId].map(([id, { contents, sets: count }]) => {
		const here = id === '' ? undefined : local.find((disk) => disk.id.toUpperCase() === id);
		const unknown = id === '' ? vscode.l10n.t('Disk without id') : vscode.l10n.t('Disk {0}', id);
		const label = here === undefined ? unknown : diskLabel(here);
		return {
			label,
			description: [
				...(here === undefined ? [] : [id]),
				count === 1 ? vscode.l10n.t('1 set') : vscode.l10n.t('{0} sets', count),
			].join(' · '),
			detail: [...contents].join(', '),
			disk: { id, label },
		};
	});
}
