import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { throwIfAborted } from '../../base/abort.ts';
import { AfterimageError } from '../../base/errors.ts';
import { toHex } from '../../image/md5.ts';
import { deriveKey, imageIdBytes, keyIterations, passwordTest } from '../../image/password.ts';
import { ImageWriter } from '../../image/writer.ts';
import { buildManifest, type BackupIdentity } from '../backup/build-manifest.ts';
import { checkWritten } from '../backup/check-written.ts';
import { checkDestination } from '../backup/destination.ts';
import { clearLeftovers } from '../backup/leftovers.ts';
import { closeSources, openSources } from '../backup/open-sources.ts';
import { PartFiles, partNameOf } from '../backup/part-files.ts';
import { planDisks } from '../backup/plan-partitions.ts';
import type { PlannedDisk, SourceDisk } from '../backup/planned-partition.ts';
import { quiesce, type Quiet } from '../backup/quiesce.ts';
import { storePartition, type StoredPartition } from '../backup/store-partition.ts';
import { lockFolder } from '../folder-lock.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { BlockCipherSpec, BlockPool } from '../pipeline/types.ts';
import type { Place } from '../ports.ts';
import { Progress } from '../progress.ts';
import { runVerify } from './verify.ts';
import type { ImagedPartition, ImageRequest, ImageResult } from '../requests.ts';

/**
 * Images disks or partitions into files of a folder. Nothing bears its real name before it was read back; a run that
 * fails, is cancelled or killed leaves every earlier file as it was.
 */
export async function runBackup(asked: ImageRequest, context: JobContext): Promise<ImageResult> {
	const request = { ...asked, folder: resolve(asked.folder) };
	const result = await writeUnderLock(request, context);
	if (request.verify) await verifyResult(result, request, context);
	return result;
}

async function verifyResult({ files }: ImageResult, request: ImageRequest, context: JobContext): Promise<void> {
	const file = files.at(-1)!;
	const { bad } = await runVerify({ file, password: request.password, sample: undefined }, context);
	if (bad.length === 0) {
		logInfo(context, `Verified ${file}`);
		return;
	}
	throw new AfterimageError('image-damaged', `${file} was written but does not verify: ${bad.length} bad blocks`, {
		advice: 'The destination is faulty. Use another one.',
		details: { file, bad: bad.length },
	});
}

async function writeUnderLock(request: ImageRequest, context: JobContext): Promise<ImageResult> {
	const sources = await openSources(request.sources, request.skipBadSectors, context);
	try {
		const chosen = sources.map(({ disk, partitions }) => ({ device: disk.device, partitions }));
		const place = await checkDestination(request.folder, chosen, context);
		const { processes, clock } = context.ports;
		const lock = lockFolder(request.folder, 'image', processes, clock, (message) => logInfo(context, message));
		try {
			clearLeftovers(request.folder, context);
			const quiet = await quiesce(chosen, place, context);
			try {
				for (const { disk } of sources) disk.refresh();
				return await writeBackup(request, sources, quiet, place, context);
			} finally {
				await quiet.thaw();
			}
		} finally {
			lock.release();
		}
	} finally {
		await closeSources(sources);
	}
}

