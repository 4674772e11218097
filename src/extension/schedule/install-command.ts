import { basename, win32 } from 'node:path';
import { shellQuote } from './program.ts';

/**
 * The command that puts written units in force on this computer: copied to where systemd looks for them (systemd.unit(5)),
 * then their timers enabled by name, since `systemctl enable` takes no patterns of units that are not loaded.
 * @param units paths of timers and services
 */
export function systemdCommand(scope: 'user' | 'system', units: readonly string[]): string {
	const timers = units.map((path) => basename(path)).filter((name) => name.endsWith('.timer'));
	const [sudo, systemctl, folder] =
		scope === 'system'
			? ['sudo ', 'sudo systemctl', '/etc/systemd/system']
			: ['', 'systemctl --user', '"${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user"'];
	return [
		`${sudo}install -D -m 644 -t ${folder} ${units.map(shellQuote).join(' ')}`,
		`${systemctl} daemon-reload`,
		`${systemctl} enable --now ${timers.map(shellQuote).join(' ')}`,
	].join(' && ');
}

/** The lines that register written tasks with the Task Scheduler, for PowerShell and cmd. @param tasks paths of XML files */
export function schtasksCommand(tasks: readonly string[]): string {
	return tasks.map((path) => `schtasks /create /tn "${win32.basename(path, '.xml')}" /xml "${path}"`).join('\r\n');
}
