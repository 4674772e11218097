import { AfterimageError, isAfterimageError } from '../../base/errors.ts';
import { formatBytes } from '../../base/quantity.ts';
import type { ManifestDisk } from '../../image/manifest.ts';
import type { PartitionLoad } from '../load/load-plan.ts';
import type { Ports } from '../ports.ts';
import type { RestoreRequest } from '../requests/restore.ts';
import { planRooms } from './plan-rooms.ts';
import { nothingShrunk, type RestorePlan } from './restore-plan.ts';
import type { RestoreSource } from './restore-source.ts';
import { allCandidates, candidatesOf, type Candidate } from './shrink/candidates.ts';
import { lengthsFor, planSmaller, type SmallerPlan, type SmallerTables } from './shrink/plan-smaller.ts';
import { leastLength, shareLengths, type Lengths } from './shrink/share-lengths.ts';
import type { ShrinkWork } from './shrink/shrink-work.ts';
import { randomIds } from './table/new-ids.ts';
import { noShrinking } from './table/no-shrinking.ts';
import { alignment } from './table/pack.ts';
import { planTable } from './table/plan-table.ts';
import type { TableOptions, TablePlan } from './table/table-plan.ts';

/** Plans the table of a target, and what follows from it. */
export class DiskPlanner {
	readonly request: RestoreRequest;
	readonly source: RestoreSource;
	readonly disk: ManifestDisk;
	/** What is the same of every target, unless partitions become smaller. */
	readonly common: Pick<RestorePlan, 'loads' | 'shrunk' | 'places' | 'shift' | 'origin' | 'erased'>;
	readonly #ports: Ports;
	/** The one partition that takes the free space behind it; none where none grows. */
	readonly #growing: readonly PartitionLoad[];
	readonly #options: Omit<TableOptions, 'targetSize'>;
	#candidates: Promise<Candidate[]> | undefined;

