import * as vscode from 'vscode';
import { settings, views } from '../ids.ts';
import { createStatusBar } from '../runs/status-bar.ts';
import type { Services } from '../services.ts';
import { registerBackupDecorations } from './backup-decorations.ts';
import { backupDrop } from './backup-drop.ts';
import { showMoreCommand } from './backup-items.ts';
import { overdueBadge } from './overdue.ts';
import { createBadge, titleLastRun } from './runs-header.ts';

/** Whether backups are overdue is first looked for when a window has settled, in milliseconds, also when no view is seen. */
const firstLookAfter = 60_000;

/** The views and what keeps them fresh. Nothing is listed before a view is seen. */
export function createViews({ backupFilter, definitions, jobs, overdue, trees }: Services): vscode.Disposable {
	const disks = vscode.window.createTreeView(views.disks, {
		treeDataProvider: trees.disks,
		showCollapseAll: true,
		manageCheckboxStateManually: true,
	});
	const definitionsView = vscode.window.createTreeView(views.definitions, {
		treeDataProvider: trees.definitions,
		showCollapseAll: true,
	});
	const backups = vscode.window.createTreeView(views.backups, {
		treeDataProvider: trees.backups,
		showCollapseAll: true,
		canSelectMany: true,
		dragAndDropController: backupDrop,
	});
	// The system that the extension runs on, which may be another than that of the window.
	void vscode.commands.executeCommand('setContext', 'afterimage.canMount', process.platform === 'linux');
	const runs = vscode.window.createTreeView(views.runs, { treeDataProvider: trees.runs });
	const showFilter = () => {
		const { disk } = backupFilter;
		backups.message = disk === undefined ? '' : vscode.l10n.t('Only backups of {0}', disk.label);
	};
	showFilter();
	const firstLook = setTimeout(() => void overdue.lookAtFolder(), firstLookAfter);
	return vscode.Disposable.from(
		disks,
		definitionsView,
		backups,
		runs,
		new vscode.Disposable(() => clearTimeout(firstLook)),
		definitionsView.onDidChangeVisibility(({ visible }) => overdue.watch(visible)),
		overdue.onChanged(() => (definitionsView.badge = overdueBadge(overdue.count))),
		disks.onDidChangeCheckboxState(({ items }) => trees.disks.check(items)),
		trees.disks.onProblem((text) => (disks.message = text ?? '')),
		registerBackupDecorations(),
		vscode.commands.registerCommand(showMoreCommand, (folder: string) => trees.backups.showMore(folder)),
		createStatusBar(jobs),
		createBadge(runs, jobs),
		runs.onDidChangeVisibility(({ visible }) => trees.runs.watch(visible)),
		titleLastRun(runs, [disks, definitionsView, backups], jobs, trees.runs),
		backupFilter.onChanged(() => {
			showFilter();
			trees.backups.shownChanged();
		}),
		definitions.onChanged(() => trees.backups.shownChanged()),
		jobs.onEnded(({ request }) => {
			if (request.kind === 'backup') void overdue.look();
			if (request.kind !== 'restore' && request.kind !== 'extract') void trees.backups.refresh();
		}),
		vscode.workspace.onDidChangeConfiguration((event) => {
			const changed = (name: string) => event.affectsConfiguration(`afterimage.${name}`);
			if (changed(settings.diskFiles)) void trees.disks.filesChanged();
			if (changed(settings.backupFolders)) trees.backups.shownChanged();
			if (changed(settings.historyLimit)) void trees.runs.refresh();
		}),
	);
}
