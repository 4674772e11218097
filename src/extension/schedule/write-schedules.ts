import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { BackupDefinition } from '../../definition/model.ts';
import { crontabLines } from './cron.ts';
import { crontabCommand, schtasksCommand } from './install-command.ts';
import type { InstalledUnit } from './installed-units.ts';
import { networkDestination } from './network-destination.ts';
import { scheduledName, shellQuote, type Program } from './program.ts';
import { copyProgram, placeProgram, type PlacedProgram } from './program-copy.ts';
import { rootDefinition } from './root-definition.ts';
import { rootCrontabScript, rootProgramFolder, rootTimersScript } from './root-script.ts';
import { digestOf, systemdUnits, type Scheduled, type UnitScope } from './systemd.ts';
import { windowsTasks } from './task-scheduler.ts';

export type SchedulerKind = 'systemd-user' | 'systemd-system' | 'cron' | 'windows';

/** What is to be scheduled on this computer. */
export interface ScheduleRequest {
	readonly definition: BackupDefinition;
	/** Where the definition is kept. */
	readonly path: string;
	/** The extension's own. */
	readonly program: Program;
	/** Of the extension. */
	readonly version: string;
	/** Whether it reads disks. */
	readonly needsRoot: boolean;
}

/** Files for a scheduler, and the command that puts them in force there; undefined where they are for people to place. */
export interface WrittenSchedules {
	readonly files: readonly string[];
	readonly command: string | undefined;
}

/** Folder of the copies of the program that schedules of this user start. */
export function userProgramFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
	if (process.platform === 'win32') {
		return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Afterimage', 'program');
	}
	const data = env['XDG_DATA_HOME'];
	return join(data?.startsWith('/') === true ? data : join(homedir(), '.local', 'share'), 'afterimage', 'program');
}

/** What units of systemd are made of, and the copy of the program that they start. */
export async function scheduledBy(
	{ definition, path, program, version }: ScheduleRequest,
	scope: UnitScope,
): Promise<{ scheduled: Scheduled; placed: PlacedProgram }> {
	const root = scope === 'system';
	const placed = await placeProgram(program, root ? rootProgramFolder : userProgramFolder(), version);
	const run = root ? rootDefinition(definition.name, path) : path;
	const digest = digestOf(await readFile(path));
	return { scheduled: { definition, path, run, digest, program: placed.program, now: Date.now() }, placed };
}

/**
 * Writes what a scheduler takes into a folder.
 * @param removed units that go when those that are written are put in force
 */
export async function writeSchedules(
	kind: SchedulerKind,
	folder: string,
	request: ScheduleRequest,
	removed: readonly InstalledUnit[] = [],
): Promise<WrittenSchedules> {
	const { definition, path, needsRoot } = request;
	const base = scheduledName(definition.name, path);
	const write = async (files: readonly { readonly name: string; readonly text: string | Buffer }[]) => {
		await mkdir(folder, { recursive: true });
		for (const { name, text } of files) {
			await writeFile(join(folder, name), text);
			await chmod(join(folder, name), 0o644);
		}
		return files.map(({ name }) => join(folder, name));
	};
	switch (kind) {
		case 'systemd-user': {
			const { scheduled, placed } = await scheduledBy(request, 'user');
			await copyProgram(placed);
			return { files: await write(systemdUnits(scheduled, 'user')), command: undefined };
		}
		case 'systemd-system': {
			const { scheduled, placed } = await scheduledBy(request, 'system');
			const units = systemdUnits(scheduled, 'system');
			const script = {
				name: `install-${base}.sh`,
				text: rootTimersScript({ ...named(scheduled), placed }, units, removed),
			};
			return { files: await write([script, ...units]), command: `sudo sh ${shellQuote(join(folder, script.name))}` };
		}
		case 'cron': {
			const { scheduled, placed } = await scheduledBy(request, needsRoot ? 'system' : 'user');
			const { timeZone } = definition.scheduling;
			const name = `afterimage-${base}.crontab`;
			const lines = { name, text: crontabLines(definition, path, scheduled.run, scheduled.program) };
			if (!needsRoot) {
				await copyProgram(placed);
				return { files: await write([lines]), command: crontabCommand(path, join(folder, name), timeZone) };
			}
			const script = {
				name: `install-${base}.sh`,
				text: rootCrontabScript({ ...named(scheduled), placed }, name, timeZone),
			};
			return { files: await write([script, lines]), command: `sudo sh ${shellQuote(join(folder, script.name))}` };
		}
		case 'windows': {
			const domain = process.env['USERDOMAIN'];
			const user = domain === undefined ? userInfo().username : `${domain}\\${userInfo().username}`;
			const placed = await placeProgram(request.program, userProgramFolder(), request.version);
			await copyProgram(placed);
			// UTF-16 with a byte order mark, as `schtasks /create /xml` takes it.
			const logon = networkDestination(definition) === undefined ? 'S4U' : 'Password';
			const tasks = windowsTasks(definition, path, placed.program, user, logon).map(({ name, text }) => ({
				name,
				text: Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n')}`, 'utf16le'),
			}));
			const files = await write(tasks);
			return { files, command: schtasksCommand(path, files, logon === 'Password' ? user : undefined) };
		}
	}
}

function named({ definition, path, run }: Scheduled): { name: string; path: string; run: string } {
	return { name: definition.name, path, run };
}
