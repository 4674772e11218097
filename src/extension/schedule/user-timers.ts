import { execFile } from 'node:child_process';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AfterimageError } from '../../base/errors.ts';
import { isForStart, type UnitFile } from './systemd.ts';

const run = promisify(execFile);

/** Where a user's own units stand (systemd.unit(5)). */
export function userUnitFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
	const config = env['XDG_CONFIG_HOME'];
	return join(config?.startsWith('/') === true ? config : join(homedir(), '.config'), 'systemd', 'user');
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

/** The crontab of the user; empty where there is none. */
export async function userCrontab(): Promise<string> {
	return run('crontab', ['-l']).then(
		({ stdout }) => stdout,
		() => '',
	);
}

/**
 * Puts timers in force for the user and takes others away. Those that wait for a start run from the next one on.
 * @param removed names of units, without extensions
 * @throws AfterimageError `failed` with what systemctl said
 */
export async function changeUserTimers(units: readonly UnitFile[], removed: readonly string[]): Promise<void> {
	const folder = userUnitFolder();
	const timers = units.filter(({ name }) => name.endsWith('.timer'));
	const names = (which: readonly UnitFile[]) => which.map(({ name }) => name);
	for (const name of removed) {
		const timer = `${name}.timer`;
		// What is not loaded, or has no time of its last run, is no obstacle: its files go in any case.
		await systemctl(['disable', '--now', timer]).catch(() => undefined);
		await systemctl(['clean', '--what=state', timer]).catch(() => undefined);
		for (const extension of ['timer', 'service']) await rm(join(folder, `${name}.${extension}`), { force: true });
	}
	await mkdir(folder, { recursive: true });
	for (const { name, text } of units) {
		await writeFile(join(folder, name), text);
		await chmod(join(folder, name), 0o644);
	}
	await systemctl(['daemon-reload']);
	if (timers.length === 0) return;
	await systemctl(['enable', ...names(timers)]);
	const started = names(timers.filter((timer) => !isForStart(timer)));
	if (started.length > 0) await systemctl(['start', ...started]);
}

async function systemctl(args: readonly string[]): Promise<void> {
	try {
		await run('systemctl', ['--user', ...args]);
	} catch (error) {
		const said = (error as { stderr?: string }).stderr?.trim() ?? '';
		const reason = said === '' ? (error as Error).message : said;
		throw new AfterimageError('failed', `systemctl --user ${args.join(' ')}: ${reason}`, {
			advice: `The units are in ${userUnitFolder()}; enable them by hand`,
			cause: error,
		});
	}
}
