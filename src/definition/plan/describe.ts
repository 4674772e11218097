import { weekdays, type BackupDefinition, type Retention, type Schedule, type Weekday } from '../model.ts';
import type { BackupType } from '../retention/types.ts';

/** Plans in words, as the summary of a definition shows them. */

const typeNames: Record<BackupType, string> = { full: 'Full', diff: 'Differential', inc: 'Incremental' };

export function describeType(type: BackupType): string {
	return typeNames[type];
}

/** `First Monday of the month at 09:00`, `Every 15 minutes from 09:00 to 17:00, Monday to Friday`. */
export function describeTiming({ timing }: Schedule): string {
	switch (timing.kind) {
		case 'once':
			return `Once on ${timing.date} at ${timing.time}`;
		case 'daily':
			return timing.interval === 1 ? `Every day at ${timing.time}` : `Every ${timing.interval} days at ${timing.time}`;
		case 'weekly': {
			const days = describeDays(timing.days);
			return timing.interval === 1
				? `${days} at ${timing.time}`
				: `${days} of every ${ordinal(timing.interval)} week at ${timing.time}`;
		}
		case 'monthly': {
			const day = timing.day === 'last' ? 'Last day' : `Day ${timing.day}`;
			return `${day} of ${months(timing.interval)} at ${timing.time}`;
		}
		case 'monthly_weekday':
			return `${capital(timing.week)} ${capital(timing.weekday)} of ${months(timing.interval)} at ${timing.time}`;
		case 'intradaily': {
			const every = timing.minutes === 1 ? 'Every minute' : `Every ${timing.minutes} minutes`;
			return `${every} from ${timing.from} to ${timing.until}, ${describeDays(timing.days)}`;
		}
		case 'event':
			return timing.trigger === 'startup' ? 'When the computer starts' : 'When somebody logs on';
	}
}

/** `Retain 12 full images`, `Retain differential images of 4 weeks`. */
export function describeRetention(rule: Retention | undefined, type: BackupType): string {
	if (rule?.enable !== true) return 'Retain all';
	const name = typeNames[type].toLowerCase();
	const plural = rule.interval === 1 ? '' : 's';
	if (rule.period === 'count') return `Retain ${rule.interval} ${name} image${plural}`;
	return `Retain ${name} images of ${rule.interval} ${rule.period.slice(0, -1)}${plural}`;
}

/** The lines of the retention part of the summary, as the seed's last page has them. */
export function describeSpaceManagement(definition: BackupDefinition): string[] {
	const space = definition.diskSpaceManagement;
	const scope = space.applyToAllSetsInFolder ? 'all' : 'all matching';
	const lines = [`Rules will be applied to ${scope} backup sets in the destination folder`];
	const rule = (label: string, retention: Retention | undefined, type: BackupType, linked: string): void => {
		lines.push(`${label}: ${describeRetention(retention, type)}`);
		if (retention?.enable === true) lines.push(`  ${linked}`);
	};
	rule('Full', space.fullRetention, 'full', 'Linked incremental and differential images will also be deleted');
	rule('Differential', space.differentialRetention, 'diff', 'Linked incremental images will also be deleted');
	rule('Incremental', space.incrementalRetention, 'inc', 'The oldest incremental images may be consolidated');
	if (space.incrementalsForever) lines.push('A synthetic full will be created if possible');
	lines.push(`Purge will be run ${space.runBefore ? 'before' : 'after'} the image.`);
	if (space.lowSpacePurge) {
		const threshold = space.lowSpaceGbThreshold.toFixed(2);
		lines.push(`Free space threshold: Delete oldest backup sets when free space is less than ${threshold} GB`);
	}
	return lines;
}

function describeDays(days: readonly Weekday[]): string {
	const sorted = weekdays.filter((day) => days.includes(day));
	if (sorted.length === 7) return 'every day';
	const first = weekdays.indexOf(sorted[0]!);
	const run = sorted.every((day, index) => weekdays[first + index] === day);
	if (run && sorted.length > 2) return `${capital(sorted[0]!)} to ${capital(sorted.at(-1)!)}`;
	const names = sorted.map(capital);
	return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function months(interval: number): string {
	return interval === 1 ? 'the month' : `every ${ordinal(interval)} month`;
}

function ordinal(number: number): string {
	const last = number % 10;
	const teen = number % 100 >= 11 && number % 100 <= 13;
	return `${number}${teen ? 'th' : last === 1 ? 'st' : last === 2 ? 'nd' : last === 3 ? 'rd' : 'th'}`;
}

function capital(word: string): string {
	return word.charAt(0).toUpperCase() + word.slice(1);
}
