import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/** A user of this machine. */
export interface Account {
	readonly uid: number;
	readonly gid: number;
	readonly home: string;
}

/** What Debian gives accounts that have no home: nothing is there, and nobody but root can make it. */
const noHome = '/nonexistent';

/**
 * Home of this process's user, an absolute path. `HOME` may be empty, and an account may have none, as that of a container.
 * @param told by the system: throws where it knows none
 */
export function ownHome(told: readonly (() => string)[] = [homedir, () => userInfo().homedir]): string {
	for (const one of told) {
		const home = readQuietly(one);
		if (isAbsolute(home)) return home;
	}
	return noHome;
}

/** Name of this process's user; the number of one who has no account. */
export function ownName(): string {
	return readQuietly(() => userInfo().username) || String(process.getuid?.() ?? '');
}

/** The account with this number, from /etc/passwd or, for accounts that are kept elsewhere, from getent(1). */
export function accountOf(uid: number): Account | undefined {
	const local = readQuietly(() => readFileSync('/etc/passwd', 'utf8'));
	const known = findAccount(local, uid);
	if (known !== undefined) return known;
	const asked = readQuietly(() =>
		execFileSync('/usr/bin/getent', ['passwd', String(uid)], {
			encoding: 'utf8',
			timeout: 5000,
			stdio: ['ignore', 'pipe', 'ignore'],
		}),
	);
	return findAccount(asked, uid);
}

/** Looks an account up in text of the form of passwd(5). */
export function findAccount(passwd: string, uid: number): Account | undefined {
	for (const line of passwd.split('\n')) {
		const [, , number, group, , home] = line.split(':');
		if (number !== String(uid) || !/^\d+$/.test(group ?? '') || !home?.startsWith('/')) continue;
		return { uid, gid: Number(group), home };
	}
	return undefined;
}

/**
 * Number of the user who gained administrator rights for this process through pkexec or sudo; undefined when nobody
 * did, or root itself. Only root is asked: anybody else could set these variables.
 */
export function invokingUid(env: NodeJS.ProcessEnv, uid: number | undefined): number | undefined {
	if (uid !== 0) return undefined;
	const text = env['PKEXEC_UID'] ?? env['SUDO_UID'];
	if (text === undefined || !/^[1-9]\d{0,9}$/.test(text)) return undefined;
	return Number(text);
}

function readQuietly(read: () => string): string {
	try {
		return read();
	} catch {
		return '';
	}
}
