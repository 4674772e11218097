import { readFileSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { AfterimageError } from '../../../base/errors.ts';
import { object, optional, text } from '../../../protocol/check.ts';
import type { PlaceFacts } from '../../history/runs-place.ts';
import { openFailure } from '../../ports/system-errors.ts';
import type { PermissionPort } from '../run-ports.ts';

/** How mail leaves this machine: kept in a file of the user, since definitions hold no passwords. */
export interface MailSettings {
	/** `smtp://host:port` or `smtps://host:port`. */
	readonly server?: string;
	/** Address that mail comes from. */
	readonly sender?: string;
	readonly user?: string;
	readonly password?: string;
}

const check = object({
	server: optional(text(300)),
	sender: optional(text(300)),
	user: optional(text(300)),
	password: optional(text(1000)),
});

/**
 * Where the settings for mail are: `$XDG_CONFIG_HOME/afterimage/mail.json` (`~/.config` without it) of the user, or of the
 * user who gained administrator rights; `/etc/afterimage/mail.json` for root itself; `%APPDATA%\Afterimage\mail.json` on
 * Windows. `AFTERIMAGE_CONFIG` names another folder.
 */
export function mailSettingsPath({ platform, env, uid, home, invoker }: PlaceFacts): string {
	const told = env['AFTERIMAGE_CONFIG'];
	if (told !== undefined && told !== '') return posix.join(told, 'mail.json');
	if (platform === 'win32') {
		return win32.join(env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming'), 'Afterimage', 'mail.json');
	}
	if (invoker !== undefined) return posix.join(invoker.home, '.config', 'afterimage', 'mail.json');
	if (uid === 0) return '/etc/afterimage/mail.json';
	const config = env['XDG_CONFIG_HOME'];
	const folder = config?.startsWith('/') === true ? config : posix.join(home, '.config');
	return posix.join(folder, 'afterimage', 'mail.json');
}

/**
 * Reads the settings; none when there is no file.
 * @throws AfterimageError `permission-denied` when others may read or write it, `invalid-argument` when it is not as it should be
 */
export function readMailSettings(path: string, permissions: PermissionPort): MailSettings {
	let content: string;
	try {
		// Before it is read: whoever could write it until then might put one of the user's in its place in between.
		const objection = permissions.readableByOthers(path) ?? permissions.writableByOthers(path);
		if (objection !== undefined) {
			throw new AfterimageError('permission-denied', `The settings for mail may be used by others: ${objection}`, {
				advice: `chmod 600 ${path}`,
				details: { path },
			});
		}
		content = readFileSync(path, 'utf8');
	} catch (error) {
		const failure = openFailure(error, path, 'source-missing');
		if (failure.code === 'source-missing') return {};
		throw failure;
	}
	let value: unknown;
	try {
		value = JSON.parse(content);
	} catch (cause) {
		throw new AfterimageError('invalid-argument', `${path} is no JSON`, { details: { path }, cause });
	}
	return check(value, path);
}
