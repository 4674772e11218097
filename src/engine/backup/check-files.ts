import { AfterimageError, isAfterimageError } from '../../base/errors.ts';
import { openImageFile } from '../../image/file-source.ts';
import { checkWritten } from '../../image/writer/check-written.ts';
import type { WrittenFile } from '../../image/writer/file-part.ts';
import type { Progress } from '../progress.ts';
import type { PartFile } from './part-files.ts';

/**
 * Reads back everything that this run has written and compares it with the checksums of what it wrote. Each stored block
 * was decoded after its checksum was taken, so that what has it restores.
 * @throws AfterimageError `write-error` naming the first place that is not what was written
 */
export async function checkFiles(
	written: readonly WrittenFile[],
	parts: readonly PartFile[],
	progress: Progress,
	signal: AbortSignal,
): Promise<void> {
	progress.start(
		'check',
		written.reduce((sum, file) => sum + file.size, 0),
	);
	for (const [i, file] of written.entries()) await checkFile(file, parts[i]!, progress, signal);
	progress.stop();
}

async function checkFile(file: WrittenFile, part: PartFile, progress: Progress, signal: AbortSignal): Promise<void> {
	const source = await openImageFile(part.partPath).catch((error: unknown) => {
		if (!isAfterimageError(error, 'file-missing')) throw error;
		throw new AfterimageError('destination-missing', `${part.partPath} has gone while it was written`, {
			advice: 'Connect the destination again, or choose another folder.',
			details: { path: part.partPath },
		});
	});
	try {
		await checkWritten(source, file, signal, (bytes) => progress.add(bytes, bytes, 0));
	} catch (error) {
		if (!isAfterimageError(error, 'image-damaged')) throw error;
		throw new AfterimageError(
			'write-error',
			`${part.partPath} does not read back as it was written: ${error.message}`,
			{
				advice: 'The destination or its connection is faulty. Nothing of this run was kept.',
				details: { ...error.details, path: part.partPath },
			},
		);
	} finally {
		await source.close();
	}
}
