import { resolve } from 'node:path';
import { throwIfAborted } from '../../base/abort.ts';
import { AfterimageError, isAfterimageError } from '../../base/errors.ts';
import { counted } from '../../base/quantity.ts';
import type { BlockCodec } from '../../image/codec.ts';
import { lineage } from '../../image/set/backup-set.ts';
import { baseNameOf } from '../../image/set/file-name.ts';
import { openImageFolder } from '../../image/set/image-folder.ts';
import { ImageWriter } from '../../image/writer.ts';
import { buildManifest } from '../backup/build-manifest.ts';
import { checkFiles } from '../backup/destination/check-files.ts';
import { checkDestination } from '../backup/destination/destination.ts';
import { freeSpaceGuard } from '../backup/destination/free-space-guard.ts';
import type { BackupHooks } from '../backup/hooks.ts';
import { identityFor, type IdentityAndKey } from '../backup/identity.ts';
import { findBase, setsOf, type Base } from '../backup/join-set.ts';
import { clearLeftovers } from '../backup/destination/leftovers.ts';
import { checkNameLength } from '../backup/destination/name-length.ts';
import { closeSources, openSources } from '../backup/sources/open-sources.ts';
import { readFromDisk, warnOfPlainText } from '../backup/sources/opened-containers.ts';
import { PartFiles, partNameOf } from '../backup/destination/part-files.ts';
import { asVanished, expectThere } from '../backup/destination/vanished.ts';
import { planDisks } from '../backup/sources/plan-partitions.ts';
import type { PlannedDisk, SourceDisk } from '../backup/sources/planned-partition.ts';
import { quiesce, type Quiet } from '../backup/quiesce/quiesce.ts';
import { storeDisks } from '../backup/store-disks.ts';
import type { StoredPartition } from '../backup/store-partition.ts';
import { heldEvents } from '../held-events.ts';
import { logInfo, type JobContext } from '../job-context.ts';
import type { BlockPool } from '../pipeline/types.ts';
import type { Place } from '../ports/volume-port.ts';
import { Progress } from '../progress.ts';
import type { ImagedPartition, ImageRequest, ImageResult } from '../requests/image.ts';
import { lockForJob } from '../run-lock.ts';
import { runVerify } from './verify.ts';

/**
 * Images disks or partitions into files of a folder. Nothing bears its real name before it was read back; a run that
 * fails, is cancelled or killed leaves every earlier file as it was.
 */
export async function runBackup(asked: ImageRequest, context: JobContext, hooks?: BackupHooks): Promise<ImageResult> {
	const request = { ...asked, folder: resolve(asked.folder) };
	const result = await writeUnderLock(request, context, hooks);
	if (request.verify) await verifyResult(result, request, context);
	return result;
}

async function verifyResult({ files }: ImageResult, request: ImageRequest, context: JobContext): Promise<void> {
	const file = files.at(-1)!;
	const asked = { file, password: request.password, sample: undefined };
	const { bad } = await runVerify(asked, context).catch((error: unknown) => {
		throw asNotVerified(error, file);
	});
	if (bad.length === 0) {
		logInfo(context, `Verified ${file}`);
		return;
	}
	throw new AfterimageError(
		'image-damaged',
		`${file} was written but does not verify: ${counted(bad.length, 'bad block')}`,
		{
			advice: 'The destination is faulty. Use another one.',
			details: { file, bad: bad.length },
		},
	);
}

/** The backup is there: who reads that a file is missing is not to think that none was made. */
function asNotVerified(error: unknown, file: string): unknown {
	if (!isAfterimageError(error) || error.code === 'cancelled') return error;
	const { code, message, advice, details } = error;
	return new AfterimageError(
		code === 'source-missing' ? 'destination-missing' : code,
		`${file} was written and cannot be verified: ${message}`,
		{ advice: advice ?? 'Verify it once its folder can be read again.', details, cause: error },
	);
}

async function writeUnderLock(
	request: ImageRequest,
	outer: JobContext,
	hooks: BackupHooks | undefined,
): Promise<ImageResult> {
	const events = heldEvents(outer.emit);
	const context = { ...outer, emit: events.emit };
	const sources = await openSources(request.sources, request.skipBadSectors, context);
	try {
		const chosen = sources.map(({ disk, partitions }) => ({ device: disk.device, partitions }));
		const place = await checkDestination(request.folder, chosen, context);
		const lock = lockForJob(request.folder, 'image', context);
		try {
			await clearLeftovers(request.folder, context);
			if (request.password === undefined) warnOfPlainText(sources, context);
			const quiet = await quiesce(sources.map(readFromDisk), place, events, context);
			try {
				for (const { disk } of sources) disk.refresh();
				return await planAndWrite({ request, sources, quiet, place, hooks }, context);
			} catch (error) {
				if (isAfterimageError(error, 'read-error')) await quiet.check();
				throw error;
			} finally {
				await quiet.thaw(false);
			}
		} catch (error) {
			throw asVanished(error, request.folder);
		} finally {
			lock.release();
		}
	} finally {
		await closeSources(sources);
	}
}

