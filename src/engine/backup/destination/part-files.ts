import { close, closeSync, fsync, fsyncSync, open, openSync, readdirSync, write } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { AfterimageError } from '../../../base/errors.ts';
import { imageFileName } from '../../../base/image-file-name.ts';
import type { ImageFileSink } from '../../../image/writer/file-part.ts';
import type { ImageOutput } from '../../../image/writer.ts';
import { removePatiently, renamePatiently } from '../../ports/patient-files.ts';
import { giveToFolderOwner, privateMode } from '../../ports/private-file.ts';
import { openFailure, writeFailure } from '../../ports/system-errors.ts';

const openFile = promisify(open);
const writeFile = promisify(write);
const syncFile = promisify(fsync);
const closeFile = promisify(close);

/** What a file is called until it is whole and checked. */
export const partSuffix = '.part';

export interface PartFile {
	readonly fileNumber: number;
	/** For writing, until all files of the run are closed. */
	readonly fd: number;
	/** Name that it gets in the end. */
	readonly path: string;
	readonly partPath: string;
}

/**
 * The files of one run while they are written, under names that no reader takes for images: begun, written, settled, read
 * back by their names, committed. Nothing bears its real name before {@link commit}; {@link discard} leaves nothing.
 */
export class PartFiles implements ImageOutput {
	readonly files: PartFile[] = [];
	readonly #folder: string;
	readonly #nameOf: (fileNumber: number) => string;
	#committed = false;
	#closed = false;

	constructor(folder: string, nameOf: (fileNumber: number) => string) {
		this.#folder = folder;
		this.#nameOf = nameOf;
	}

	async begin(fileNumber: number): Promise<{ sink: ImageFileSink; path: string }> {
		const path = join(this.#folder, this.#nameOf(fileNumber));
		const partPath = path + partSuffix;
		const fd = await openFile(partPath, 'wx', privateMode).catch((error: unknown) => {
			throw openFailure(error, partPath, 'destination-missing');
		});
		this.files.push({ fileNumber, fd, path, partPath });
		giveToFolderOwner(fd, partPath);
		return { sink: fileSink(fd, partPath), path };
	}

	/**
	 * Makes what was written last and closes the files: shares, and what stores a file as it is closed (rclone), may refuse
	 * only then what they have taken, and some show a file to nobody before. What is read back after this is what they have.
	 * @throws AfterimageError `no-space`, `write-error`, `destination-missing`
	 */
	async settle(): Promise<void> {
		for (const file of this.files) {
			await syncFile(file.fd).catch((error: unknown) => {
				throw writeFailure(error, file.partPath, 0);
			});
		}
		await this.#close();
	}

	/**
	 * Gives the files their names, first to last, and makes the names last. A file of a name that is there already is
	 * never replaced. Whatever happens from the first rename on, the rest follows: now or at the start of the next run.
	 */
	async commit(): Promise<string[]> {
		try {
			const taken = new Set(readdirSync(this.#folder));
			const double = this.files.find((file) => taken.has(basename(file.path)));
			if (double !== undefined) throw new AfterimageError('failed', `${double.path} is there already`);
			this.#committed = true;
			for (const file of this.files) await giveName(file);
			syncFolder(this.#folder);
		} catch (error) {
			throw openFailure(error, this.#folder, 'destination-missing');
		}
		return this.files.map((file) => file.path);
	}

	/**
	 * Closes the files, and removes what was not committed. What ended the run is told, not that its files cannot be closed
	 * or removed, which has the same reason: the next run removes what stays.
	 */
	async discard(): Promise<void> {
		await this.#close().catch(() => undefined);
		if (this.#committed) return;
		for (const file of this.files.splice(0)) await removePatiently(file.partPath).catch(() => undefined);
	}

	/** Closes all, also where one cannot be closed. A second call does nothing. */
	async #close(): Promise<void> {
		if (this.#closed) return;
		this.#closed = true;
		const closing = this.files.map(async ({ fd, partPath }) => {
			await closeFile(fd).catch((error: unknown) => {
				throw writeFailure(error, partPath, 0);
			});
		});
		const failed = (await Promise.allSettled(closing)).find((one) => one.status === 'rejected');
		if (failed !== undefined) throw failed.reason;
	}
}

async function giveName({ partPath, path }: PartFile): Promise<void> {
	try {
		await renamePatiently(partPath, path);
	} catch (error) {
		throw openFailure(error, partPath, 'destination-missing');
	}
}

/** Makes renames and removals in the folder last; where folders cannot be synced (network, Windows) nothing is done. */
export function syncFolder(folder: string): void {
	let fd: number;
	try {
		fd = openSync(folder, 'r');
	} catch {
		return;
	}
	try {
		fsyncSync(fd);
	} catch {
		// Not every file system can sync a folder.
	} finally {
		closeSync(fd);
	}
}

/** Names of the files of one backup by their file numbers. @param baseName as `imageFileName` takes it */
export function partNameOf(baseName: string, incrementNumber: number): (fileNumber: number) => string {
	return (fileNumber) => imageFileName(baseName, incrementNumber, fileNumber);
}

function fileSink(fd: number, path: string): ImageFileSink {
	return {
		async append(data, position) {
			for (let done = 0; done < data.length;) {
				const at = position + done;
				const { bytesWritten } = await writeFile(fd, data, done, data.length - done, at).catch((error: unknown) => {
					throw writeFailure(error, path, at);
				});
				done += bytesWritten;
			}
		},
	};
}
