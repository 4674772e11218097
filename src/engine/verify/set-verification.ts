import { dirname } from 'node:path';
import { throwIfAborted } from '../../base/abort.ts';
import { isAfterimageError } from '../../base/errors.ts';
import { counted } from '../../base/quantity.ts';
import { lineage, type RestorePoint } from '../../image/set/backup-set.ts';
import { BlockSet } from '../../image/index/block-set.ts';
import type { ResolvedPartition } from '../../image/set/chain.ts';
import type { BlockCodec } from '../../image/codec.ts';
import type { ImageFolder } from '../../image/set/image-folder.ts';
import { imageIdBytes } from '../../image/password.ts';
import { checkLoads } from '../load/check-loads.ts';
import { problemsIn } from '../file-walk/words.ts';
import type { JobContext } from '../job-context.ts';
import { isSampled, loadSteps } from '../load/load-plan.ts';
import type { BlockPool, LoadedBatch, LoadJob } from '../pipeline/types.ts';
import type { Progress } from '../progress.ts';
import type { BadBlockReport, VerifiedBackup } from '../requests/verify.ts';
import { noteDamaged, noteVerified } from '../verified-record.ts';
import type { FileStates } from './file-states.ts';
import type { LookBudget, SetLooks, SetPartition } from './look-into.ts';
import { soundSince, type AskedSet, type SetPlan } from './plan-verification.ts';
import type { FoundKey } from './set-keys.ts';
import { SetWalk, type TrackedPartition } from './set-walk.ts';

/** Bad blocks of a run that are named one by one; each backup counts all of its own. */
const mostReports = 10_000;

export interface SetToVerify extends AskedSet {
	readonly folder: ImageFolder;
}

/** What verifying the sets of a run shares. */
export interface VerifyTools {
	readonly context: JobContext;
	readonly codec: BlockCodec;
	readonly pool: BlockPool;
	readonly progress: Progress;
	readonly passwords: readonly string[];
	/** As in `VerifyRequest`. */
	readonly sample: number | undefined;
	/** As in `VerifyBackupsRequest`. */
	readonly fileSystems: boolean;
	readonly budget: LookBudget;
	/** Is asked before each backup: false ends the verification there. */
	readonly goesOn: () => boolean;
	/** Is told of each backup when it is done. */
	readonly done: (backup: VerifiedBackup) => void;
	/** Bad blocks are added here. */
	readonly bad: BadBlockReport[];
	/** Folders that take no note of what was verified are added here. */
	readonly unnoted: { readonly sound: Set<string>; readonly damaged: Set<string> };
}

/** What was found of a backup. */
type Found = Partial<VerifiedBackup> & Pick<VerifiedBackup, 'state' | 'reason'>;

/** What is read while a set is verified. */
export interface OpenedSet {
	/** The newest backup that can be opened and is verified. */
	readonly last: RestorePoint;
	readonly files: LoadJob['files'];
	readonly states: FileStates;
	readonly looks: SetLooks;
}

/** One verification of a set. */
export class SetVerification {
	/** Backups that are still to be verified. */
	readonly open: Set<RestorePoint>;
	readonly #plan: SetPlan<SetToVerify>;
	readonly #keys: ReadonlyMap<RestorePoint, FoundKey>;
	readonly #tools: VerifyTools;
	readonly #walk: SetWalk;

	constructor(plan: SetPlan<SetToVerify>, keys: ReadonlyMap<RestorePoint, FoundKey>, tools: VerifyTools) {
		this.#plan = plan;
		this.#keys = keys;
		this.#tools = tools;
		this.open = new Set(plan.due);
		this.#walk = new SetWalk(plan.asked.folder, plan.asked.set, tools.codec);
	}

	async run(opened: OpenedSet): Promise<void> {
		const { young, asked } = this.#plan;
		const { context, goesOn } = this.#tools;
		for (const point of asked.set.points) {
			if (point.fileNumber > opened.last.fileNumber) return;
			if (point.missing.length > 0) continue;
			throwIfAborted(context.signal);
			const isDue = this.open.has(point);
			if (isDue && !goesOn()) return;
			let partitions: readonly TrackedPartition[];
			let read = { blocks: 0, bytes: 0, stored: 0 };
			try {
				partitions = await this.#walk.advance(point, this.#keyOf(point)?.key, context.signal);
				if (isDue) read = await this.#read(point, partitions, opened.files);
			} catch (error) {
				if (!isAfterimageError(error) || ['cancelled', 'failed'].includes(error.code)) throw error;
				if (isDue) this.#fail(point, { state: 'damaged', reason: error.message }, opened.states);
				continue;
			}
			if (young.has(point)) for (const { blocks, reserved } of partitions) [blocks, reserved].forEach(believe);
			this.#walk.keepFull(point, context.signal);
			if (isDue || young.has(point)) await this.#conclude(point, partitions, read, opened);
		}
	}