	constructor(request: RestoreRequest, source: RestoreSource, ports: Ports) {
		const { chain, place, loads } = source;
		this.request = request;
		this.source = source;
		this.disk = chain.manifest.disks[place]!;
		this.common = { loads, ...nothingShrunk, shift: 0, origin: 0, erased: [] };
		this.#ports = ports;
		this.#growing = loads.filter(({ partition }) => partition._header.partition_number === request.grow);
		this.#options = {
			newIds: request.newDiskId ? randomIds(this.disk) : undefined,
			only: request.partitions === undefined ? undefined : loads.map((load) => load.partition._geometry.start),
			grow: this.#growing[0]?.partition._geometry.start,
		};
	}

	/** Bytes of a raw file that is made: as many as the imaged disk has, or as partitions of given sizes need. */
	async sizeOfNewFile(): Promise<number> {
		const { shrink } = this.request;
		if (shrink === undefined) return this.disk._geometry.disk_size;
		const open = shrink.find(({ size }) => size === undefined);
		if (open !== undefined) {
			throw noShrinking(
				'A raw file that is made has no size that something could be too large for',
				`Name a size (--shrink ${open.partition}=20G), or make the file first (truncate -s SIZE FILE).`,
			);
		}
		const { needed } = await lengthsFor(await this.#wished(), Infinity, this.#smallerTables(Infinity));
		return Math.ceil(needed / alignment) * alignment;
	}

	/** @throws AfterimageError `target-too-small` for a target that is so, with what would help */
	async expectFit(targetSize: number): Promise<void> {
		if (this.request.shrink !== undefined) {
			const candidates = await this.#wished();
			if (await this.#fits(candidates, targetSize)) return;
			await lengthsFor(candidates, targetSize, this.#smallerTables(targetSize));
			return;
		}
		try {
			await this.#tableFor(targetSize);
		} catch (error) {
			if (!isAfterimageError(error, 'target-too-small')) throw error;
			throw (await this.#shrinkingHelps(error, targetSize)) ?? error;
		}
	}

	/** The table of a target, with what is told of it and of partitions that grow or become smaller. */
	async withTable(
		targetSize: number,
		work: ShrinkWork | undefined,
	): Promise<Omit<SmallerPlan, 'loads' | 'shrunk' | 'places'> & Partial<SmallerPlan>> {
		const { shrink } = this.request;
		const candidates = shrink === undefined ? undefined : await this.#wished();
		if (candidates !== undefined && !(await this.#fits(candidates, targetSize))) {
			const tables = this.#smallerTables(targetSize);
			return planSmaller(this.request, this.source, candidates, targetSize, tables, work, this.#ports);
		}
		const table = await this.#tableFor(targetSize);
		const rooms = new Map(table.partitions.map(({ start, length }) => [start, length]));
		const facts = await planRooms(this.#growing, rooms, this.source, this.request);
		const idle = candidates === undefined ? [] : ['Everything fits: no file system is made smaller'];
		return {
			...facts,
			table,
			notes: [...table.notes, ...idle, ...facts.notes],
			warnings: [...table.warnings, ...facts.warnings],
		};
	}

	/** @throws AfterimageError as `planTable` */
	#tableFor(targetSize: number, shrink?: Lengths): Promise<TablePlan> {
		const { chain, place } = this.source;
		return planTable(this.disk, chain.disks[place]!, { targetSize, shrink, ...this.#options });
	}

	#smallerTables(targetSize: number): SmallerTables {
		const tableFor = async (lengths: Lengths, size: number) => {
			const { packing, ...table } = await this.#tableFor(size, lengths);
			if (packing === undefined) throw noShrinking('The table has no partitions');
			return { ...table, packing };
		};
		// Partitions that become smaller and move down fit where they were.
		const ends = this.disk.partitions.map(({ _geometry }) => _geometry.start + _geometry.length);
		const enough = Math.max(this.disk._geometry.disk_size, ...ends) + tableRoom;
		return {
			tableFor: (lengths) => tableFor(lengths, targetSize),
			neededFor: async (lengths) => (await tableFor(lengths, enough)).packing.needed,
		};
	}

	/** What is to become smaller. */
	#wished(): Promise<Candidate[]> {
		const { source, request } = this;
		return (this.#candidates ??= candidatesOf(request.shrink ?? [], source, source.signal));
	}

	/** Whether everything fits as it is, and no size is asked for. */
	async #fits(candidates: readonly Candidate[], targetSize: number): Promise<boolean> {
		if (candidates.some(({ size }) => size !== undefined)) return false;
		try {
			await this.#tableFor(targetSize);
			return true;
		} catch (error) {
			if (isAfterimageError(error, 'target-too-small')) return false;
			throw error;
		}
	}

	/** The error with the partitions to make smaller, the fewest that do; undefined where that does not help. */
	async #shrinkingHelps(error: AfterimageError, targetSize: number): Promise<AfterimageError | undefined> {
		const { source, request } = this;
		if (this.#ports.shrinking === undefined || request.grow !== undefined || request.skipBadBlocks) return undefined;
		try {
			const tables = this.#smallerTables(targetSize);
			const spare = (one: Candidate) => one.length - leastLength(one);
			const all = (await allCandidates(source, source.signal)).toSorted((a, b) => spare(b) - spare(a));
			for (let count = 1; count <= all.length; count++) {
				const some = all.slice(0, count);
				const { needed } = await shareLengths(some, 0, (lengths) => tables.neededFor(lengths));
				if (needed <= targetSize) return withHelp(error, some, needed);
			}
		} catch (reason) {
			if (!isAfterimageError(reason) || reason.code === 'cancelled') throw reason;
		}
		return undefined;
	}
}

/** More than any backup of a partition table takes, in bytes. */
const tableRoom = 64 * 1024 * 1024;

function withHelp(error: AfterimageError, smaller: readonly Candidate[], needed: number): AfterimageError {
	const options = smaller.map(({ number }) => `--shrink ${number}`).join(' ');
	const what = smaller.map((one) => one.what.replace('Partition', 'partition')).join(', ');
	return new AfterimageError(error.code, error.message, {
		advice:
			`Choose a target of at least that size, or make ${what} smaller on the way with ${options}: ` +
			`a little more than ${formatBytes(needed)} are needed then.`,
		details: { ...error.details, shrunk: needed },
		cause: error,
	});
}
