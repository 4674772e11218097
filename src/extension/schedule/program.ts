import { createHash } from 'node:crypto';
import type { Schedule } from '../../definition/model.ts';

/** How a script, a timer or a task starts the command line. */
export interface Program {
	/** Node, or VS Code's own Electron. */
	readonly runtime: string;
	readonly electron: boolean;
	/** Path of `dist/afterimage.mjs`. */
	readonly script: string;
}

/** Arguments after the runtime that make a backup of a definition. */
export function backupArguments(program: Program, definition: string, type: string): readonly string[] {
	return [program.script, 'backup', definition, '--type', type];
}

/** What schedules add: runs to one folder wait for each other, and of those that are due at once the greatest is made. */
const scheduled = ['--wait', '24h'] as const;

/** Arguments after the runtime for a backup that a scheduler starts. */
export function scheduledArguments(program: Program, definition: string, type: string): readonly string[] {
	return [...backupArguments(program, definition, type), ...scheduled];
}

/** A word of a POSIX shell. */
export function shellQuote(text: string): string {
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Letters, digits and hyphens of a name, for file and unit names; never empty. */
export function slugOf(name: string): string {
	const slug = name
		.normalize('NFKD')
		.replace(/[^A-Za-z0-9]+/g, '-')
		.replace(/^-+|-+$/g, '')
		.toLowerCase();
	return slug === '' ? 'definition' : slug.slice(0, 60).replace(/-+$/, '');
}

/**
 * What tells the schedules of one definition from those of another in names of units and tasks: 8 hexadecimal digits. Two
 * definitions may have one name, or names of which no Latin letter is left; their files lie in different places.
 */
export function identityOf(path: string): string {
	return createHash('sha256').update(path).digest('hex').slice(0, 8);
}

/** What names of units, tasks and files that belong to a definition begin with. */
export function scheduledName(name: string, path: string): string {
	return `${slugOf(name)}-${identityOf(path)}`;
}

/** Schedules in force, with their numbers counted from 1 as people see them. */
export function enabledSchedules(schedules: readonly Schedule[]): readonly { number: number; schedule: Schedule }[] {
	return schedules
		.map((schedule, index) => ({ number: index + 1, schedule }))
		.filter(({ schedule }) => schedule.enable);
}
