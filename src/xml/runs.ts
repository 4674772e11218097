import { dateAndTimeForm } from '../base/date-text.ts';
import type { Translate } from '../base/l10n.ts';
import { nextRuns, type Run } from '../definition/plan/next-runs.ts';
import type { BackupType } from '../definition/retention/types.ts';
import { elementsOf, type XmlElement } from '../definition/xml/tree.ts';
import type { DefinitionText } from './document.ts';
import type { Surroundings } from './file-name.ts';

/** A type of backup behind a time. */
export function typeWord(type: BackupType, t: Translate): string {
	return { full: t('full'), diff: t('differential'), inc: t('incremental') }[type];
}

/**
 * The next runs of a definition, or of one `schedule` element alone; empty while what stands there is not valid, since a
 * plan made of defaults would be a lie.
 */
export function nextRunsOf(
	document: DefinitionText,
	element: XmlElement,
	count: number,
	{ now, zone }: Surroundings,
): Run[] {
	const scheduling = element.local === 'schedule' ? element.parent : childNamed(element, 'scheduling');
	if (scheduling === undefined || !document.isSound(element.local === 'schedule' ? element : scheduling)) return [];
	const all = document.read.definition.scheduling;
	const schedule = element.local === 'schedule' ? document.scheduleOf(element) : undefined;
	const schedules = schedule === undefined ? all.schedules : [schedule];
	try {
		return nextRuns({ scheduling: { ...all, schedules } }, now.getTime(), count, zone);
	} catch {
		return []; // a time zone that this system does not know; the diagnostics say so
	}
}

/** `Mon 09:00` within a week, with the day of the month after that, in the zone of the definition. */
export function shortTime(time: number, document: DefinitionText, { now, zone, locale }: Surroundings): string {
	const near = time - now.getTime() < 6 * 86_400_000;
	return format(time, document.read.definition.scheduling.timeZone ?? zone, locale, {
		weekday: 'short',
		...(near ? {} : { day: 'numeric', month: 'short' }),
		hour: '2-digit',
		minute: '2-digit',
		hourCycle: 'h23',
	});
}

export function longTime(time: number, document: DefinitionText, { zone, locale }: Surroundings): string {
	return format(time, document.read.definition.scheduling.timeZone ?? zone, locale, dateAndTimeForm);
}

export function childNamed(element: XmlElement, name: string): XmlElement | undefined {
	return elementsOf(element).find(({ local }) => local === name);
}

function format(
	time: number,
	timeZone: string,
	locale: string | undefined,
	options: Intl.DateTimeFormatOptions,
): string {
	try {
		return new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(time);
	} catch {
		return new Intl.DateTimeFormat(undefined, options).format(time); // a zone or locale that is not known here
	}
}
