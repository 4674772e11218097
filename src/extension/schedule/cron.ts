import { weekdays, type BackupDefinition, type Schedule, type Timing } from '../../definition/model.ts';
import { allHold, dateTests } from './date-tests.ts';
import { enabledSchedules, identityOf, scheduledArguments, shellQuote, type Program } from './program.ts';
import { hourMinuteGroups, timesByRivals } from './times.ts';

/** The lines between which those of a definition stand in a crontab: it is known by them when they are replaced. */
export function crontabMarks(path: string): { readonly begin: string; readonly end: string } {
	return { begin: `# Afterimage ${identityOf(path)} begins`, end: `# Afterimage ${identityOf(path)} ends` };
}

/** What is in each line of the first version that runs a definition: these have no marks around them. */
export function unmarkedJob(path: string): string {
	return escape(` backup ${shellQuote(path)} --type `);
}

/** Begins the comment that tells which schedules the lines of a definition run, and what they start. */
export const crontabMark = '# X-Afterimage ';

/**
 * Lines for crontab(5), for a definition's schedules in force. GNU date is needed where tests of the day stand before a command.
 * @param path where the person keeps the definition
 * @param run what is run: that file, or root's copy of it
 */
export function crontabLines(definition: BackupDefinition, path: string, run: string, program: Program): string {
	const { schedules, timeZone } = definition.scheduling;
	const { begin, end } = crontabMarks(path);
	const lines = [begin, `# ${definition.name.replace(/\s+/g, ' ')}: ${path.replace(/\s+/g, ' ')}`];
	const known = enabledSchedules(schedules).filter(({ schedule }) => !isAtLogOn(schedule));
	const mark = {
		program: [program.runtime, program.script],
		schedules: known.map(({ number, schedule }) => `${number}-${schedule.backupType}`),
	};
	lines.push(`${crontabMark}${JSON.stringify(mark)}`);
	if (timeZone !== undefined) {
		lines.push(
			'# CRON_TZ is known to cronie and holds for all lines behind it; with other crons times are those of the computer.',
		);
		lines.push(`CRON_TZ=${timeZone}`);
	}
	for (const { schedule } of enabledSchedules(schedules)) {
		const { timing } = schedule;
		const words = [program.runtime, ...scheduledArguments(program, run, schedule.backupType)].map(shellQuote);
		const call = `${program.electron ? 'ELECTRON_RUN_AS_NODE=1 ' : ''}${words.join(' ')}`;
		if (timing.kind === 'event') {
			if (timing.trigger === 'startup') lines.push(`@reboot ${escape(call)}`);
			else lines.push(`# cron knows no log-on; the ${schedule.backupType} schedule at log-on needs systemd.`);
			continue;
		}
		const tests = dateTests(schedule).filter(beyondWeekdays(timing));
		for (const { times, first } of timesByRivals(schedule, schedules)) {
			const unless = first.map((other) => `! ${allHold(['true', ...dateTests(other)], timeZone)}`);
			const command = [...(tests.length > 0 ? [allHold(tests, timeZone)] : []), ...unless, call].join(' && ');
			for (const { hours, minutes } of hourMinuteGroups(times)) {
				lines.push(`${numbers(minutes)} ${numbers(hours)} * * ${weekdayField(timing)} ${escape(command)}`);
			}
		}
	}
	return `${[...lines, end].join('\n')}\n`;
}

function isAtLogOn({ timing }: Schedule): boolean {
	return timing.kind === 'event' && timing.trigger === 'log_on';
}

/** Weekdays stand in their own field; cron joins that field and the day of the month by "or", so the latter stays `*`. */
function weekdayField(timing: Timing): string {
	if (timing.kind !== 'weekly' && timing.kind !== 'intradaily') return '*';
	if (timing.days.length === weekdays.length) return '*';
	return weekdays.flatMap((day, index) => (timing.days.includes(day) ? [index + 1] : [])).join(',');
}

function beyondWeekdays(timing: Timing): (test: string) => boolean {
	const inField = timing.kind === 'weekly' || timing.kind === 'intradaily';
	return (test) => !inField || !test.startsWith('date +%u');
}

function numbers(texts: readonly string[]): string {
	return texts.map(Number).join(',');
}

/** A percent sign ends a command of a crontab unless it is escaped. */
function escape(command: string): string {
	return command.replaceAll('%', '\\%');
}
