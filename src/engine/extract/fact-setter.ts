import * as fs from 'node:fs';
import { constants } from 'node:fs';
import { chmod, utimes } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { ExtendedAttribute } from '../../disk/files/extended-attributes.ts';
import type { FileOwner } from '../../disk/files.ts';
import { accessListNames } from '../../disk/files/posix-acl.ts';
import type { AttributePort } from '../ports.ts';
import { systemCode } from '../../base/system-code.ts';
import { NotKeptCounts, part } from './not-kept.ts';
import { systemTime } from './system-time.ts';

const open = promisify(fs.open);
const close = promisify(fs.close);
const chown = promisify(fs.chown);
const fstat = promisify(fs.fstat);
const fchmod = promisify(fs.fchmod);
const fchown = promisify(fs.fchown);
const futimes = promisify(fs.futimes);

/** What a file system keeps of a file beside its bytes. */
export interface Facts {
	readonly modified: number | undefined;
	readonly mode: number | undefined;
	readonly owner: FileOwner | undefined;
	readonly attributes: readonly ExtendedAttribute[];
}

export interface FactOptions {
	/** Whether owners are those of the backup; that takes root. */
	readonly owners: boolean;
	readonly attributes: AttributePort | undefined;
	readonly isRoot: boolean;
}

/** Bits of a mode: all of them where the owner is the one that they were meant for, else neither setuid nor setgid nor sticky. */
const allBits = 0o7777;
const permissionBits = 0o777;

/** `O_PATH` of Linux, which node:fs does not name: opens a link itself. */
export const openItself = 0o1000_0000;

/** `(uid_t) -1`: the system takes it for "as it is". */
const nobody = 0xffffffff;

/** What is said to a mode where none can be set. */
const withoutModes = ['EPERM', 'ENOTSUP', 'ENOSYS', 'EINVAL'];

/** Rights that go with the owner, as setuid does. */
const capability = 'security.capability';
const namespaces = /^(user|trusted|security|system|btrfs)\./;

/** Sets what files and folders are beside their contents, and counts what they cannot be. */
export class FactSetter {
	readonly notKept: NotKeptCounts;
	readonly #options: FactOptions;

	constructor(options: FactOptions) {
		this.#options = options;
		this.notKept = new NotKeptCounts(options.isRoot);
	}

	/** Whether something gets the owner that it has in the backup. */
	keepsOwner(owner: FileOwner | undefined): owner is FileOwner {
		return this.#options.owners && owner !== undefined;
	}