async function writeBackup(
	request: ImageRequest,
	sources: readonly SourceDisk[],
	quiet: Quiet,
	place: Place,
	context: JobContext,
): Promise<ImageResult> {
	const { clock, privilege } = context.ports;
	const started = clock.now();
	const disks = await planDisks(sources, quiet, request.allSectors, context);
	const imageId = toHex(randomBytes(8)).toUpperCase();
	const key = request.password === undefined ? undefined : await deriveKey(request.password, imageId, keyIterations);
	const time = Math.floor(started / 1000);
	const identity: BackupIdentity = {
		imageId,
		type: 'full',
		fileNumber: 0,
		incrementNumber: 0,
		time,
		setTime: time,
		deltaIndex: false,
		history: [],
		passwordTest: key === undefined ? undefined : passwordTest(key),
	};
	const manifest = buildManifest(request, disks, identity, privilege.hostName);
	const cipherOf = (diskNumber: number, partitionNumber: number): BlockCipherSpec | undefined =>
		key === undefined
			? undefined
			: { aes: request.aes, key, imageId: imageIdBytes(imageId), diskNumber, partitionNumber };
	const parts = new PartFiles(request.folder, partNameOf(imageId, request.name, identity.incrementNumber));
	const progress = new Progress(clock, context.emit);
	const pool = context.createPool();
	const codec = context.createCodec();
	try {
		const splitSize = splitSizeOf(request.splitSize, place.maxFileSize);
		const writer = new ImageWriter({
			manifest,
			disks: disks.map(({ track0, source }) => ({ track0, ept: eptOf(source) })),
			output: parts,
			codec,
			splitSize,
		});
		const stored = await storeAll(request, disks, writer, pool, cipherOf, progress, context);
		const { bytesRead } = progress;
		await quiet.thaw();
		throwIfAborted(context.signal);
		const files = await writer.finish();
		await parts.sync();
		await checkWritten(
			{ manifest, writer, written: files, parts: parts.files, cipherOf },
			pool,
			progress,
			context.signal,
		);
		throwIfAborted(context.signal);
		const paths = await parts.commit();
		return {
			files: paths,
			imageId,
			backupType: identity.type,
			fileNumber: files.at(-1)!.fileNumber,
			partitions: imagedPartitions(disks, stored),
			bytesRead,
			bytesWritten: files.reduce((sum, file) => sum + file.size, 0),
			seconds: (clock.now() - started) / 1000,
			codec: pool.codecName,
		};
	} finally {
		progress.stop();
		await pool.close();
		await parts.discard();
		codec.dispose();
	}
}

async function storeAll(
	request: ImageRequest,
	disks: readonly PlannedDisk[],
	writer: ImageWriter,
	pool: BlockPool,
	cipherOf: (disk: number, partition: number) => BlockCipherSpec | undefined,
	progress: Progress,
	context: JobContext,
): Promise<StoredPartition[][]> {
	const total = disks
		.flatMap((disk) => disk.partitions)
		.reduce((sum, planned) => sum + planned.reservedBytes + planned.used.usedBytes(), 0);
	progress.start('image', total);
	const results: StoredPartition[][] = [];
	for (const [d, { source, partitions }] of disks.entries()) {
		const ofDisk: StoredPartition[] = [];
		for (const [p, planned] of partitions.entries()) {
			const { partition } = planned;
			const settings = {
				fd: source.disk.fd,
				compression: request.compression,
				cipher: cipherOf(source.number, partition.number),
				skipBadSectors: request.skipBadSectors,
				base: undefined,
			};
			const stored = await storePartition(
				planned,
				settings,
				pool,
				writer.partition(d, p),
				progress,
				() => Promise.resolve(),
				context.signal,
			);
			for (const { offset, length } of stored.badRanges) {
				logWarning(
					context,
					`Partition ${partition.number} of ${source.disk.device.path}: bytes ${offset} to ${offset + length - 1} cannot be read; zeros are stored`,
				);
			}
			ofDisk.push(stored);
		}
		results.push(ofDisk);
	}
	progress.stop();
	logInfo(context, `Compressed with ${pool.codecName}, hashed with ${pool.hasherName}`);
	return results;
}

function eptOf({ layout }: SourceDisk) {
	return layout.extended.flatMap((extended) =>
		extended.records.map(({ sector, offset, partitionNumber }) => ({ sector, diskOffset: offset, partitionNumber })),
	);
}

/** The smaller of what was asked for and what the destination's file system can hold. */
function splitSizeOf(asked: number | undefined, limit: number | undefined): number | undefined {
	if (asked === undefined || limit === undefined) return asked ?? limit;
	return Math.min(asked, limit);
}

function imagedPartitions(disks: readonly PlannedDisk[], stored: readonly StoredPartition[][]): ImagedPartition[] {
	return disks.flatMap(({ source, partitions }, d) =>
		partitions.map((planned, p) => ({
			disk: source.number,
			number: planned.partition.number,
			fileSystem: planned.fileSystem,
			label: planned.info?.label ?? '',
			length: planned.partition.length,
			blockSize: planned.blockSize,
			usedBlocks: planned.used.used(),
			storedBlocks: stored[d]![p]!.storedBlocks,
			usedBytes: planned.reservedBytes + planned.used.usedBytes(),
			wholeReason: planned.wholeReason,
			badRanges: stored[d]![p]!.badRanges,
		})),
	);
}
