import { dirname } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import type { BackupSet } from '../../image/set/backup-set.ts';
import type { BlockCodec } from '../../image/codec.ts';
import type { ImageFolder } from '../../image/set/image-folder.ts';
import { planMerge } from '../../image/merge/plan.ts';
import { prepareMerge, type PreparedMerge } from '../../image/merge/prepare.ts';
import { readReferences } from '../../image/merge/references.ts';
import { writeMerge, type BlockMover } from '../../image/merge/write.ts';
import { checkFile } from '../backup/destination/check-files.ts';
import { PartFiles, syncFolder } from '../backup/destination/part-files.ts';
import { asVanished } from '../backup/destination/vanished.ts';
import type { JobContext } from '../job-context.ts';
import type { BlockPool } from '../pipeline/types.ts';
import { removePatiently, renamePatiently } from '../ports/patient-files.ts';
import { systemCode } from '../../base/system-code.ts';
import { openFailure } from '../ports/system-errors.ts';
import type { Progress } from '../progress.ts';
import { moveBlocks } from './move-blocks.ts';
import { takeOwnNames } from './own-names.ts';

/** What is said to a rename onto a file where that cannot be, as by SFTP of old. */
const refusesToReplace = ['EPERM', 'EEXIST', 'EACCES', 'EIO'];
const replaceAdvice =
	'Backups are as they were. Where the server replaces no files, mount it with sshfs -o workaround=rename; ' +
	'else look whether the file is protected.';

export interface MergedRange {
	/** Path of the file that holds the range. */
	readonly file: string;
	/** Paths. */
	readonly removed: readonly string[];
	/** Bytes of stored blocks that are copied. */
	readonly movedBytes: number;
	/** Bytes that the folder gains, a few KiB of metadata aside. */
	readonly freedBytes: number;
}

/** Backups of a set that become one. */
export interface RangeOfSet {
	readonly folder: ImageFolder;
	readonly set: BackupSet;
	/** File number of the first. */
	readonly oldest: number;
	/** File number of the last. */
	readonly newest: number;
}

/**
 * Makes one file of the backups of a range. Each step's result is written under a name that no reader takes for an
 * image, synced and read back before it takes the place of the oldest file; only then are the others removed. Killed
 * anywhere, the chain restores; what is left over the next purge or merge removes.
 * @throws AfterimageError `not-supported` with the reason for backups that cannot become one, `image-damaged`,
 * `file-missing`, `no-space`, `write-error`, `read-error`, `cancelled`
 */
export async function mergeRange(
	range: RangeOfSet,
	codec: BlockCodec,
	progress: Progress,
	context: JobContext,
): Promise<MergedRange> {
	const { folder, set, oldest, newest } = range;
	const keys = { codec };
	// Its threads start while the indexes are read.
	const pool = context.createPool();
	try {
		const references = await readReferences(folder, set, oldest, newest, keys, context.signal);
		const plan = planMerge(set, oldest, newest, references);
		const removed: string[] = [];
		let movedBytes = 0;
		let freedBytes = 0;
		for (const step of plan.steps) {
			const prepared = await prepareMerge(folder, set, step, keys, context.signal);
			const absorbed = await replaceOldest(prepared, codec, pool, progress, context);
			// Newest first, so that what is left of an interrupted removal is still a chain.
			for (const [i, path] of [...absorbed.entries()].reverse()) {
				await remove(path, step.sources[0]!.path);
				removed.push(step.removes[i]!.path);
			}
			if (absorbed.length > 0) syncFolder(dirname(absorbed[0]!));
			movedBytes += prepared.movedBytes;
			freedBytes += prepared.reclaimedBytes;
		}
		return { file: plan.steps.at(-1)!.sources[0]!.path, removed, movedBytes, freedBytes };
	} catch (error) {
		throw asVanished(error, dirname(set.members[0]!.path));
	} finally {
		await pool.close();
	}
}

/** What {@link mergeRange} would do, from the indexes alone. @throws AfterimageError as it does for what it reads */
export async function estimateMerge(
	{ folder, set, oldest, newest }: RangeOfSet,
	codec: BlockCodec,
	signal: AbortSignal,
): Promise<MergedRange> {
	const keys = { codec };
	const plan = planMerge(set, oldest, newest, await readReferences(folder, set, oldest, newest, keys, signal));
	let movedBytes = 0;
	let freedBytes = 0;
	for (const step of plan.steps) {
		const prepared = await prepareMerge(folder, set, step, keys, signal);
		movedBytes += prepared.movedBytes;
		freedBytes += prepared.reclaimedBytes;
	}
	const last = plan.steps.at(-1)!;
	return { file: last.sources[0]!.path, removed: last.removes.map((member) => member.path), movedBytes, freedBytes };
}

async function remove(absorbed: string, mergedInto: string): Promise<void> {
	try {
		await removePatiently(absorbed);
	} catch (error) {
		const { code, message, details } = openFailure(error, absorbed, 'destination-missing');
		throw new AfterimageError(code, `The backups were merged into ${mergedInto}, but one stays: ${message}`, {
			advice: 'No backup needs it any more. Let it be deleted: the next purge does so.',
			details,
			cause: error,
		});
	}
}

/** The merged file is whole; the file whose place it should take is there still. */
function notReplaced(error: unknown, from: string, to: string): AfterimageError {
	const failure = openFailure(error, to, 'destination-missing');
	if (!refusesToReplace.includes(systemCode(error) ?? '')) return failure;
	return new AfterimageError(failure.code, `${from} cannot take the place of ${failure.message}`, {
		advice: replaceAdvice,
		details: failure.details,
		cause: error,
	});
}

/** @returns the paths of the files that the step removes */
async function replaceOldest(
	prepared: PreparedMerge,
	codec: BlockCodec,
	pool: BlockPool,
	progress: Progress,
	{ signal }: JobContext,
): Promise<string[]> {
	const target = prepared.step.sources[0]!;
	const parts = new PartFiles(dirname(target.path), () => target.name);
	try {
		const { sink } = await parts.begin(target.header.file_number);
		const part = parts.files[0]!;
		const move: BlockMover = (copies) => moveBlocks(copies, { fd: part.fd, path: part.partPath }, pool, signal);
		progress.start('merge', prepared.movedBytes);
		const merged = await writeMerge(prepared, move, sink, codec, (bytes) => progress.add(bytes, bytes, bytes));
		progress.stop();
		await parts.settle();
		await checkFile(merged, part, pool, signal);
		const absorbed = await takeOwnNames(prepared.step.removes);
		try {
			await renamePatiently(part.partPath, target.path);
		} catch (error) {
			throw notReplaced(error, part.partPath, target.path);
		}
		syncFolder(dirname(target.path));
		return absorbed;
	} finally {
		progress.stop();
		await parts.discard();
	}
}
