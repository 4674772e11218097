import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryBytes } from '../../../base/bytes.ts';
import { AfterimageError } from '../../../base/errors.ts';
import { systemPhrase } from '../../../base/system-phrase.ts';
import type { SharedBytes } from './overlay.ts';

/** Bytes in a file that only this user can read, so that worker threads can read them too. */
export interface TemporaryBytes extends SharedBytes {
	/** Closes and removes the file. */
	close(): Promise<void>;
}

/** @throws AfterimageError `failed` when the folder for temporary files cannot be written */
export async function openTemporaryBytes(bytes: Uint8Array): Promise<TemporaryBytes> {
	try {
		return await writeTemporary(bytes);
	} catch (error) {
		throw new AfterimageError('failed', `A temporary file in ${tmpdir()} cannot be made: ${systemPhrase(error)}`, {
			advice: 'Make room there, or name another folder for temporary files (TMPDIR, on Windows TEMP).',
			details: { path: tmpdir(), bytes: bytes.length },
			cause: error,
		});
	}
}

async function writeTemporary(bytes: Uint8Array): Promise<TemporaryBytes> {
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
