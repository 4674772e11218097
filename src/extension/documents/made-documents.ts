import * as vscode from 'vscode';
import type { JobInfo } from '../../protocol/jobs.ts';
import type { Services } from '../services.ts';

/** Pause between two refreshes of an open log, in milliseconds. */
const logPause = 250;

/** Says how comparisons and the logs of jobs are made, and keeps open logs fresh. */
export function registerMadeDocuments(services: Services): vscode.Disposable {
	const { documents, engines, jobs } = services;
	documents.register('compare', async (path) => {
		const info = await (await engines.get('user')).request('image/compare', { file: path });
		return (await import('./compare-text.ts')).compareText(info);
	});
	documents.register('log', async (id) => {
		const job = jobs.get(id);
		if (job === undefined) return vscode.l10n.t('This run has ended; its log is in the view Runs.');
		const { logText } = await import('./log-text.ts');
		return logText(job, jobs.log(id));
	});
	return keepLogsFresh(services);
}

/** Address of the log of a job of this window. */
export function logUri({ documents }: Pick<Services, 'documents'>, job: JobInfo): vscode.Uri {
	return documents.uri('log', job.id, `${job.title.replace(/[\\/]/g, '-')}.log`);
}

/** Open logs follow their jobs, at a pace that an editor bears. */
function keepLogsFresh(services: Services): vscode.Disposable {
	const { documents, jobs } = services;
	const waiting = new Map<string, NodeJS.Timeout>();
	const soon = (id: string) => {
		const job = jobs.get(id);
		if (job === undefined || waiting.has(id)) return;
		const uri = logUri(services, job);
		const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
		if (!isOpen) return;
		waiting.set(
			id,
			setTimeout(() => {
				waiting.delete(id);
				documents.changed(uri);
			}, logPause),
		);
	};
	return vscode.Disposable.from(
		jobs.onLogged(({ id }) => soon(id)),
		jobs.onChanged(({ id }) => soon(id)),
		new vscode.Disposable(() => {
			for (const timer of waiting.values()) clearTimeout(timer);
		}),
	);
}
