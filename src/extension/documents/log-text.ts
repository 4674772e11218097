import type { JobInfo, JobLogLine } from '../../protocol/jobs.ts';
import { t } from '../l10n.ts';
import { progressText } from '../views/present.ts';

/** The log of a job as it stands: what it is, its lines, how far it has come or how it ended. */
export function logText(job: JobInfo, lines: readonly JobLogLine[]): string {
	const mark = { info: '', warning: `${t('Warning')}: `, error: `${t('Error')}: ` };
	const body = lines.map(({ time, level, text }) => `${clock(time)}  ${mark[level]}${text}`);
	const head = [job.title, t('Started {0}', new Date(job.started).toLocaleString()), ''];
	const tail =
		job.result === undefined
			? ['', `${t('Running')}: ${progressText(job.progress)}`]
			: ['', `${new Date(job.result.ended).toLocaleString()}  ${job.result.summary}`];
	if (job.result?.error?.advice !== undefined) tail.push(job.result.error.advice);
	return `${[...head, ...body, ...tail].join('\n')}\n`;
}

function clock(time: string): string {
	return new Date(time).toLocaleTimeString();
}
