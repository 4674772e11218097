import { win32 } from 'node:path';
import type { AccessEntry, SecurityDescriptor } from '../../../base/security-descriptor.ts';
import type { OpenPath } from '../../../protocol/rights.ts';
import type { PermissionPort } from '../run-ports.ts';

/** What the rules need of Windows. Paths are full; errors are those of the file system. */
export interface WindowsSecurity {
	/** SIDs of the users who may write: who runs this process, and for whom another account has given its rights. */
	readonly users: readonly string[];
	/** The path without links and junctions. @throws AfterimageError `source-missing` */
	realPath(path: string): string;
	isFolder(path: string): boolean;
	/** @throws AfterimageError `source-missing`, `permission-denied` */
	securityOf(path: string): SecurityDescriptor;
	/** Name of an account or group, as `PC\ada`; its SID where none is known. */
	nameOf(sid: string): string;
}

/** Rights of files and folders (winnt.h), unsigned. */
const right = {
	readData: 0x1,
	writeData: 0x2,
	appendData: 0x4,
	deleteChild: 0x40,
	delete: 0x10000,
	writeDac: 0x40000,
	writeOwner: 0x80000,
	genericAll: 0x10000000,
	genericWrite: 0x40000000,
	genericRead: 0x80000000,
} as const;

const takesOver = right.writeDac | right.writeOwner | right.genericAll;
/** Who has one of these on a file decides what it says. */
const changesFile = takesOver | right.writeData | right.appendData | right.delete | right.genericWrite;
/** Who has one of these on a folder may exchange what others have put there. To add files is not enough. */
const exchangesInFolder = takesOver | right.delete | right.deleteChild;
/** A root directory cannot be deleted or renamed, whoever may. */
const exchangesInRoot = takesOver | right.deleteChild;
const reads = right.readData | right.genericRead | right.genericAll;

/**
 * SYSTEM, Administrators, the service that owns Windows' own files, and what stands for an owner or maker in entries:
 * the owner is looked at by himself. Who is one of these can do everything on the machine anyway.
 */
const trusted = new Set([
	'S-1-5-18',
	'S-1-5-32-544',
	'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464',
	'S-1-3-0',
	'S-1-3-1',
	'S-1-3-4',
]);
/** The administrator account that every Windows has. */
const localAdministrator = /^S-1-5-21-\d+-\d+-\d+-500$/;

/** Permissions as Windows has them: owner and access control list of a file and of every folder above it. */
export function windowsPermissions(security: WindowsSecurity): PermissionPort {
	return {
		writableByOthers: (path) => {
			const [first] = openPathsOf(path, security);
			return first === undefined ? undefined : `${first.path}: ${first.reason}`;
		},
		readableByOthers: (path) => {
			const real = security.realPath(path);
			return objectionTo(security.securityOf(real), reads, security, 'may read it');
		},
	};
}

/** What of a file and the folders above it others may change or exchange, and who. */
export function openPathsOf(path: string, security: WindowsSecurity): OpenPath[] {
	const real = security.realPath(path);
	const all = new Set([...withFoldersAbove(real), ...withFoldersAbove(path)]);
	return [...all].flatMap((one) => {
		const mask = !security.isFolder(one) ? changesFile : isRoot(one) ? exchangesInRoot : exchangesInFolder;
		const reason = objectionTo(security.securityOf(one), mask, security, 'may write it');
		return reason === undefined ? [] : [{ path: one, reason }];
	});
}

/** Entries that deny are left out of account: what they take away could still be there through another group. */
function objectionTo(
	{ owner, entries }: SecurityDescriptor,
	mask: number,
	security: WindowsSecurity,
	what: string,
): string | undefined {
	if (entries === undefined) return `it has no access control list: everybody ${what}`;
	if (!isTrusted(owner, security)) return `it belongs to ${security.nameOf(owner)}`;
	const others = entries.filter((entry) => isForeign(entry, mask, security));
	if (others.length === 0) return undefined;
	const names = others.map(({ kind, sid }) =>
		kind === 'other' ? 'an entry of an unknown kind' : security.nameOf(sid),
	);
	return `${[...new Set(names)].join(', ')} ${what}`;
}

function isForeign({ kind, inheritOnly, mask, sid }: AccessEntry, wanted: number, security: WindowsSecurity): boolean {
	if (inheritOnly || kind === 'deny' || (mask & wanted) === 0) return false;
	return kind === 'other' || !isTrusted(sid, security);
}

function isTrusted(sid: string, { users }: WindowsSecurity): boolean {
	return users.includes(sid) || trusted.has(sid) || localAdministrator.test(sid);
}

function withFoldersAbove(path: string): string[] {
	const folder = win32.dirname(path);
	return folder === path ? [path] : [path, ...withFoldersAbove(folder)];
}

function isRoot(path: string): boolean {
	return win32.parse(path).root === path;
}