	/** Ends a backup, and takes what it did not need off the progress. */
	end(point: RestorePoint, found: Found, read = 0): void {
		const { asked, bytes, due } = this.#plan;
		if (this.open.delete(point)) {
			const planned = bytes[due.indexOf(point)]! * (this.#tools.sample ?? 1);
			this.#tools.progress.drop(planned - read);
		}
		this.#tools.done({
			file: point.member.path,
			imageId: asked.set.imageid,
			...{ blocks: 0, bytes: 0, badBlocks: 0, damage: [], fileSystems: undefined },
			...found,
		});
	}

	/** Backups that are not verified need a key only for what is told of their disks. */
	#keyOf(point: RestorePoint) {
		return this.#keys.get(point) ?? [...this.#keys.values()].find(({ key }) => key !== undefined);
	}

	/** Reads what of a backup is still to be read. */
	async #read(point: RestorePoint, partitions: readonly TrackedPartition[], files: LoadJob['files']) {
		const { bad, context, pool, progress } = this.#tools;
		const total = { blocks: 0, bytes: 0, stored: 0 };
		const count = ({ blocks, rawBytes, storedBytes }: LoadedBatch) => {
			total.blocks += blocks;
			total.bytes += rawBytes;
			total.stored += storedBytes;
			progress.add(storedBytes, storedBytes, 0);
		};
		for (const partition of partitions) {
			const load = this.#loadOf(point, partition);
			const found = {
				blocks: new BlockSet(partition.blocks.index.count),
				reserved: new BlockSet(partition.reserved.index.count),
			};
			const note: Parameters<typeof checkLoads>[4] = (report) => {
				found[report.reserved ? 'reserved' : 'blocks'].add(report.block);
				if (bad.length < mostReports) bad.push(report);
			};
			await checkLoads([load], files, pool, count, note, context.signal);
			const { blocks, reserved } = partition;
			const read = [blocks.unread(), reserved.unread()] as const;
			blocks.settle(found.blocks);
			reserved.settle(found.reserved);
			await this.#walk.learn(partition, ...read);
		}
		return total;
	}

	#loadOf(point: RestorePoint, tracked: TrackedPartition) {
		const { sample } = this.#tools;
		const { blocks, reserved, disk, diskPlace, partition } = tracked;
		const resolved = this.#resolved(point, tracked);
		const steps = loadSteps(resolved, (index) => {
			const unread = (index === blocks.index ? blocks : reserved).unread();
			return sample === undefined ? unread : unread.filter((_, nth) => isSampled(nth, sample));
		});
		return { disk, diskPlace, partition, resolved, steps };
	}

	#resolved(point: RestorePoint, { disk, partition, layout, blocks, reserved }: TrackedPartition): ResolvedPartition {
		const key = this.#keyOf(point)?.key;
		return {
			layout,
			index: blocks.index,
			reserved: reserved.index,
			compressed: point.member.compressionLevel !== 'none',
			cipher: key && {
				...key,
				imageId: imageIdBytes(point.member.header.imageid),
				diskNumber: disk._header.disk_number,
				partitionNumber: partition._header.partition_number,
			},
		};
	}

	/** Tells what was found of a backup, and notes it. */
	async #conclude(
		point: RestorePoint,
		tracked: readonly TrackedPartition[],
		{ blocks, bytes, stored }: { readonly blocks: number; readonly bytes: number; readonly stored: number },
		{ last, looks, states }: OpenedSet,
	): Promise<void> {
		const isDue = this.open.has(point);
		const badBlocks = tracked.reduce((sum, one) => sum + one.blocks.bad.size() + one.reserved.bad.size(), 0);
		if (badBlocks === 0 && !isDue) return;
		const partitions = tracked.map((one) => this.#partitionOf(point, one));
		const damage = await looks.damageOf(partitions, point === last);
		let found: Omit<Found, 'state' | 'reason'> = { blocks, bytes, badBlocks, damage };
		if (isDue && this.#tools.fileSystems) {
			try {
				found = { ...found, fileSystems: await looks.checksOf(partitions) };
			} catch (error) {
				if (!isAfterimageError(error) || ['cancelled', 'failed'].includes(error.code)) throw error;
				const state = error.code === 'file-missing' ? 'changed' : 'incomplete';
				return this.end(point, { state, reason: error.message });
			}
		}
		if (badBlocks > 0) {
			this.#fail(point, { ...found, state: 'damaged', reason: counted(badBlocks, 'bad block') }, states, stored);
			return;
		}
		const changed = states.changed(point.parts);
		if (changed !== undefined) return this.end(point, { state: 'changed', reason: changed });
		const problems = problemsIn(found.fileSystems ?? []);
		if (problems > 0) {
			return this.end(point, { ...found, state: 'faulty', reason: counted(problems, 'problem') }, stored);
		}
		this.#noteSound(point);
		this.end(point, { ...found, state: 'sound', reason: undefined }, stored);
	}

	#partitionOf(point: RestorePoint, tracked: TrackedPartition): SetPartition {
		const { disk, diskPlace, partition, blocks, reserved, contents } = tracked;
		return {
			...{ disk, partition, contents, resolved: this.#resolved(point, tracked) },
			place: `${diskPlace} ${disk.partitions.indexOf(partition)}`,
			lost: { blocks: blocks.bad, reserved: reserved.bad },
		};
	}

	#noteSound(point: RestorePoint): void {
		const { context, sample } = this.#tools;
		if (sample !== undefined && sample < 1) return;
		const now = context.ports.clock.now();
		const since = soundSince(point, this.#plan.young, now);
		const paths = point.parts.map(({ path }) => path);
		if (!noteVerified(paths, new Date(now), new Date(since))) this.#tools.unnoted.sound.add(dirname(paths[0]!));
	}

	/** A backup that is not sound, unless its files are no more what they were when the run began. */
	#fail(point: RestorePoint, found: Found, states: FileStates, read?: number): void {
		const changed = states.changed(lineage(point).flatMap(({ parts }) => parts));
		if (changed !== undefined) {
			if (this.open.has(point)) this.end(point, { state: 'changed', reason: changed });
			return;
		}
		const paths = point.parts.map(({ path }) => path);
		if (!noteDamaged(paths)) this.#tools.unnoted.damaged.add(dirname(paths[0]!));
		this.end(point, found, read);
	}
}

/** What was noted to be sound is not read again. */
function believe(tracked: TrackedPartition['blocks']): void {
	tracked.settle([]);
}
