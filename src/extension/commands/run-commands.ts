import * as vscode from 'vscode';
import { logUri } from '../documents/made-documents.ts';
import { commands, settings } from '../ids.ts';
import { accessTo } from '../runs/access-to.ts';
import type { Services } from '../services.ts';
import type { RunNode } from '../views/runs-tree.ts';
import { age, outcomeWord, progressText } from '../views/present.ts';
import type { Actions } from './register.ts';

/** Commands on runs. */
export function runCommands(services: Services) {
	const { files, output, passwords, trees, ui } = services;
	return {
		[commands.openLog]: (node?: RunNode) => openLog(services, node),
		[commands.cancelRun]: (node?: RunNode) => cancelRun(services, node),
		[commands.refreshRuns]: () => trees.runs.refresh(),
		[commands.showOutput]: () => output.show(),
		[commands.forgetPasswords]: async () => {
			const count = await passwords.forgetAll();
			(await files()).forget();
			const text =
				count === 0
					? vscode.l10n.t('No password was stored.')
					: count === 1
						? vscode.l10n.t('One stored password is forgotten.')
						: vscode.l10n.t('{0} stored passwords are forgotten.', count);
			void ui.tell('info', text);
		},
	} satisfies Actions;
}

async function openLog(services: Services, node: RunNode | undefined): Promise<void> {
	const chosen = node ?? (await chooseRun(services));
	if (chosen === undefined) return;
	const job = chosen.kind === 'job' ? services.jobs.get(chosen.id) : undefined;
	const path =
		chosen.kind === 'job' ? job?.result?.logPath : (chosen.kind === 'other' ? chosen.run : chosen.record).logPath;
	const access = path === undefined ? 'gone' : accessTo(path);
	if (path !== undefined && access === 'yes') {
		await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: true });
	} else if (job !== undefined) {
		await vscode.window.showTextDocument(logUri(services, job), { preview: true });
	} else if (path !== undefined && access === 'denied') {
		const text = vscode.l10n.t('Reading the log of this run needs administrator rights. It is in {0}', path);
		void services.ui.tell('warning', text);
	} else {
		void services.ui.tell('info', vscode.l10n.t('The log of this run is no longer there.'));
	}
}

async function chooseRun({ jobs, ui }: Services): Promise<RunNode | undefined> {
	const limit = vscode.workspace.getConfiguration('afterimage').get<number>(settings.historyLimit, 200);
	const running = jobs.running.map((job) => ({
		label: job.title,
		description: progressText(job.progress),
		node: { kind: 'job', id: job.id } as const,
	}));
	const ended = (await jobs.history(limit)).map((record) => ({
		label: record.title,
		description: `${outcomeWord(record.outcome)} · ${age(record.started, Date.now())}`,
		node: { kind: 'record', record } as const,
	}));
	const items = [...running, ...ended];
	if (items.length === 0) {
		void ui.tell('info', vscode.l10n.t('Nothing has run yet.'));
		return undefined;
	}
	return (await ui.pick(items, { title: vscode.l10n.t('Open the log of which run?') }))?.node;
}

async function cancelRun({ jobs, ui }: Services, node: RunNode | undefined): Promise<void> {
	if (node?.kind === 'job') return jobs.cancel(node.id);
	const { running } = jobs;
	if (running.length === 0) {
		void ui.tell('info', vscode.l10n.t('Nothing runs.'));
		return;
	}
	const items = running.map((job) => ({ label: job.title, description: progressText(job.progress), id: job.id }));
	const chosen = items.length === 1 ? items[0] : await ui.pick(items, { title: vscode.l10n.t('Cancel which run?') });
	if (chosen !== undefined) await jobs.cancel(chosen.id);
}
