import * as vscode from 'vscode';
import type { JobsModel } from '../runs/jobs-model.ts';
import { age, outcomeWord } from './present.ts';
import type { RunsTree } from './runs-tree.ts';

/** Number of running jobs, or of runs that failed since the view was last opened, on the icon of the views. */
export function createBadge(view: vscode.TreeView<unknown>, jobs: JobsModel): vscode.Disposable {
	let failed = 0;
	const show = () => {
		const running = jobs.running.length;
		if (running > 0) view.badge = { value: running, tooltip: vscode.l10n.t('{0} running', running) };
		else if (failed > 0) view.badge = { value: failed, tooltip: vscode.l10n.t('{0} failed', failed) };
		else view.badge = undefined;
	};
	return vscode.Disposable.from(
		jobs.onChanged(show),
		jobs.onEnded((job) => {
			if (job.result?.outcome === 'failed' && !view.visible) failed++;
			show();
		}),
		view.onDidChangeVisibility(({ visible }) => {
			if (visible) failed = 0;
			show();
		}),
	);
}

/**
 * While the view Runs is folded, as it is at first to leave its room to the others, its title says how many jobs run, or how
 * the last run ended: else nobody would see that a scheduled backup has failed. VS Code hides the description of a folded view.
 * @param others the views above it: nothing is read before one of them is seen
 */
export function titleLastRun(
	view: vscode.TreeView<unknown>,
	others: readonly vscode.TreeView<unknown>[],
	jobs: JobsModel,
	runs: RunsTree,
): vscode.Disposable {
	const name = view.title ?? '';
	const show = async () => {
		const last = view.visible ? undefined : await runs.last().catch(() => undefined);
		const running = jobs.running.length;
		// It may have been opened meanwhile: then its lines say so.
		if (view.visible) view.title = name;
		else if (running > 0) view.title = `${name}: ${vscode.l10n.t('{0} running', running)}`;
		else if (last === undefined) view.title = name;
		else view.title = `${name}: ${outcomeWord(last.outcome)}, ${age(last.ended, Date.now())}`;
	};
	return vscode.Disposable.from(
		view.onDidChangeVisibility(show),
		...others.map((other) => other.onDidChangeVisibility(({ visible }) => (visible ? show() : undefined))),
		// Progress changes nothing.
		jobs.onChanged(({ progress }) => (progress === undefined ? show() : undefined)),
		// A change of one line is progress too.
		runs.onDidChangeTreeData((line) => (line === undefined ? show() : undefined)),
	);
}
