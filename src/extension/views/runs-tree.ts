import * as vscode from 'vscode';
import { visible } from '../../base/visible.ts';
import { formatDuration } from '../../base/quantity.ts';
import { phaseName } from '../../protocol/job-phases.ts';
import type { JobInfo, JobOutcome, RunningRun, RunRecord } from '../../protocol/jobs.ts';
import { commands, contexts, settings } from '../ids.ts';
import { dateAndTime, formatBytes, timeOfDay } from '../l10n.ts';
import type { JobsModel } from '../runs/jobs-model.ts';
import { age, outcomeWord, progressText, typeName } from './present.ts';

export type RunNode =
	| { readonly kind: 'job'; readonly id: string }
	| { readonly kind: 'other'; readonly run: RunningRun }
	| { readonly kind: 'record'; readonly record: RunRecord };

/** How often it is looked what runs elsewhere, in milliseconds. */
const lookInterval = 10_000;

/** The view Runs: what runs now, with its progress, above what has run. */
export class RunsTree implements vscode.TreeDataProvider<RunNode>, vscode.Disposable {
	readonly #jobs: JobsModel;
	readonly #changed = new vscode.EventEmitter<RunNode | undefined>();
	readonly #subscriptions: vscode.Disposable[];
	readonly #nodes = new Map<string, RunNode>();
	/** Runs that this window has not begun. */
	#others: readonly RunningRun[] = [];
	#looking: NodeJS.Timeout | undefined;
	#records: Promise<readonly RunRecord[]> | undefined;
	/** Counts refreshes: the last one tells the view. */
	#refreshes = 0;

	readonly onDidChangeTreeData = this.#changed.event;

	constructor(jobs: JobsModel) {
		this.#jobs = jobs;
		this.#subscriptions = [
			jobs.onChanged((job) => this.#changed.fire(this.#nodes.get(job.id))),
			jobs.onEnded(() => void this.refresh()),
		];
	}

