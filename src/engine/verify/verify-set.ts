import { throwIfAborted } from '../../base/abort.ts';
import { isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import { counted } from '../../base/quantity.ts';
import { lineage, type RestorePoint } from '../../image/backup-set.ts';
import type { BlockCodec } from '../../image/codec.ts';
import type { ImageFolder } from '../../image/image-folder.ts';
import { imageIdBytes } from '../../image/password.ts';
import { numbersOf } from '../../image/set-member.ts';
import { checkLoads } from '../check-loads.ts';
import { holdFiles, type HeldFiles } from '../hold-files.ts';
import type { JobContext } from '../job-context.ts';
import { isSampled, loadSteps, type PartitionLoad } from '../load-plan.ts';
import type { BlockPool, LoadedBatch, LoadJob } from '../pipeline/types.ts';
import type { Progress } from '../progress.ts';
import type { BadBlockReport, VerifiedBackup } from '../requests/verify.ts';
import { noteDamaged, noteVerified } from '../verified-record.ts';
import { FileStates } from './file-states.ts';
import { soundSince, type AskedSet, type SetPlan } from './plan-verification.ts';
import { findKey, type SetKey } from './set-keys.ts';
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
	/** Is asked before each backup: false ends the verification there. */
	readonly goesOn: () => boolean;
	/** Is told of each backup when it is done. */
	readonly done: (backup: VerifiedBackup) => void;
	/** Bad blocks are added here. */
	readonly bad: BadBlockReport[];
}

/** Verifies backups of one set, oldest first; each stored block is read once. What is found to be sound is noted. */
export async function verifySet(plan: SetPlan<SetToVerify>, tools: VerifyTools): Promise<void> {
	const { due, asked } = plan;
	const keys = await findKeys(due, tools);
	const last = due.findLast((point) => keys.get(point)?.error === undefined);
	const verification = new SetVerification(plan, keys, tools);
	for (const point of due) {
		const { error } = keys.get(point)!;
		if (error !== undefined) verification.end(point, { state: 'locked', reason: toErrorRecord(error).message });
	}
	if (last === undefined) return;
	const members = asked.set.members.filter((member) => member.header.file_number <= last.fileNumber);
	let held: HeldFiles;
	try {
		held = await holdFiles(members.map((member) => member.path));
	} catch (error) {
		if (!isAfterimageError(error)) throw error;
		const state = error.code === 'file-missing' ? 'changed' : 'incomplete';
		for (const point of verification.open) verification.end(point, { state, reason: error.message });
		return;
	}
	try {
		const files = members.flatMap((member) => {
			const file = { fd: held.fdOf(member.path), path: member.path, size: member.size };
			return numbersOf(member).map((number) => [number, file] as const);
		});
		await verification.run(last, new Map(files), new FileStates(members));
	} finally {
		await held.close();
	}
}

/** What opens each backup, or why nothing does; derived once for those of one password. */
async function findKeys(points: readonly RestorePoint[], { passwords, context }: VerifyTools) {
	const found = new Map<string, { readonly key?: SetKey | undefined; readonly error?: unknown }>();
	const keys = new Map<RestorePoint, { readonly key?: SetKey | undefined; readonly error?: unknown }>();
	for (const point of points) {
		throwIfAborted(context.signal);
		const test = JSON.stringify(point.member.encryption);
		const key =
			found.get(test) ??
			(await findKey(point.member, passwords).then(
				(one) => ({ key: one }),
				(error: unknown) => ({ error }),
			));
		found.set(test, key);
		keys.set(point, key);
	}
	return keys;
}

class SetVerification {
	/** Backups that are still to be verified. */
	readonly open: Set<RestorePoint>;
	readonly #plan: SetPlan<SetToVerify>;
	readonly #keys: Awaited<ReturnType<typeof findKeys>>;
	readonly #tools: VerifyTools;
	readonly #walk: SetWalk;

	constructor(plan: SetPlan<SetToVerify>, keys: Awaited<ReturnType<typeof findKeys>>, tools: VerifyTools) {
		this.#plan = plan;
		this.#keys = keys;
		this.#tools = tools;
		this.open = new Set(plan.due);
		this.#walk = new SetWalk(plan.asked.folder, plan.asked.set, tools.codec);
	}

