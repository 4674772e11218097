import type { Translate } from '../../base/l10n.ts';
import {
	weekdays,
	type BackupDefinition,
	type Retention,
	type Schedule,
	type Weekday,
	type WeekOfMonth,
} from '../model.ts';
import type { BackupType } from '../retention/types.ts';

/** Plans in words, as trees, pages and the outline show them, in the language that `t` speaks. */

export function describeType(type: BackupType, t: Translate): string {
	return { full: t('Full'), diff: t('Differential'), inc: t('Incremental') }[type];
}

/** `First Monday of the month at 09:00`, `Every 15 minutes from 09:00 to 17:00, Monday to Friday`. */
export function describeTiming({ timing }: Schedule, t: Translate): string {
	switch (timing.kind) {
		case 'once':
			return t('Once on {0} at {1}', timing.date, timing.time);
		case 'daily':
			return timing.interval === 1
				? t('Every day at {0}', timing.time)
				: t('Every {0} days at {1}', timing.interval, timing.time);
		case 'weekly': {
			const days = describeDays(timing.days, t);
			return timing.interval === 1
				? t('{0} at {1}', days, timing.time)
				: t('{0} of every {1} week at {2}', days, ordinal(timing.interval, t), timing.time);
		}
		case 'monthly': {
			const day = timing.day === 'last' ? t('Last day') : t('Day {0}', timing.day);
			return ofTheMonth(day, timing, t);
		}
		case 'monthly_weekday':
			return ofTheMonth(describeWeek(timing.week, timing.weekday, t), timing, t);
		case 'intradaily': {
			const { minutes, from, until } = timing;
			const days = describeDays(timing.days, t);
			return minutes === 1
				? t('Every minute from {0} to {1}, {2}', from, until, days)
				: t('Every {0} minutes from {1} to {2}, {3}', minutes, from, until, days);
		}
		case 'event':
			return timing.trigger === 'startup' ? t('When the computer starts') : t('When somebody logs on');
	}
}

/** `Retain 12 full images`, `Retain differential images of 4 weeks`. */
export function describeRetention(rule: Retention | undefined, type: BackupType, t: Translate): string {
	if (rule?.enable !== true) return t('Retain all');
	const { interval, period } = rule;
	if (period === 'count') return t('Retain {0} {1}', interval, images(type, interval === 1, t));
	const all = images(type, false, t);
	switch (period) {
		case 'days':
			return interval === 1 ? t('Retain {0} of 1 day', all) : t('Retain {0} of {1} days', all, interval);
		case 'weeks':
			return interval === 1 ? t('Retain {0} of 1 week', all) : t('Retain {0} of {1} weeks', all, interval);
		case 'months':
			return interval === 1 ? t('Retain {0} of 1 month', all) : t('Retain {0} of {1} months', all, interval);
	}
}

/**
 * The lines of the retention part of the summary, as the seed's last page has them; what belongs to the line before it
 * is indented.
 * @param decimals a number with two decimals, in the language of the user
 */
export function describeSpaceManagement(
	definition: BackupDefinition,
	t: Translate,
	decimals = (value: number) => value.toFixed(2),
): string[] {
	const space = definition.diskSpaceManagement;
	const lines = [
		space.applyToAllSetsInFolder
			? t('Rules will be applied to all backup sets in the destination folder')
			: t('Rules will be applied to all matching backup sets in the destination folder'),
	];
	const rule = (retention: Retention | undefined, type: BackupType, linked: string): void => {
		lines.push(`${describeType(type, t)}: ${describeRetention(retention, type, t)}`);
		if (retention?.enable === true) lines.push(`  ${linked}`);
	};
	rule(space.fullRetention, 'full', t('Linked incremental and differential images will also be deleted'));
	rule(space.differentialRetention, 'diff', t('Linked incremental images will also be deleted'));
	rule(space.incrementalRetention, 'inc', t('The oldest incremental images may be consolidated'));
	if (space.incrementalsForever) lines.push(t('A synthetic full will be created if possible'));
	lines.push(space.runBefore ? t('Purge will be run before the image.') : t('Purge will be run after the image.'));
	if (space.lowSpacePurge) {
		lines.push(
			t(
				'Free space threshold: Delete oldest backup sets when free space is less than {0} GB',
				decimals(space.lowSpaceGbThreshold),
			),
		);
	}
	return lines;
}

export function describeWeekday(day: Weekday, t: Translate): string {
	return {
		monday: t('Monday'),
		tuesday: t('Tuesday'),
		wednesday: t('Wednesday'),
		thursday: t('Thursday'),
		friday: t('Friday'),
		saturday: t('Saturday'),
		sunday: t('Sunday'),
	}[day];
}

/** `First Monday`. */
function describeWeek(week: WeekOfMonth, weekday: Weekday, t: Translate): string {
	const day = describeWeekday(weekday, t);
	return {
		first: t('First {0}', day),
		second: t('Second {0}', day),
		third: t('Third {0}', day),
		fourth: t('Fourth {0}', day),
		last: t('Last {0}', day),
	}[week];
}

function describeDays(days: readonly Weekday[], t: Translate): string {
	const sorted = weekdays.filter((day) => days.includes(day));
	if (sorted.length === 7) return t('every day');
	const names = sorted.map((day) => describeWeekday(day, t));
	const first = weekdays.indexOf(sorted[0]!);
	const run = sorted.every((day, index) => weekdays[first + index] === day);
	if (run && sorted.length > 2) return t('{0} to {1}', names[0]!, names.at(-1)!);
	return names.length === 1 ? names[0]! : t('{0} and {1}', names.slice(0, -1).join(', '), names.at(-1)!);
}

function ofTheMonth(day: string, timing: { readonly interval: number; readonly time: string }, t: Translate): string {
	return timing.interval === 1
		? t('{0} of the month at {1}', day, timing.time)
		: t('{0} of every {1} month at {2}', day, ordinal(timing.interval, t), timing.time);
}

function images(type: BackupType, one: boolean, t: Translate): string {
	switch (type) {
		case 'full':
			return one ? t('full image') : t('full images');
		case 'diff':
			return one ? t('differential image') : t('differential images');
		case 'inc':
			return one ? t('incremental image') : t('incremental images');
	}
}

function ordinal(number: number, t: Translate): string {
	const last = number % 10;
	const teen = number % 100 >= 11 && number % 100 <= 13;
	if (!teen && last === 1) return t('{0}st', number);
	if (!teen && last === 2) return t('{0}nd', number);
	if (!teen && last === 3) return t('{0}rd', number);
	return t('{0}th', number);
}
