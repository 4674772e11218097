import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Where an engine finds its client again, and what both must know. The token is a secret: it goes to no log and no argument. */
export interface Meeting {
	/** Unix socket in a folder that only this user may enter, or a named pipe. */
	readonly path: string;
	readonly token: string;
}

/** A meeting place with a new token, in a folder that only this user may enter. */
export function newMeeting(): Meeting {
	const token = randomBytes(32).toString('base64url');
	const name = randomBytes(16).toString('hex');
	if (process.platform === 'win32') return { path: `\\\\.\\pipe\\afterimage-${name}`, token };
	return { path: join(privateFolder(), name.slice(0, 16)), token };
}

/** Where the folders of meetings are. */
export function meetingBase(): string {
	return process.env['XDG_RUNTIME_DIR'] ?? tmpdir();
}

/** The user's one folder for sockets; where its name is taken by somebody else's, a new one of its own. */
function privateFolder(): string {
	const base = meetingBase();
	const uid = process.getuid!();
	const folder = join(base, `afterimage-${uid}`);
	return makePrivate(folder, uid) ? folder : mkdtempSync(join(base, 'afterimage-'));
}

/** Whether the folder is there, or is made, so that only this user may enter it. */
function makePrivate(folder: string, uid: number): boolean {
	try {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
	} catch {
		return false; // something else has the name
	}
	const stat = lstatSync(folder);
	return stat.isDirectory() && stat.uid === uid && (stat.mode & 0o077) === 0;
}

/**
 * Makes sure that a place can be listened at, whose folder may have gone since nobody met there.
 * @throws when somebody else has its name now
 */
export function prepareMeeting({ path }: Meeting): void {
	if (process.platform === 'win32') return;
	const folder = dirname(path);
	if (!makePrivate(folder, process.getuid!())) throw new Error(`${folder} is not a folder of this user alone`);
	rmSync(path, { force: true });
}

/** Removes what is left of a meeting, and its folder when nobody else meets there. */
export function removeMeeting({ path }: Meeting): void {
	if (process.platform === 'win32') return;
	rmSync(path, { force: true });
	const folder = dirname(path);
	if (!basename(folder).startsWith('afterimage-')) return;
	try {
		rmdirSync(folder);
	} catch {
		// Others meet there, or it has gone already.
	}
}