	/**
	 * Sets them by a descriptor; the owner first, since that takes rights away, and times last.
	 * @param other who owns it where the owner of the backup does not
	 * @throws Error of the system for times, and for a mode that cannot be set for another reason than that there are none
	 */
	async set(fd: number, { owner, mode, modified, attributes }: Facts, other: FileOwner | undefined): Promise<void> {
		const kept = await this.#setOwner(owner, ({ uid, gid }) => fchown(fd, uid, gid));
		if (!kept && other !== undefined) await giveTo(fd, other);
		const rights = (mode !== undefined && mode > permissionBits) || attributes.some(({ name }) => name === capability);
		const owned = rights && (kept || !this.#options.isRoot) && isOwner(owner, await fstat(fd));
		await this.#setMode(mode, owned ? allBits : permissionBits, (bits) => fchmod(fd, bits));
		const port = this.#options.attributes;
		if (port !== undefined) this.#setAttributes(attributes, owned, (...one) => port.set(fd, ...one));
		if (modified !== undefined) await futimes(fd, systemTime(modified), systemTime(modified));
	}

	/** Sets mode and times by a path, where folders have no descriptors. @throws Error of the system */
	async setByPath(path: string, { mode, modified }: Facts): Promise<void> {
		await this.#setMode(mode, permissionBits, (bits) => chmod(path, bits));
		if (modified !== undefined) await utimes(path, systemTime(modified), systemTime(modified));
	}

	/**
	 * Owner and attributes of a link that was made, which has its name alone: in its place might be something else by now.
	 * @throws Error of the system when it cannot be opened
	 */
	async setLink(path: string, { owner, attributes }: Facts): Promise<void> {
		const port = this.#options.attributes;
		if (!this.keepsOwner(owner) && (attributes.length === 0 || port === undefined)) {
			this.#noteOwner(owner);
			return;
		}
		const fd = await open(path, openItself | (constants.O_NOFOLLOW ?? 0));
		try {
			const stat = await fstat(fd);
			if (!stat.isSymbolicLink() || stat.nlink > 1) return;
			await this.#setOwner(owner, ({ uid, gid }) => chown(`/proc/self/fd/${fd}`, uid, gid));
			if (port !== undefined) this.#setAttributes(attributes, false, (...one) => port.setOfLink(fd, ...one));
		} finally {
			await close(fd);
		}
	}

	/** Whether what is made in a folder gets an access list from it. */
	hasDefaultList(fd: number): boolean {
		return this.#options.attributes?.has(fd, accessListNames.default) ?? false;
	}

	/** Takes the lists away that something got from the folder that it was made in. */
	removeLists(fd: number): void {
		for (const name of Object.values(accessListNames)) this.#options.attributes?.remove(fd, name);
	}

	/** @returns whether the owner is that of the backup now */
	async #setOwner(owner: FileOwner | undefined, set: (owner: FileOwner) => Promise<void>): Promise<boolean> {
		if (!this.keepsOwner(owner)) {
			this.#noteOwner(owner);
			return false;
		}
		const refusal = owner.uid === nobody || owner.gid === nobody ? 'EINVAL' : await refusalOf(set(owner));
		if (refusal !== undefined) this.notKept.add(part.owner, refusal);
		return refusal === undefined;
	}

	/** Root gives no owners when he was told so; others lose those that are not they themselves. */
	#noteOwner(owner: FileOwner | undefined): void {
		if (owner === undefined || this.#options.isRoot) return;
		if (owner.uid !== process.getuid?.() || owner.gid !== process.getgid?.()) this.notKept.add(part.owner, 'EPERM');
	}

	/** FAT has no permissions, and many a share lets nobody set them: a file is worth having without. */
	async #setMode(mode: number | undefined, bits: number, set: (mode: number) => Promise<void>): Promise<void> {
		if (mode === undefined || process.platform === 'win32') return;
		try {
			await set(mode & bits);
		} catch (error) {
			if (!withoutModes.includes(systemCode(error) ?? '')) throw error;
			this.notKept.add(part.mode, 'ENOTSUP');
		}
	}

	#setAttributes(
		attributes: readonly ExtendedAttribute[],
		owned: boolean,
		set: (name: string, value: Uint8Array) => string | undefined,
	): void {
		const refused = new Map<string, string>();
		for (const { name, value } of attributes) {
			// Rights are not given to a file of another owner, which root was told or has asked for.
			if (name === capability && !owned && this.#options.isRoot) continue;
			const refusal = set(name, value);
			if (refusal !== undefined) refused.set(kindOf(name), refusal);
		}
		for (const [what, refusal] of refused) this.notKept.add(what, refusal);
	}
}

/** Gives something to a user, without effect on file systems without owners. */
export async function giveTo(fd: number, { uid, gid }: FileOwner): Promise<void> {
	await fchown(fd, uid, gid).catch(() => undefined);
}

function isOwner(owner: FileOwner | undefined, { uid, gid }: fs.Stats): boolean {
	return owner !== undefined && owner.uid === uid && owner.gid === gid;
}

async function refusalOf(work: Promise<void>): Promise<string | undefined> {
	try {
		await work;
		return undefined;
	} catch (error) {
		const code = systemCode(error);
		if (code === undefined) throw error;
		return code;
	}
}

/** What an attribute is counted as: there are few of security, and any number of others. */
function kindOf(name: string): string {
	if (name === accessListNames.access || name === accessListNames.default) return part.accessList;
	if (name === capability || name === 'security.selinux') return name;
	return `attribute ${namespaces.exec(name)?.[1] ?? 'other'}.*`;
}
