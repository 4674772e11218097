import type { JobInfo, JobLogLine } from '../../protocol/jobs.ts';
import { dateAndTime, t, timeOfDay } from '../l10n.ts';
import { progressText } from '../views/present.ts';

/** The log of a job as it stands: what it is, its lines, how far it has come or how it ended. */
export function logText(job: JobInfo, lines: readonly JobLogLine[]): string {
	const mark = { info: '', warning: `${t('Warning')}: `, error: `${t('Error')}: ` };
	const body = lines.map(({ time, level, text }) => `${timeOfDay(time)}  ${mark[level]}${text}`);
	const head = [job.title, t('Started {0}', dateAndTime(job.started)), ''];
	const tail =
		job.result === undefined
			? ['', `${t('Running')}: ${progressText(job.progress)}`]
			: ['', `${timeOfDay(job.result.ended)}  ${job.result.summary}`];
	if (job.result?.error?.advice !== undefined) tail.push(job.result.error.advice);
	return `${[...head, ...body, ...tail].join('\n')}\n`;
}