	/** Reads the history again if it was read; the view is told afterwards, so that it keeps its items meanwhile. */
	async refresh(): Promise<void> {
		const mine = ++this.#refreshes;
		if (this.#records !== undefined) {
			this.#records = this.#history();
			await this.#records.catch(() => undefined);
		}
		if (mine === this.#refreshes) this.#changed.fire(undefined);
	}

	async getChildren(node?: RunNode): Promise<RunNode[]> {
		if (node !== undefined) return [];
		const records = await this.#ended();
		const running = this.#jobs.running.map((job): RunNode => this.#keep(job.id));
		const others = this.#others.map((run): RunNode => ({ kind: 'other', run }));
		return [...running, ...others, ...records.map((record): RunNode => ({ kind: 'record', record }))];
	}

	getTreeItem(node: RunNode): vscode.TreeItem {
		if (node.kind === 'record') return recordItem(node.record);
		if (node.kind === 'other') return otherItem(node.run);
		const job = this.#jobs.get(node.id);
		return job === undefined ? new vscode.TreeItem('') : jobItem(job);
	}

	/** While the view is seen, looks again and again what runs elsewhere, and at the history once that changes. */
	watch(seen: boolean): void {
		clearInterval(this.#looking);
		if (!seen) return;
		this.#looking = setInterval(() => void this.look(), lookInterval);
		void this.look();
	}

	async look(): Promise<void> {
		const ids = (runs: readonly RunningRun[]) => runs.map(({ id, title }) => `${id} ${title}`).join('\n');
		// An engine that is just ending answers nothing; the next look has another one.
		const others = await this.#jobs.others().catch(() => this.#others);
		if (ids(others) === ids(this.#others)) return;
		this.#others = others;
		await this.refresh();
	}

	dispose(): void {
		clearInterval(this.#looking);
		for (const subscription of this.#subscriptions) subscription.dispose();
		this.#changed.dispose();
	}

	/** How the newest run ended; undefined when nothing has run. */
	async last(): Promise<RunRecord | undefined> {
		return (await this.#ended())[0];
	}

	/** Newest first. */
	#ended(): Promise<readonly RunRecord[]> {
		return (this.#records ??= this.#history());
	}

	#history(): Promise<readonly RunRecord[]> {
		const limit = vscode.workspace.getConfiguration('afterimage').get<number>(settings.historyLimit, 200);
		const records = this.#jobs.history(limit);
		// What could not be read now may be there the next time.
		records.catch(() => {
			if (this.#records === records) this.#records = undefined;
		});
		return records;
	}

	#keep(id: string): RunNode {
		const node = this.#nodes.get(id) ?? { kind: 'job', id };
		this.#nodes.set(id, node);
		return node;
	}
}

function jobItem(job: JobInfo): vscode.TreeItem {
	const item = new vscode.TreeItem(visible(job.title));
	item.id = `job:${job.id}`;
	item.description = progressText(job.progress);
	item.iconPath = new vscode.ThemeIcon('sync~spin');
	item.contextValue = contexts.runActive;
	const lines = [job.title, progressText(job.progress)];
	if (job.progress !== undefined) {
		lines.push(
			vscode.l10n.t(
				'{0} · read {1} · written {2}',
				phaseName(job.progress.phase, vscode.l10n.t),
				formatBytes(job.progress.readBytes),
				formatBytes(job.progress.writtenBytes),
			),
		);
	}
	item.tooltip = lines.join('\n');
	item.command = {
		command: commands.openLog,
		title: vscode.l10n.t('Open Log'),
		arguments: [{ kind: 'job', id: job.id }],
	};
	return item;
}

function otherItem(run: RunningRun): vscode.TreeItem {
	const item = new vscode.TreeItem(visible(run.title));
	item.id = `other:${run.id}`;
	// The date would be cut off in a side bar, and is today's for most.
	const lately = Date.now() - Date.parse(run.started) < 86_400_000;
	const since = lately ? timeOfDay(run.started) : dateAndTime(run.started);
	item.description = vscode.l10n.t('running since {0}', since);
	item.iconPath = new vscode.ThemeIcon('sync');
	item.contextValue = contexts.runEnded;
	item.tooltip = [
		run.title,
		vscode.l10n.t('running since {0}', dateAndTime(run.started)),
		vscode.l10n.t('Started by the scheduler, the command line or another window: its log tells how far it is.'),
	].join('\n');
	item.command = {
		command: commands.openLog,
		title: vscode.l10n.t('Open Log'),
		arguments: [{ kind: 'other', run }],
	};
	return item;
}

const looks: Readonly<Record<JobOutcome, readonly [icon: string, color: string]>> = {
	success: ['pass', 'testing.iconPassed'],
	warning: ['warning', 'list.warningForeground'],
	failed: ['error', 'list.errorForeground'],
	cancelled: ['circle-slash', 'disabledForeground'],
};

function recordItem(record: RunRecord): vscode.TreeItem {
	const item = new vscode.TreeItem(visible(record.title));
	const [icon, color] = looks[record.outcome];
	item.id = `run:${record.id}`;
	item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
	const seconds = (Date.parse(record.ended) - Date.parse(record.started)) / 1000;
	const bytes = record.bytesWritten > 0 ? formatBytes(record.bytesWritten) : '';
	item.description = [age(record.started, Date.now()), typeOf(record), formatDuration(seconds), bytes]
		.filter((part) => part !== '')
		.join(' · ');
	item.contextValue = contexts.runEnded;
	item.tooltip = [record.title, record.summary, dateAndTime(record.started), ...record.files].join('\n');
	item.command = {
		command: commands.openLog,
		title: vscode.l10n.t('Open Log'),
		arguments: [{ kind: 'record', record }],
	};
	item.accessibilityInformation = {
		label: `${visible(record.title)}, ${outcomeWord(record.outcome)}, ${item.description}`,
	};
	return item;
}

/** Type of the backup that a run made, where that is known. */
function typeOf({ kind, type }: RunRecord): string {
	if (kind !== 'backup') return '';
	return type === 'full' || type === 'diff' || type === 'inc' ? typeName(type) : '';
}
