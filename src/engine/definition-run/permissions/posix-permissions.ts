import { lstatSync, readlinkSync, statSync, type Stats } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';
import { openFailure } from '../../ports/system-errors.ts';
import type { PermissionPort } from '../run-ports.ts';

const groupOrOthersWrite = 0o022;
const groupOrOthersRead = 0o044;
const sticky = 0o1000;
/** Links that are followed on the way to a file. */
const mostLinks = 40;

/**
 * Permissions as POSIX has them. An access control list that lets somebody else write shows in the mode's group bits,
 * which are its mask then (acl(5)).
 * @param trusted numbers of the users who may write: root, this process's user, and who gained its rights by pkexec or sudo
 */
export function posixPermissions(trusted: ReadonlySet<number>): PermissionPort {
	return {
		writableByOthers: (path) => firstObjection(resolve(path), trusted),
		readableByOthers(path) {
			const stat = look(path, statSync);
			if (!trusted.has(stat.uid)) return `${path} belongs to the user with the number ${stat.uid}`;
			return (stat.mode & groupOrOthersRead) === 0 ? undefined : `${path} has mode ${modeOf(stat)}`;
		},
	};
}

/** Goes from the root to the file, following links as the system does, and looks at every folder and link on the way. */
function firstObjection(path: string, trusted: ReadonlySet<number>): string | undefined {
	const { root } = parse(path);
	let at = root;
	let rest = path
		.slice(root.length)
		.split(sep)
		.filter((part) => part !== '');
	let above: Stats | undefined;
	for (let links = 0; ;) {
		const stat = look(at);
		const objection = objectionTo(at, stat, above, trusted);
		if (objection !== undefined) return objection;
		if (stat.isSymbolicLink()) {
			if (++links > mostLinks) return `${path} leads through more than ${mostLinks} links`;
			const target = resolve(dirname(at), readlinkSync(at));
			rest = [
				...target
					.slice(root.length)
					.split(sep)
					.filter((part) => part !== ''),
				...rest,
			];
			at = root;
			above = undefined;
			continue;
		}
		const next = rest.shift();
		if (next === undefined) return undefined;
		above = stat;
		at = join(at, next);
	}
}

function objectionTo(
	path: string,
	stat: Stats,
	above: Stats | undefined,
	trusted: ReadonlySet<number>,
): string | undefined {
	if (!trusted.has(stat.uid)) return `${path} belongs to the user with the number ${stat.uid}`;
	// A link has no mode of its own; who may exchange it is decided by its folder.
	if (stat.isSymbolicLink() || (stat.mode & groupOrOthersWrite) === 0) return undefined;
	// In a folder like /tmp everybody may make files, but nobody may exchange those of another.
	if (stat.isDirectory() && (stat.mode & sticky) !== 0 && above !== undefined) return undefined;
	return `${path} has mode ${modeOf(stat)}: ${(stat.mode & 0o002) !== 0 ? 'everybody' : 'its group'} may write it`;
}

function modeOf(stat: Stats): string {
	return (stat.mode & 0o7777).toString(8);
}

function look(path: string, stat: (path: string) => Stats = lstatSync): Stats {
	try {
		return stat(path);
	} catch (error) {
		throw openFailure(error, path, 'source-missing');
	}
}
