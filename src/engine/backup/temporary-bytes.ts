import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryBytes } from '../../base/bytes.ts';
import type { SharedBytes } from './overlay.ts';

/** Bytes in a file that only this user can read, so that worker threads can read them too. */
export interface TemporaryBytes extends SharedBytes {
	/** Closes and removes the file. */
	close(): Promise<void>;
}

/** @throws the system's error when the folder for temporary files cannot be written */
export async function openTemporaryBytes(bytes: Uint8Array): Promise<TemporaryBytes> {
	const folder = await mkdtemp(join(tmpdir(), 'afterimage-bytes-'));
	const remove = () => rm(folder, { recursive: true, force: true });
	try {
		const file = await open(join(folder, 'bytes'), 'wx+', 0o600);
		const memory = new MemoryBytes(bytes);
		const close = async () => {
			await file.close();
			await remove();
		};
		try {
			await file.writeFile(bytes);
		} catch (error) {
			await file.close();
			throw error;
		}
		return { name: 'a temporary file', fd: file.fd, size: memory.size, read: memory.read.bind(memory), close };
	} catch (error) {
		await remove();
		throw error;
	}
}