/** What a run works on, at one point in time. */
interface Run {
	readonly request: ImageRequest;
	readonly sources: readonly SourceDisk[];
	readonly quiet: Quiet;
	/** Where its files go. */
	readonly place: Place;
	readonly hooks: BackupHooks | undefined;
}

async function planAndWrite(run: Run, context: JobContext): Promise<ImageResult> {
	const started = context.ports.clock.passed();
	// Its threads start while the disks are looked at.
	const pool = context.createPool();
	const codec = context.createCodec();
	try {
		const result = await writeImage(run, await planImage(run, codec, context), pool, codec, context);
		return { ...result, seconds: (context.ports.clock.passed() - started) / 1000 };
	} finally {
		await pool.close();
		codec.dispose();
	}
}

/** What goes into the image, and its place among those of the folder. */
interface PlannedImage {
	/** In the order, and with the numbers, that they have in the image. */
	readonly disks: readonly PlannedDisk[];
	/** What it stands on; undefined for a full. */
	readonly base: Base | undefined;
	readonly names: IdentityAndKey;
	/** Of its files, without numbers and extension. */
	readonly baseName: string;
}

async function planImage(
	{ request, sources, quiet, hooks }: Run,
	codec: BlockCodec,
	context: JobContext,
): Promise<PlannedImage> {
	const planned = await planDisks(sources, quiet, request, context);
	const folder = openImageFolder(request.folder);
	const sets = await setsOf(folder, planned, codec, context);
	const base = await findBase(request, planned, folder, sets, codec, context);
	const disks = base?.disks ?? planned;
	const names = await identityFor(request, base, sets, context);
	const { identity } = names;
	const numbers = disks.map((disk) => disk.number);
	const baseName = hooks?.baseName({ ...identity, disks: numbers }) ?? baseNameOf(identity.imageId, identity.name);
	checkNameLength(baseName);
	return { disks, base, names, baseName };
}

async function writeImage(
	{ request, quiet, place, hooks }: Run,
	{ disks, base, names, baseName }: PlannedImage,
	pool: BlockPool,
	codec: BlockCodec,
	context: JobContext,
): Promise<Omit<ImageResult, 'seconds'>> {
	const { identity } = names;
	const { imageId } = identity;
	const parts = new PartFiles(request.folder, partNameOf(baseName, identity.incrementNumber));
	const writer = new ImageWriter({
		manifest: buildManifest(request, disks, identity, baseName, hooks, context.ports.privilege.hostName),
		disks: disks.map(({ track0, source }) => ({ track0, ept: eptOf(source) })),
		base: base?.resolved.map((disk) => disk.map((partition) => partition.index)),
		output: parts,
		codec,
		splitSize: splitSizeOf(request.splitSize, place.maxFileSize),
	});
	const progress = new Progress(context.ports.clock, context.emit);
	try {
		const guard = freeSpaceGuard({ ...request, imageId }, codec, progress, context);
		const beforeWrite = async (bytes: number) => {
			await guard(bytes);
			await hooks?.beforeWrite(bytes);
		};
		const tools = { pool, progress, beforeWrite };
		const stored = await storeDisks(disks, { request, quiet, base, names, writer, tools }, context);
		const { bytesRead } = progress;
		await quiet.thaw(true);
		throwIfAborted(context.signal);
		const files = await writer.finish();
		await parts.settle();
		await checkFiles(files, parts.files, pool, progress, context.signal);
		throwIfAborted(context.signal);
		if (base !== undefined) expectThere(lineage(base.chain.point).flatMap((point) => point.parts));
		return {
			files: await parts.commit(),
			imageId,
			backupType: identity.type,
			fileNumber: files.at(-1)!.fileNumber,
			partitions: imagedPartitions(disks, stored),
			bytesRead,
			bytesWritten: files.reduce((sum, file) => sum + file.size, 0),
			codec: pool.codecName,
		};
	} finally {
		progress.stop();
		await parts.discard();
	}
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
	return disks.flatMap(({ number, partitions }, d) =>
		partitions.map((planned, p) => ({
			disk: number,
			number: planned.number,
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
