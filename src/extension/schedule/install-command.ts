import { win32 } from 'node:path';
import { crontabMarks, unmarkedJob } from './cron.ts';
import type { InstalledUnit } from './installed-units.ts';
import { identityOf, shellQuote } from './program.ts';
import { rootDefinitionPattern } from './root-definition.ts';

/** The line that puts a definition's lines into the crontab of the user, in place of those that it had. @param file undefined to take them out */
export function crontabCommand(path: string, file: string | undefined, zone: string | undefined): string {
	const { begin, end } = crontabMarks(path);
	const earlier = `{ grep -vF ${shellQuote(unmarkedJob(path))} || true; }`;
	const others = `{ crontab -l 2> /dev/null || true; } | sed '/^${begin}$/,/^${end}$/d' | ${earlier}`;
	if (file === undefined) return `${others} | crontab -`;
	// CRON_TZ holds for all that comes behind it.
	const parts = zone === undefined ? [`cat ${shellQuote(file)}`, others] : [others, `cat ${shellQuote(file)}`];
	return `{ ${parts.join('; ')}; } | crontab -`;
}

/** The line that takes units of the system out of force, with root's copies of their definitions. */
export function removeUnitsCommand(units: readonly InstalledUnit[]): string {
	const timers = units.map(({ name }) => `${name}.timer`).join(' ');
	const files = units.map(({ name }) => `/etc/systemd/system/${name}.timer /etc/systemd/system/${name}.service`);
	const copies = new Set(units.flatMap(({ definition }) => definition ?? []).map(rootDefinitionPattern));
	return [
		`sudo systemctl disable --now ${timers}`,
		`sudo systemctl clean --what=state ${timers}`,
		`sudo sh -c 'rm -f ${[...files, ...copies].join(' ')}'`,
		'sudo systemctl daemon-reload',
	].join('; ');
}

/**
 * The lines, for PowerShell and cmd, that register tasks of a definition in place of those that it had.
 * @param tasks paths of XML files
 * @param account whose password is asked for, to be stored with them; undefined where they need none
 */
export function schtasksCommand(path: string, tasks: readonly string[], account: string | undefined): string {
	const asked = account === undefined ? '' : ` /ru "${account}" /rp *`;
	const create = tasks.map(
		(file) => `schtasks /create /f /tn "${win32.basename(file, '.xml')}" /xml "${file}"${asked}`,
	);
	return [removeTasksCommand(path), ...create].join('\r\n');
}

/** The line that takes the tasks of a definition away, by the mark that their names bear. */
export function removeTasksCommand(path: string): string {
	const which = `Get-ScheduledTask -TaskName 'Afterimage * ${identityOf(path)} *' -ErrorAction SilentlyContinue`;
	return `powershell -NoProfile -Command "${which} | Unregister-ScheduledTask -Confirm:0"`;
}
