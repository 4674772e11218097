import { crontabMark, crontabMarks, unmarkedJob } from './cron.ts';

/** What a crontab starts for a schedule. */
export interface CrontabSchedule {
	/** Files of the program; none where the lines are of an earlier version. */
	readonly program: readonly string[];
}

/** The lines of a definition in a crontab; none where it has none. @param path where the person keeps the definition */
export function crontabLinesOf(crontab: string, path: string): readonly string[] {
	const { begin, end } = crontabMarks(path);
	const lines = crontab.split('\n');
	const first = lines.indexOf(begin);
	const last = lines.indexOf(end, first + 1);
	if (first >= 0) return last < 0 ? [] : lines.slice(first + 1, last);
	return lines.filter((line) => !line.startsWith('#') && line.includes(unmarkedJob(path)));
}

/**
 * What a crontab starts for a schedule of a definition; undefined where it does not run it. Lines of earlier versions do not
 * number their schedules: there one of the same type will do.
 * @param number of the schedule in its definition, from 1
 */
export function scheduleIn(crontab: string, path: string, number: number, type: string): CrontabSchedule | undefined {
	const lines = crontabLinesOf(crontab, path);
	const jobs = lines.filter((line) => !line.startsWith('#') && `${line} `.includes(` --type ${type} `));
	if (jobs.length === 0) return undefined;
	const mark = lines.find((line) => line.startsWith(crontabMark));
	if (mark === undefined) return { program: [] };
	const { program, schedules } = markOf(mark.slice(crontabMark.length));
	return schedules.includes(`${number}-${type}`) ? { program } : undefined;
}

function markOf(json: string): { readonly program: readonly string[]; readonly schedules: readonly string[] } {
	try {
		const { program, schedules } = JSON.parse(json) as Record<string, unknown>;
		return { program: textsOf(program), schedules: textsOf(schedules) };
	} catch {
		return { program: [], schedules: [] };
	}
}

function textsOf(value: unknown): readonly string[] {
	return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
