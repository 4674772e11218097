import { ftruncate } from 'node:fs';
import { promisify } from 'node:util';
import { SubSource } from '../../../base/bytes.ts';
import { AfterimageError, isAfterimageError } from '../../../base/errors.ts';
import { formatBytes } from '../../../base/quantity.ts';
import { movedVolume } from '../../../disk/moved-volume.ts';
import { recogniseFileSystem } from '../../../disk/recognise.ts';
import { UsedBlocks } from '../../../disk/used-blocks.ts';
import { logInfo, logWarning, type JobContext } from '../../job-context.ts';
import { bytesOf, type PartitionLoad } from '../../load/load-plan.ts';
import type { ChainFiles } from '../../load/open-image.ts';
import type { OpenDisk } from '../../ports/disk-port.ts';
import type { ShrinkPort } from '../../ports/shrink-port.ts';
import { Progress } from '../../progress.ts';
import { nothingShrunk, type RestorePlan, type ShrunkPartition } from '../restore-plan.ts';
import { explainFailure } from '../write/failures.ts';
import { writeBlocks } from '../write/write-blocks.ts';
import type { Candidate } from './candidates.ts';
import { makeTemporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

const truncate = promisify(ftruncate);

/** What is compared and written of a copy at once, in bytes. */
const blockSize = 65_536;
/** What lies at the ends of a volume may tell of an older use of its place: that is written over, also where nothing is in use. */
const edge = 1024 * 1024;

/** Where a partition goes. Bytes of the target. */
export interface ShrinkPlace {
	readonly start: number;
	readonly length: number;
}

/** Makes file systems smaller in temporary copies of their partitions. One for a restore; whoever makes it removes its copies. */
export class ShrinkWork {
	readonly #opened: ChainFiles;
	readonly #context: JobContext;
	readonly #tools: ShrinkPort;
	readonly #progress: Progress;
	readonly #copies = new Map<PartitionLoad, OpenDisk>();
	readonly #least = new Map<PartitionLoad, number>();
	#folder: TemporaryFolder | undefined;

	constructor(opened: ChainFiles, tools: ShrinkPort, context: JobContext) {
		this.#opened = opened;
		this.#context = context;
		this.#tools = tools;
		this.#progress = new Progress(context.ports.clock, context.emit);
	}

	/**
	 * Copies partitions, and asks their tools for the least sizes. What has been copied already is not copied again.
	 * @param base folder in which that of the copies is made
	 * @returns the candidates with what they need according to their tools
	 * @throws AfterimageError whatever keeps a partition from being read, copied or made smaller; `cancelled`
	 */
	async examine(candidates: readonly Candidate[], base: string): Promise<Candidate[]> {
		this.#folder ??= await makeTemporaryFolder(base, this.#context.ports.processes);
		const fresh = candidates.filter(({ load }) => !this.#least.has(load));
		await this.#copy(fresh, this.#folder);
		this.#progress.start('shrink', bytesOf(fresh.map(({ load }) => load)));
		for (const one of fresh) this.#least.set(one.load, await this.#leastOf(one));
		this.#progress.stop();
		return candidates.map((one) => ({ ...one, least: this.#least.get(one.load)! }));
	}

	/** @throws AfterimageError as {@link examine} */
	async shrink(one: Candidate, place: ShrinkPlace): Promise<ShrunkPartition> {
		const { signal } = this.#context;
		const { load, kind, what } = one;
		const disk = this.#copies.get(load)!;
		const lengths = `from ${formatBytes(one.length)} to ${formatBytes(place.length)}`;
		logInfo(this.#context, `${what} is made smaller, ${lengths}, in ${disk.device.path}`);
		this.#progress.start('shrink', bytesOf([load]));
		await this.#tool(one, () => this.#tools.shrink(kind, disk.fd, place.length, signal));
		await truncate(disk.fd, place.length);
		const source = new SubSource(disk, 0, place.length);
		const moved = await movedVolume(source, { from: one.start, to: place.start, room: place.length });
		for (const { offset, data } of moved) await disk.write(offset, data);
		await this.#tool(one, () => this.#tools.confirm(kind, disk.fd, signal));
		const used = await this.#usedOf(source, what);
		this.#progress.add(bytesOf([load]), 0, 0);
		this.#progress.stop();
		return { load, ...place, copy: { source, used } };
	}

	/** Removes the copies. */
	async remove(): Promise<void> {
		this.#progress.stop();
		for (const disk of this.#copies.values()) await disk.close();
		await this.#folder?.remove();
	}

	async #copy(candidates: readonly Candidate[], folder: TemporaryFolder): Promise<void> {
		const pool = this.#context.createPool();
		this.#progress.start('shrink-copy', bytesOf(candidates.map(({ load }) => load)));
		try {
			for (const { number, load, length } of candidates) {
				const path = folder.copyOf(number);
				const target = await this.#context.ports.disks.openTarget(path, { createSize: length });
				this.#copies.set(load, target);
				const plan = planOfCopy(load, path, target);
				try {
					const how = { delta: false, skipBadBlocks: false };
					await writeBlocks(how, plan, this.#opened, pool, this.#progress, this.#context);
				} catch (error) {
					throw explainFailure(error, plan, false);
				}
			}
		} finally {
			this.#progress.stop();
			await pool.close();
		}
	}

	async #leastOf(one: Candidate): Promise<number> {
		const { signal } = this.#context;
		const { fd } = this.#copies.get(one.load)!;
		const { least, tool, corrected } = await this.#tool(one, () => this.#tools.examine(one.kind, fd, signal));
		for (const line of corrected) logWarning(this.#context, `${one.what}, put in order in its copy: ${line}`);
		logInfo(this.#context, `${one.what} needs at least ${least} bytes (${formatBytes(least)}), says ${tool}`);
		this.#progress.add(bytesOf([one.load]), 0, 0);
		return least;
	}

	/** Says of what a tool failed, and that room was lacking where it was. */
	async #tool<R>({ what, number }: Candidate, run: () => Promise<R>): Promise<R> {
		try {
			return await run();
		} catch (error) {
			if (!isAfterimageError(error, 'failed')) throw error;
			const { path } = this.#folder!;
			const { free } = await this.#context.ports.volumes.placeOf(path);
			const full = free !== undefined && free < edge;
			throw new AfterimageError(full ? 'no-space' : 'failed', `${what} cannot be made smaller: ${error.message}`, {
				advice: full ? `${path} is full. Name another folder with --temporary.` : (error.advice ?? untouched),
				details: { ...error.details, partition: number },
				cause: error,
			});
		}
	}

	/** What a restore has to write of a copy: all of it where its structures do not tell. */
	async #usedOf(source: SubSource, what: string): Promise<UsedBlocks> {
		const { signal } = this.#context;
		const used = new UsedBlocks(0, source.size, blockSize);
		used.add(0, edge);
		used.add(source.size - edge, source.size);
		try {
			// That ntfsresize has Windows check the volume says nothing of its maps.
			const { fileSystem } = await recogniseFileSystem(source, { frozen: true, signal });
			if (fileSystem === undefined) used.addAll();
			else await fileSystem.collectUsed(used, signal);
		} catch (error) {
			if (!isAfterimageError(error, 'structure-damaged')) throw error;
			logWarning(this.#context, `${what} is written whole, since its maps cannot be trusted: ${error.message}`);
			used.addAll();
		}
		return used;
	}
}

const untouched = 'Nothing was written to the target.';

function planOfCopy(load: PartitionLoad, path: string, target: OpenDisk): RestorePlan {
	return {
		target,
		path,
		size: target.size,
		what: path,
		created: true,
		loads: [load],
		...nothingShrunk,
		shift: -load.partition._geometry.start,
		origin: 0,
		rooms: new Map(),
		moved: [],
		erased: [],
		table: undefined,
		warnings: [],
		notes: [],
	};
}
