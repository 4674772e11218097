import { close, fstat, open } from 'node:fs';
import { promisify } from 'node:util';
import { AfterimageError, isAfterimageError } from '../../../base/errors.ts';
import { checkWritten, piecesOf } from '../../../image/writer/check-written.ts';
import type { WrittenFile } from '../../../image/writer/file-part.ts';
import type { BlockPool } from '../../pipeline/types.ts';
import { openFailure } from '../../ports/system-errors.ts';
import type { Progress } from '../../progress.ts';
import type { PartFile } from './part-files.ts';

const openFile = promisify(open);
const statFile = promisify(fstat);
const closeFile = promisify(close);

/**
 * Reads back everything that this run has written and compares it with the checksums of what it wrote. Each stored block
 * was decoded after its checksum was taken, so that what has it restores.
 * @throws AfterimageError `write-error` naming the first place that is not what was written
 */
export async function checkFiles(
	written: readonly WrittenFile[],
	parts: readonly PartFile[],
	pool: BlockPool,
	progress: Progress,
	signal: AbortSignal,
): Promise<void> {
	progress.start(
		'check',
		written.reduce((sum, file) => sum + file.size, 0),
	);
	for (const [i, file] of written.entries()) {
		await checkFile(file, parts[i]!, pool, signal, (bytes) => progress.add(bytes, bytes, 0));
	}
	progress.stop();
}

/** The same of one file. @param read is told how many bytes have been compared since it was told last */
export async function checkFile(
	file: WrittenFile,
	part: PartFile,
	pool: BlockPool,
	signal: AbortSignal,
	read?: (bytes: number) => void,
): Promise<void> {
	const path = part.partPath;
	// Opened anew: what is under the name is what will be there, not what the descriptor that wrote it holds.
	const fd = await openFile(path, 'r').catch((error: unknown) => {
		throw openFailure(error, path, 'destination-missing');
	});
	try {
		const { size } = await statFile(fd);
		const files = new Map([[0, { fd, path, size: file.size }]]);
		const found = pool.copy({ files, next: piecesOf(file.pieces), target: undefined }, signal);
		await checkWritten(file, size, found, read);
	} catch (error) {
		if (!isAfterimageError(error, 'image-damaged')) throw error;
		throw new AfterimageError('write-error', `${path} does not read back as it was written: ${error.message}`, {
			advice: 'The destination or its connection is faulty. Nothing of this run was kept.',
			details: { ...error.details, path },
		});
	} finally {
		await closeFile(fd);
	}
}
