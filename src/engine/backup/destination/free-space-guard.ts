import { planFreeSpace } from '../../../definition/retention/free-space.ts';
import type { RetentionPlan, RetentionStep } from '../../../definition/retention/types.ts';
import { formatBytes } from '../../../base/quantity.ts';
import type { BlockCodec } from '../../../image/codec.ts';
import { openImageFolder } from '../../../image/set/image-folder.ts';
import { scanFolder } from '../../../image/set/scan-folder.ts';
import { doSteps } from '../../chain/purge-steps.ts';
import { retentionSet } from '../../chain/retention-sets.ts';
import { warnOfUnknownRoom } from '../../chain/unknown-room.ts';
import { logInfo, logWarning, type JobContext } from '../../job-context.ts';
import type { Progress } from '../../progress.ts';
import { readVerified } from '../../verified-record.ts';
import type { BeforeWrite } from '../store-partition.ts';

/** Free space is looked at again after this many bytes. */
const interval = 32 * 1024 * 1024;

/** What is kept from filling up. */
export interface GuardedFolder {
	readonly folder: string;
	/** Bytes; undefined = nothing is deleted. */
	readonly minFree: number | undefined;
	/** The set that is written. */
	readonly imageId: string;
}

/**
 * Keeps `minFree` bytes free while a backup runs: below it the run waits until the oldest sets have gone, never the one
 * that it writes or stands on. Sets go one after another, and no more of them where that frees nothing.
 */
export function freeSpaceGuard(
	{ folder, minFree, imageId }: GuardedFolder,
	codec: BlockCodec,
	progress: Progress,
	context: JobContext,
): BeforeWrite {
	if (minFree === undefined) return () => Promise.resolve();
	const oldest = new OldestSets(folder, imageId, codec, progress, context);
	return (bytes) => oldest.makeRoom(bytes, minFree);
}

/** The sets of a folder that go, one after another, while another is written. */
class OldestSets {
	readonly #folder: string;
	readonly #imageId: string;
	readonly #codec: BlockCodec;
	readonly #progress: Progress;
	readonly #context: JobContext;
	#unchecked = interval;
	#written = 0;
	/** What is free when it was last known for certain, before `#written` bytes. */
	#known: number | undefined;
	/** Nothing can be deleted any more, or it would be of no use. */
	#exhausted = false;

	constructor(folder: string, imageId: string, codec: BlockCodec, progress: Progress, context: JobContext) {
		this.#folder = folder;
		this.#imageId = imageId;
		this.#codec = codec;
		this.#progress = progress;
		this.#context = context;
	}

	/** @param bytes that are about to be written @param minFree bytes that are to stay free */
	async makeRoom(bytes: number, minFree: number): Promise<void> {
		this.#written += bytes;
		this.#unchecked += bytes;
		if (this.#unchecked < interval || this.#exhausted) return;
		this.#unchecked = 0;
		const isEnough = (free: number) => free - interval >= minFree;
		const counted = await this.#free();
		if (counted === undefined) {
			this.#exhausted = true;
			return warnOfUnknownRoom(this.#folder, this.#context);
		}
		this.#known ??= counted + this.#written;
		if (isEnough(Math.min(counted, this.#known - this.#written))) return;
		// Btrfs counts neither what was written nor what was deleted before it commits.
		await this.#context.ports.volumes.settle(this.#folder);
		let free = (await this.#free()) ?? counted;
		[this.#known, this.#written] = [free, 0];
		if (isEnough(free)) return;
		logInfo(this.#context, `${formatBytes(free)} free in ${this.#folder}: paused to delete the oldest sets`);
		const { steps, notes } = await this.#plan(free, minFree);
		this.#exhausted = steps.length === 0;
		for (const note of notes) logWarning(this.#context, note.text);
		for (const step of steps) {
			if (isEnough(free)) return;
			const before = free;
			await doSteps(this.#folder, [step], this.#codec, this.#progress, this.#context);
			free = this.#known = (await this.#free()) ?? before;
			if (free - before >= step.bytesFreed / 2) continue;
			this.#exhausted = true;
			this.#warnOfLittle(step, free - before);
			return;
		}
	}

	/** Undefined where the file system does not tell. */
	async #free(): Promise<number | undefined> {
		return (await this.#context.ports.volumes.placeOf(this.#folder)).free;
	}

	async #plan(free: number, minFreeBytes: number): Promise<RetentionPlan> {
		const scan = await scanFolder(openImageFolder(this.#folder), { codec: this.#codec }, this.#context.signal);
		const noted = readVerified(this.#folder);
		const sets = scan.sets.map((set) => retentionSet(set, true, noted));
		return planFreeSpace({
			sets,
			scope: 'all',
			freeBytes: free - interval,
			minFreeBytes,
			now: this.#context.ports.clock.now(),
			protect: [this.#imageId],
		});
	}

	#warnOfLittle({ setId, bytesFreed }: RetentionStep, gained: number): void {
		logWarning(
			this.#context,
			`Set ${setId} was deleted and only ${formatBytes(Math.max(0, gained))} of its ${formatBytes(bytesFreed)} became free in ${this.#folder}: no more sets are deleted`,
			'Look for what holds them: snapshots of the file system, links, a recycle bin of the share, programs that write there.',
		);
	}
}
