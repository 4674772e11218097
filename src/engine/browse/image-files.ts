import { close, fstat, open, read, type BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { AfterimageError } from '../../base/errors.ts';
import { readFlags } from '../../image/file-source.ts';
import { holdFiles, type HeldFiles } from '../load/hold-files.ts';
import { fileIdentity } from '../ports/file-identity.ts';
import { systemCode } from '../../base/system-code.ts';
import { openFailure, readFailure } from '../ports/system-errors.ts';

/** Files that are open at once when none is held. */
const mostOpen = 32;

/** An image file is no longer the one that the indexes were read of: a merge, a deletion or a copy has put another in its place. */
export class ChangedFile extends AfterimageError {
	constructor(path: string) {
		super('file-missing', `${path} was replaced or removed while it was read`, {
			advice: 'Do it again: the files of the backup set are then looked at anew.',
			details: { path },
		});
	}
}

interface OneFile {
	readonly path: string;
	readonly size: number;
	/** What the file was like when the set was read. */
	readonly identity: string;
	/** Undefined while the file is closed. */
	fd: Promise<number> | undefined;
	readers: number;
	/** Milliseconds of `performance.now()`. */
	used: number;
}

/**
 * The files of a chain while files in its backups are read: each is opened when it is needed and closed when nobody has read
 * it for a while, so that merging and deleting are not kept waiting. One that has changed meanwhile is never read.
 */
export class ImageFiles {
	readonly #files: ReadonlyMap<number, OneFile>;
	readonly #idle: number;
	#held: HeldFiles | undefined;
	#timer: NodeJS.Timeout | undefined;

	private constructor(files: ReadonlyMap<number, OneFile>, idle: number) {
		this.#files = files;
		this.#idle = idle;
	}

	/**
	 * @param files by their numbers in the set; several numbers may be of one file
	 * @param idle milliseconds after which a file that nobody reads is closed
	 * @throws AfterimageError {@link ChangedFile} for a file of another size, or that has gone
	 */
	static async of(
		files: Iterable<readonly [number, { readonly path: string; readonly size: number }]>,
		idle = 3000,
	): Promise<ImageFiles> {
		const byPath = new Map<string, OneFile>();
		const byNumber = new Map<number, OneFile>();
		for (const [number, { path, size }] of files) {
			let file = byPath.get(path);
			if (file === undefined) {
				const found = await statOf(path);
				if (found === undefined || Number(found.size) !== size) throw new ChangedFile(path);
				file = { path, size, identity: identityOf(found), fd: undefined, readers: 0, used: 0 };
				byPath.set(path, file);
			}
			byNumber.set(number, file);
		}
		return new ImageFiles(byNumber, idle);
	}

	/** Path and size of a file; undefined for a number that the set does not have. */
	get(fileNumber: number): { readonly path: string; readonly size: number } | undefined {
		return this.#files.get(fileNumber);
	}

	/**
	 * Fills `target` from byte `position` of a file on.
	 * @throws AfterimageError `read-error`, `permission-denied`, {@link ChangedFile}
	 */
	async read(fileNumber: number, position: number, target: Uint8Array): Promise<void> {
		const file = this.#files.get(fileNumber)!;
		const held = this.#held?.fdOf(file.path);
		if (held !== undefined) return readFully(held, file.path, position, target);
		file.readers++;
		try {
			file.fd ??= this.#open(file);
			await readFully(await file.fd, file.path, position, target);
		} finally {
			file.readers--;
			file.used = performance.now();
			this.#timer ??= setTimeout(() => void this.#closeIdle(), this.#idle).unref();
		}
	}

	/** Holds that the path of a file still leads to it. @throws AfterimageError {@link ChangedFile} */
	async checkUnchanged(fileNumber: number): Promise<void> {
		const { path, identity } = this.#files.get(fileNumber)!;
		const found = await statOf(path);
		if (found === undefined || identityOf(found) !== identity) throw new ChangedFile(path);
	}

	/**
	 * Opens all of them, as far as the process may have that many open, and keeps them open until {@link close}: they can
	 * then be read to the end though somebody removes them meanwhile.
	 * @throws AfterimageError {@link ChangedFile}, `permission-denied`
	 */
	async hold(): Promise<void> {
		this.#held ??= await holdFiles([...this.#files.values()].map(({ path }) => path));
		for (const { path, identity } of this.#files.values()) {
			const fd = this.#held.fdOf(path);
			if (fd !== undefined && identityOf(await promisify(fstat)(fd, { bigint: true })) !== identity)
				throw new ChangedFile(path);
		}
	}

	/** Number of files that are open. */
	get open(): number {
		return [...new Set(this.#files.values())].filter(({ fd }) => fd !== undefined).length;
	}

	/** Call it when nobody reads any more. */
	async close(): Promise<void> {
		clearTimeout(this.#timer);
		await this.#held?.close();
		this.#held = undefined;
		for (const file of new Set(this.#files.values())) await closeFile(file);
	}

	async #open(file: OneFile): Promise<number> {
		try {
			await this.#makeRoom();
			const fd = await promisify(open)(file.path, readFlags);
			if (identityOf(await promisify(fstat)(fd, { bigint: true })) === file.identity) return fd;
			await promisify(close)(fd);
			throw new ChangedFile(file.path);
		} catch (error) {
			file.fd = undefined;
			if (systemCode(error) === 'ENOENT') throw new ChangedFile(file.path);
			throw openFailure(error, file.path, 'file-missing');
		}
	}

	/** Closes those that were read the longest ago. */
	async #makeRoom(): Promise<void> {
		const open = [...new Set(this.#files.values())].filter(({ fd }) => fd !== undefined);
		const idle = open.filter(({ readers }) => readers === 0).sort((a, b) => a.used - b.used);
		for (const file of idle.slice(0, Math.max(0, open.length - mostOpen))) await closeFile(file);
	}

	async #closeIdle(): Promise<void> {
		this.#timer = undefined;
		const now = performance.now();
		for (const file of new Set(this.#files.values())) {
			if (file.fd === undefined) continue;
			if (file.readers === 0 && now - file.used >= this.#idle - 1) await closeFile(file);
			else this.#timer ??= setTimeout(() => void this.#closeIdle(), this.#idle).unref();
		}
	}
}

async function closeFile(file: OneFile): Promise<void> {
	const opening = file.fd;
	file.fd = undefined;
	const fd = await opening?.catch(() => undefined);
	if (fd !== undefined) await promisify(close)(fd);
}

async function statOf(path: string): Promise<BigIntStats | undefined> {
	try {
		return await stat(path, { bigint: true });
	} catch (error) {
		if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined;
		throw openFailure(error, path, 'file-missing');
	}
}

function identityOf(found: BigIntStats): string {
	return `${fileIdentity(found)} ${found.size} ${found.mtimeNs}`;
}

async function readFully(fd: number, path: string, position: number, target: Uint8Array): Promise<void> {
	for (let done = 0; done < target.length;) {
		const at = position + done;
		const { bytesRead } = await promisify(read)(fd, target, done, target.length - done, at).catch((error: unknown) => {
			throw readFailure(error, path, at);
		});
		if (bytesRead === 0) throw new AfterimageError('read-error', `${path} ends at byte ${at}`, { details: { path } });
		done += bytesRead;
	}
}
