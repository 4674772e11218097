import { open } from 'node:fs/promises';
import { AfterimageError } from '../../base/errors.ts';
import type { MediumEntry } from '../medium/entries.ts';

const alignment = 4;
const padding = (length: number) => Buffer.alloc(-length & (alignment - 1));
/** File types of st_mode. */
const types = { folder: 0o040000, link: 0o120000, text: 0o100000, file: 0o100000 };
const pieceLength = 1 << 20;

/** An entry whose content is in memory. */
export type SmallEntry = Exclude<MediumEntry, { readonly kind: 'file' }>;

/**
 * An archive in the form that Linux takes as initramfs (cpio, "newc": buffer-format.rst of its documentation), piece by piece.
 * @param entries folders before what is in them
 * @throws AfterimageError `failed` when a file changes its length while it is read, or is 4 GiB or longer
 */
export async function* cpioArchive(entries: Iterable<MediumEntry>): AsyncGenerator<Uint8Array> {
	let inode = 1;
	for (const entry of entries) {
		if (entry.kind === 'file') yield* fileRecord(inode++, entry.path, entry.source, types.file | entry.mode);
		else yield* smallRecord(inode++, entry);
	}
	yield* smallRecord(0, trailer);
}

/** The same at once, of entries that need no reading. */
export function smallCpioArchive(entries: readonly SmallEntry[]): Buffer {
	return Buffer.concat([...entries, trailer].flatMap((entry, index) => [...smallRecord(index, entry)]));
}

/** What every archive ends with, whatever its kind. */
const trailer: SmallEntry = { kind: 'text', path: 'TRAILER!!!', text: '', mode: 0 };

function* smallRecord(inode: number, entry: SmallEntry): Generator<Uint8Array> {
	const mode = entry.kind === 'text' ? entry.mode : entry.kind === 'link' ? 0o777 : 0o755;
	const text = entry.kind === 'text' ? entry.text : entry.kind === 'link' ? entry.target : '';
	const data = typeof text === 'string' ? Buffer.from(text) : text;
	yield header(inode, entry.path, types[entry.kind] | mode, data.length);
	yield data;
	yield padding(data.length);
}

async function* fileRecord(inode: number, path: string, source: string, mode: number): AsyncGenerator<Uint8Array> {
	const handle = await open(source);
	try {
		const { size } = await handle.stat();
		if (size >= 2 ** 32) throw new AfterimageError('failed', `${source} is too long for the start of a rescue medium`);
		yield header(inode, path, mode, size);
		let at = 0;
		while (at < size) {
			const length = Math.min(pieceLength, size - at);
			const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, at);
			if (bytesRead === 0) {
				throw new AfterimageError('failed', `${source} was ${size} bytes long and ended after ${at}`, {
					advice: 'It was changed meanwhile; try again.',
				});
			}
			yield buffer.subarray(0, bytesRead);
			at += bytesRead;
		}
		yield padding(size);
	} finally {
		await handle.close();
	}
}

function header(inode: number, path: string, mode: number, length: number): Buffer {
	const name = Buffer.from(`${path}\0`);
	// Inode, mode, owner, group, links, time, length, device and special device (major, minor each), length of the name, sum.
	const fields = [inode, mode, 0, 0, 1, 0, length, 0, 0, 0, 0, name.length, 0];
	const head = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
	return Buffer.concat([head, name, padding(head.length + name.length)]);
}