	/** @param last backup that can be opened */
	async run(last: RestorePoint, files: LoadJob['files'], states: FileStates): Promise<void> {
		const { young, asked } = this.#plan;
		const { context, goesOn } = this.#tools;
		for (const point of asked.set.points) {
			if (point.fileNumber > last.fileNumber) return;
			if (point.missing.length > 0) continue;
			throwIfAborted(context.signal);
			const isDue = this.open.has(point);
			if (isDue && !goesOn()) return;
			let partitions: readonly TrackedPartition[];
			let read = { blocks: 0, bytes: 0, stored: 0 };
			try {
				partitions = await this.#walk.advance(point, this.#keyOf(point)?.key, context.signal);
				if (isDue) read = await this.#read(point, partitions, files);
			} catch (error) {
				if (!isAfterimageError(error) || ['cancelled', 'failed'].includes(error.code)) throw error;
				if (isDue) this.#fail(point, error.message, states);
				continue;
			}
			if (young.has(point)) for (const { blocks, reserved } of partitions) [blocks, reserved].forEach(believe);
			this.#walk.keepFull(point);
			if (isDue || young.has(point)) this.#conclude(point, partitions, read, states);
		}
	}

	/** Ends a backup, and takes what it did not need off the progress. */
	end(point: RestorePoint, found: Partial<VerifiedBackup> & Pick<VerifiedBackup, 'state' | 'reason'>, read = 0): void {
		const { asked, bytes, due } = this.#plan;
		if (this.open.delete(point)) {
			const planned = bytes[due.indexOf(point)]! * (this.#tools.sample ?? 1);
			this.#tools.progress.drop(planned - read);
		}
		this.#tools.done({
			file: point.member.path,
			imageId: asked.set.imageid,
			...{ blocks: 0, bytes: 0, badBlocks: 0 },
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
			const reports = await checkLoads([load], files, pool, count, context.signal);
			for (const report of reports.slice(0, mostReports - bad.length)) bad.push(report);
			for (const which of ['blocks', 'reserved'] as const) {
				const tracked = partition[which];
				const unread = tracked.unread();
				const own = reports.filter(({ reserved }) => reserved === (which === 'reserved'));
				tracked.settle(own.map(({ block }) => block));
				this.#walk.learn(partition, which, unread);
			}
		}
		return total;
	}

	#loadOf(point: RestorePoint, { disk, diskPlace, partition, layout, blocks, reserved }: TrackedPartition) {
		const { sample } = this.#tools;
		const key = this.#keyOf(point)?.key;
		const resolved = {
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
		const steps = loadSteps(resolved, (index) => {
			const unread = (index === blocks.index ? blocks : reserved).unread();
			return sample === undefined ? unread : unread.filter((_, nth) => isSampled(nth, sample));
		});
		return { disk, diskPlace, partition, resolved, steps } satisfies PartitionLoad;
	}

	/** Tells what was found of a backup, and notes it. */
	#conclude(
		point: RestorePoint,
		partitions: readonly TrackedPartition[],
		{ blocks, bytes, stored }: { readonly blocks: number; readonly bytes: number; readonly stored: number },
		states: FileStates,
	): void {
		const { context, sample } = this.#tools;
		const badBlocks = partitions.reduce((sum, one) => sum + one.blocks.bad.size() + one.reserved.bad.size(), 0);
		if (badBlocks > 0) {
			this.#fail(point, counted(badBlocks, 'bad block'), states, { blocks, bytes, badBlocks }, stored);
			return;
		}
		if (!this.open.has(point)) return;
		const changed = states.changed(point.parts);
		if (changed !== undefined) return this.end(point, { state: 'changed', reason: changed });
		if (sample === undefined || sample === 1) {
			const now = context.ports.clock.now();
			const since = soundSince(point, this.#plan.young, now);
			noteVerified(
				point.parts.map(({ path }) => path),
				new Date(now),
				new Date(since),
			);
		}
		this.end(point, { state: 'sound', reason: undefined, blocks, bytes }, stored);
	}

	/** A backup that is not sound, unless its files are no more what they were when the run began. */
	#fail(
		point: RestorePoint,
		reason: string,
		states: FileStates,
		found: Partial<VerifiedBackup> = {},
		read?: number,
	): void {
		const changed = states.changed(lineage(point).flatMap(({ parts }) => parts));
		if (changed !== undefined) {
			if (this.open.has(point)) this.end(point, { state: 'changed', reason: changed });
			return;
		}
		noteDamaged(point.parts.map(({ path }) => path));
		this.end(point, { state: 'damaged', reason, ...found }, read);
	}
}

/** What was noted to be sound is not read again. */
function believe(tracked: TrackedPartition['blocks']): void {
	tracked.settle([]);
}
