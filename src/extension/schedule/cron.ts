import { weekdays, type BackupDefinition, type Timing } from '../../definition/model.ts';
import { dateTests } from './date-tests.ts';
import { backupArguments, enabledSchedules, shellQuote, type Program } from './program.ts';
import { hourMinuteGroups, outranking, timesOfDay } from './times.ts';

/** Lines for crontab(5), for a definition's schedules in force. GNU date is needed where tests of the day stand before a command. */
export function crontabLines(definition: BackupDefinition, path: string, program: Program): string {
	const { schedules, timeZone } = definition.scheduling;
	const lines = [`# Afterimage: ${definition.name.replace(/\s+/g, ' ')}`];
	if (timeZone !== undefined) {
		lines.push('# CRON_TZ is known to cronie; with other crons the times are those of the computer.');
		lines.push(`CRON_TZ=${timeZone}`);
	}
	for (const { schedule } of enabledSchedules(schedules)) {
		const { timing } = schedule;
		const words = [program.runtime, ...backupArguments(program, path, schedule.backupType)].map(shellQuote);
		const run = `${program.electron ? 'ELECTRON_RUN_AS_NODE=1 ' : ''}${words.join(' ')}`;
		if (timing.kind === 'event') {
			if (timing.trigger === 'startup') lines.push(`@reboot ${escape(run)}`);
			else lines.push(`# cron knows no log-on; the ${schedule.backupType} schedule at log-on needs systemd.`);
			continue;
		}
		const unless = outranking(schedule, schedules).map(
			(other) => `! { ${['true', ...dateTests(other)].join(' && ')}; }`,
		);
		const command = [...dateTests(schedule).filter(beyondWeekdays(timing)), ...unless, run].join(' && ');
		for (const { hours, minutes } of hourMinuteGroups(timesOfDay(timing))) {
			lines.push(`${numbers(minutes)} ${numbers(hours)} * * ${weekdayField(timing)} ${escape(command)}`);
		}
	}
	return `${lines.join('\n')}\n`;
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
