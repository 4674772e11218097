import { throwIfAborted } from '../../base/abort.ts';
import { AfterimageError, isAfterimageError } from '../../base/errors.ts';
import type { BlockIndex } from '../../image/block-index.ts';
import { openImageFile } from '../../image/file-source.ts';
import { partitionLayout, rawLength, reservedBlockSize, type PartitionLayout } from '../../image/partition-layout.ts';
import { reservedRawLength } from '../../image/index-check.ts';
import type { Manifest } from '../../image/manifest.ts';
import type { WrittenFile } from '../../image/writer/file-part.ts';
import { checkWritten as checkWrittenTail, type ImageWriter } from '../../image/writer.ts';
import type { BlockCipherSpec, BlockPool, LoadJob } from '../pipeline/types.ts';
import type { Progress } from '../progress.ts';
import type { PartFile } from './part-files.ts';

export interface WrittenBackup {
	readonly manifest: Manifest;
	readonly writer: ImageWriter;
	readonly written: readonly WrittenFile[];
	readonly parts: readonly PartFile[];
	/** By disk and partition number of the image. */
	readonly cipherOf: (disk: number, partition: number) => BlockCipherSpec | undefined;
}

/**
 * Reads back everything that this run has written, decodes it and compares: the metadata byte for byte, each block by its MD5.
 * @throws AfterimageError `write-error` naming the first place that is not what was written
 */
export async function checkWritten(
	backup: WrittenBackup,
	pool: BlockPool,
	progress: Progress,
	signal: AbortSignal,
): Promise<void> {
	for (const [i, file] of backup.written.entries()) {
		throwIfAborted(signal);
		await checkTail(file, backup.parts[i]!);
	}
	const jobs = ownBlockJobs(backup);
	progress.start(
		'check',
		jobs.reduce((sum, job) => sum + job.bytes, 0),
	);
	for (const { job } of jobs) {
		for await (const batch of pool.load(job, signal)) {
			const bad = batch.bad[0];
			if (bad !== undefined) throw notAsWritten(backup.parts, bad.fileNumber, bad.position, bad.reason);
			progress.add(batch.rawBytes, batch.storedBytes, 0);
		}
	}
	progress.stop();
}

async function checkTail(file: WrittenFile, part: PartFile): Promise<void> {
	const source = await openImageFile(part.partPath).catch((error: unknown) => {
		if (!isAfterimageError(error, 'file-missing')) throw error;
		throw new AfterimageError('destination-missing', `${part.partPath} has gone while it was written`, {
			advice: 'Connect the destination again, or choose another folder.',
			details: { path: part.partPath },
		});
	});
	try {
		await checkWrittenTail(source, file);
	} catch (error) {
		if (!isAfterimageError(error, 'image-damaged')) throw error;
		throw notAsWritten([part], file.fileNumber, file.dataEnd, error.message);
	} finally {
		await source.close();
	}
}

/** Jobs that load every block whose bytes this run has written, with the raw bytes of each job. */
function ownBlockJobs({
	manifest,
	writer,
	written,
	parts,
	cipherOf,
}: WrittenBackup): { job: LoadJob; bytes: number }[] {
	const firstFile = written[0]!.fileNumber;
	const files = new Map(
		written.map((file, i) => [file.fileNumber, { fd: parts[i]!.fd, path: parts[i]!.partPath, size: file.size }]),
	);
	const full = manifest._header.backup_type === 'full';
	const compressed = manifest._compression.compression_level !== 'none';
	return manifest.disks.flatMap((disk, d) =>
		disk.partitions.flatMap((partition, p) => {
			const layout = partitionLayout(partition);
			const own = writer.partition(d, p);
			// A full has written every block of its index, which may be millions: no list of them is needed.
			const blocks = full ? undefined : own.ownBlocks(firstFile);
			const common = {
				files,
				compressed,
				cipher: cipherOf(disk._header.disk_number, partition._header.partition_number),
				target: undefined,
			};
			const job = (index: BlockIndex, only: Uint32Array | undefined, length: number, blockSize: number): LoadJob => ({
				...common,
				index,
				only,
				length,
				blockSize,
			});
			const reservedJob = (index: BlockIndex) => {
				const kept = Uint32Array.from({ length: index.count }, (_, i) => i).filter(
					(block) => index.fileNumber(block) >= firstFile,
				);
				const bytes = kept.reduce((sum, block) => sum + reservedRawLength(layout, block), 0);
				return { job: job(index, kept, layout.reservedLength, reservedBlockSize), bytes };
			};
			return [
				reservedJob(own.reserved),
				{
					job: job(own.index, blocks, layout.blockLength, layout.blockSize),
					bytes: rawBytes(own.index, blocks, layout),
				},
			].filter(({ bytes }) => bytes > 0);
		}),
	);
}

function rawBytes(index: BlockIndex, only: Uint32Array | undefined, layout: PartitionLayout): number {
	let bytes = 0;
	if (only !== undefined) for (const block of only) bytes += rawLength(layout, block);
	else for (let i = index.next(0); i < index.count; i = index.next(i + 1)) bytes += rawLength(layout, i);
	return bytes;
}

function notAsWritten(
	parts: readonly PartFile[],
	fileNumber: number,
	position: number,
	reason: string,
): AfterimageError {
	const path = parts.find((part) => part.fileNumber === fileNumber)?.path ?? '';
	return new AfterimageError(
		'write-error',
		`${path} does not read back as it was written, at byte ${position}: ${reason}`,
		{
			advice: 'The destination or its connection is faulty. Nothing of this run was kept.',
			details: { path, position },
		},
	);
}
