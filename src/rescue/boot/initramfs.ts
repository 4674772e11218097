import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import { cancelled, throwIfAborted } from '../../base/abort.ts';
import type { MediumEntry } from '../medium/entries.ts';
import { cpioArchive } from './cpio.ts';

/** Linux unpacks zstd with windows up to 8 MiB (lib/decompress_unzstd.c). */
const zstdParameters = { [constants.ZSTD_c_compressionLevel]: 12, [constants.ZSTD_c_windowLog]: 23 };

/**
 * Writes the files that a kernel starts with.
 * @param release of the kernel: those before 5.9 know no zstd
 * @param entries folders before what is in them
 * @param packed is told bytes as they are read
 * @throws AfterimageError `cancelled` by the signal, and as {@link cpioArchive}
 */
export async function writeInitramfs(
	path: string,
	entries: readonly MediumEntry[],
	release: string,
	signal: AbortSignal,
	packed: (bytes: number) => void,
): Promise<void> {
	async function* archive(): AsyncGenerator<Uint8Array> {
		for await (const piece of cpioArchive(entries)) {
			throwIfAborted(signal);
			packed(piece.length);
			yield piece;
		}
	}
	const compressor = knowsZstd(release) ? createZstdCompress({ params: zstdParameters }) : createGzip();
	try {
		await pipeline(archive, compressor, createWriteStream(path), { signal });
	} catch (error) {
		throw signal.aborted ? cancelled() : error;
	}
}

function knowsZstd(release: string): boolean {
	const [major = 0, minor = 0] = release.split('.').map(Number);
	return major > 5 || (major === 5 && minor >= 9);
}
