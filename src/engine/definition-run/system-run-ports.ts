import { cancelled, throwIfAborted } from '../../base/abort.ts';
import { AfterimageError } from '../../base/errors.ts';
import { accountOf, invokingUid, ownHome, ownName } from '../history/account.ts';
import { mailSettingsPath, readMailSettings } from './mail/mail-settings.ts';
import { posixPermissions } from './permissions/posix-permissions.ts';
import { systemPrograms } from './scripts/run-program.ts';
import type { PowerPort } from '../ports/power-port.ts';
import type { PermissionPort, RunPorts } from './run-ports.ts';
import { smtpMail } from './mail/smtp-mail.ts';
import { systemPower } from './system-power.ts';

/** What of a system is asked by calls of its own. */
export interface NativeRunPorts {
	readonly permissions: PermissionPort;
	readonly power: PowerPort;
}

/**
 * What running definitions needs of this system.
 * @param native permissions and power, on systems where Node and the system's programs do not do
 */
export function systemRunPorts(native: NativeRunPorts | undefined): RunPorts {
	const uid = process.getuid?.();
	const { env } = process;
	const invoking = invokingUid(env, uid);
	const invoker = invoking === undefined ? undefined : accountOf(invoking);
	const permissions =
		uid === undefined
			? (native?.permissions ?? unknownPermissions)
			: posixPermissions(new Set([0, uid, ...(invoking === undefined ? [] : [invoking])]));
	const settings = mailSettingsPath({ platform: process.platform, env, uid, home: ownHome(), invoker });
	return {
		permissions,
		programs: systemPrograms,
		mail: smtpMail(() => readMailSettings(settings, permissions)),
		power: native?.power ?? systemPower,
		sleep,
		env,
		userName: ownName(),
	};
}

const unknownPermissions: PermissionPort = { writableByOthers: refuse, readableByOthers: refuse };

function refuse(path: string): never {
	throw new AfterimageError('not-supported', `${path}: who may write it cannot be told on this system yet`, {
		advice: 'Run definitions without scripts, and without administrator rights, here.',
		details: { path },
	});
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
	throwIfAborted(signal);
	return new Promise((done, fail) => {
		const onAbort = () => {
			clearTimeout(timer);
			fail(cancelled());
		};
		const timer = setTimeout(() => {
			signal.removeEventListener('abort', onAbort);
			done();
		}, milliseconds);
		signal.addEventListener('abort', onAbort, { once: true });
	});
}
