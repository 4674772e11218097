import * as vscode from 'vscode';
import { settings, views } from '../ids.ts';
import { progressText } from '../views/present.ts';
import type { JobsModel } from './jobs-model.ts';

/** A run that somebody cancelled is nothing to be warned of. */
const icons = { success: 'save-all', cancelled: 'circle-slash', warning: 'warning', failed: 'warning' } as const;

/** The one status bar item: the running job and its progress, or how the last one of this window ended. */
export function createStatusBar(jobs: JobsModel): vscode.Disposable {
	const item = vscode.window.createStatusBarItem('afterimage.status', vscode.StatusBarAlignment.Left, 5);
	item.name = 'Afterimage';
	item.command = `${views.runs}.focus`;
	const show = () => {
		if (!vscode.workspace.getConfiguration('afterimage').get<boolean>(settings.statusBar, true)) return item.hide();
		const running = jobs.running;
		const current = running[0];
		const last = jobs.all.find((job) => job.result !== undefined);
		if (current !== undefined) {
			item.text = `$(sync~spin) ${progressText(current.progress)}`;
			item.tooltip = running.map((job) => `${job.title}: ${progressText(job.progress)}`).join('\n');
		} else if (last?.result !== undefined) {
			item.text = `$(${icons[last.result.outcome]}) Afterimage`;
			item.tooltip = `${last.title}: ${last.result.summary}`;
		} else {
			return item.hide();
		}
		item.accessibilityInformation = { label: item.tooltip, role: 'status' };
		item.show();
	};
	show();
	return vscode.Disposable.from(item, jobs.onChanged(show), jobs.onEnded(show));
}
