import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AfterimageError } from '../../base/errors.ts';
import type { BackupDefinition } from '../../definition/model.ts';
import { crontabLines } from './cron.ts';
import { slugOf, type Program } from './program.ts';
import { systemdUnits, type UnitFile } from './systemd.ts';
import { windowsTasks } from './task-scheduler.ts';

const run = promisify(execFile);

export type SchedulerKind = 'systemd-user' | 'systemd-system' | 'cron' | 'windows';

/** Writes what a scheduler takes into a folder; gives the paths. */
export async function writeSchedules(
	kind: SchedulerKind,
	folder: string,
	definition: BackupDefinition,
	path: string,
	program: Program,
): Promise<readonly string[]> {
	const files = filesFor(kind, definition, path, program);
	await mkdir(folder, { recursive: true });
	for (const { name, data } of files) {
		await writeFile(join(folder, name), data);
		await chmod(join(folder, name), 0o644);
	}
	return files.map(({ name }) => join(folder, name));
}

function filesFor(
	kind: SchedulerKind,
	definition: BackupDefinition,
	path: string,
	program: Program,
): readonly { name: string; data: string | Buffer }[] {
	switch (kind) {
		case 'systemd-user':
		case 'systemd-system': {
			const scope = kind === 'systemd-user' ? 'user' : 'system';
			return systemdUnits(definition, path, program, scope).map(({ name, text }) => ({ name, data: text }));
		}
		case 'cron':
			return [{ name: `afterimage-${slugOf(definition.name)}.crontab`, data: crontabLines(definition, path, program) }];
		case 'windows': {
			const domain = process.env['USERDOMAIN'];
			const user = domain === undefined ? userInfo().username : `${domain}\\${userInfo().username}`;
			// UTF-16 with a byte order mark, as `schtasks /create /xml` takes it.
			return windowsTasks(definition, path, program, user).map(({ name, text }) => ({
				name,
				data: Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n')}`, 'utf16le'),
			}));
		}
	}
}

/** Where a user's own units stand (systemd.unit(5)). */
function userUnitFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
	return join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'systemd', 'user');
}

/** Whether the user's own manager of systemd answers. */
export async function hasUserSystemd(): Promise<boolean> {
	if (process.platform !== 'linux') return false;
	try {
		await run('systemctl', ['--user', 'show-environment']);
		return true;
	} catch {
		return false;
	}
}

/**
 * Puts the timers of a definition in force for the user, in place of those it had before.
 * @throws AfterimageError `failed` with what systemctl said
 */
export async function installUserTimers(
	definition: BackupDefinition,
	path: string,
	program: Program,
): Promise<readonly string[]> {
	const written = await writeSchedules('systemd-user', userUnitFolder(), definition, path, program);
	const timers = systemdUnits(definition, path, program, 'user').filter(isTimer);
	try {
		await run('systemctl', ['--user', 'daemon-reload']);
		if (timers.length > 0) await run('systemctl', ['--user', 'enable', '--now', ...timers.map(({ name }) => name)]);
	} catch (error) {
		throw new AfterimageError('failed', `systemctl --user: ${error instanceof Error ? error.message : String(error)}`, {
			advice: `The units are in ${userUnitFolder()}; enable them by hand`,
			cause: error,
		});
	}
	return written;
}

function isTimer({ name }: UnitFile): boolean {
	return name.endsWith('.timer');
}
