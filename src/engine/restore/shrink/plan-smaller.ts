import { AfterimageError } from '../../../base/errors.ts';
import { formatBytes } from '../../../base/quantity.ts';
import type { PartitionLoad } from '../../load/load-plan.ts';
import type { Ports } from '../../ports.ts';
import type { ShrinkPort } from '../../ports/shrink-port.ts';
import type { RestoreRequest } from '../../requests/restore.ts';
import { planMove } from '../plan-move.ts';
import type { RestorePlan, ShrunkPartition } from '../restore-plan.ts';
import type { RestoreSource } from '../restore-source.ts';
import type { Packing, TablePlan } from '../table/table-plan.ts';
import type { Candidate } from './candidates.ts';
import { neededRoom } from './needed-room.ts';
import { leastLength, shareLengths, type Lengths, type Shared } from './share-lengths.ts';
import type { ShrinkWork } from './shrink-work.ts';
import { checkTemporaryRoom } from './temporary-folder.ts';

/** Tables for lengths of partitions. Both throw as `planTable` does. */
export interface SmallerTables {
	/** Bytes that a target needs. */
	neededFor(lengths: Lengths): Promise<number>;
	/** The table of the target. */
	tableFor(lengths: Lengths): Promise<TablePlan & { readonly packing: Packing }>;
}

/** What a plan has in which partitions become smaller. */
export type SmallerPlan = Pick<
	RestorePlan,
	'loads' | 'shrunk' | 'places' | 'rooms' | 'moved' | 'notes' | 'warnings'
> & { readonly table: TablePlan };

/**
 * Lengths with which everything fits on a target, as far as the image tells.
 * @throws AfterimageError `target-too-small`, `invalid-argument` for a size that is not enough
 */
export async function lengthsFor(
	candidates: readonly Candidate[],
	targetSize: number,
	tables: SmallerTables,
): Promise<Shared> {
	for (const { what, size, least, length } of candidates) {
		if (size === undefined || size >= Math.min(least, length)) continue;
		throw new AfterimageError(
			'invalid-argument',
			`${what} cannot shrink to ${size} bytes (${formatBytes(size)}): at least ${least} (${formatBytes(least)}) are needed for it`,
			{ advice: 'Give it a larger size.', details: { size, needed: least } },
		);
	}
	const shared = await shareLengths(candidates, targetSize, (lengths) => tables.neededFor(lengths));
	if (shared.needed <= targetSize) return shared;
	const lengths = candidates.map(({ what, start }) => `${what} ${formatBytes(shared.lengths.get(start)!)}`);
	throw new AfterimageError(
		'target-too-small',
		`The target has ${targetSize} bytes (${formatBytes(targetSize)}); ${shared.needed} bytes (${formatBytes(shared.needed)}) are ` +
			`needed even where partitions are as small as they can be (${lengths.join(', ')})`,
		{
			advice: 'Choose a larger target, let more partitions shrink, or restore only some with --partition.',
			details: { needed: shared.needed, found: targetSize },
		},
	);
}

/**
 * Plans a restore in which partitions become smaller, and makes them so in copies.
 * @param work undefined: it is only planned
 * @throws AfterimageError as {@link lengthsFor}, and whatever a tool or the folder for copies refuses
 */
export async function planSmaller(
	request: RestoreRequest,
	source: RestoreSource,
	candidates: readonly Candidate[],
	targetSize: number,
	tables: SmallerTables,
	work: ShrinkWork | undefined,
	ports: Ports,
): Promise<SmallerPlan> {
	let { lengths } = await lengthsFor(candidates, targetSize, tables);
	let smaller = becomingSmaller(candidates, lengths);
	for (const { kind } of smaller) await expectShrinking(ports).expectTools(kind);
	const base = smaller.length === 0 ? undefined : await checkRoom(request, smaller, lengths, ports);
	if (work !== undefined && base !== undefined) {
		const known = await work.examine(smaller, base);
		const told = candidates.map((one) => known.find(({ load }) => load === one.load) ?? one);
		({ lengths } = await lengthsFor(told, targetSize, tables));
		smaller = becomingSmaller(told, lengths);
	}
	const table = await tables.tableFor(lengths);
	const { places } = table.packing;
	const shrunk: ShrunkPartition[] = [];
	for (const one of smaller) {
		const { start, length } = places.get(one.start)!;
		const copied = work === undefined ? { load: one.load, start, length, copy: undefined } : undefined;
		shrunk.push(copied ?? (await work!.shrink(one, { start, length })));
	}
	const loads = source.loads.filter((load) => smaller.every((one) => one.load !== load));
	const facts = await moveAll(loads, table.packing, source, request);
	return {
		...facts,
		table,
		loads,
		shrunk,
		notes: [...table.notes, ...notesOf(smaller, lengths, base, work === undefined), ...facts.notes],
		warnings: [...table.warnings, ...facts.warnings],
	};
}

/** @throws AfterimageError `not-supported` on systems without tools */
export function expectShrinking({ shrinking }: Ports): ShrinkPort {
	if (shrinking !== undefined) return shrinking;
	throw new AfterimageError('not-supported', 'File systems are made smaller on Linux only, by its tools', {
		advice: 'Restore on Linux, or without --shrink to a target that is large enough.',
	});
}

function becomingSmaller(candidates: readonly Candidate[], lengths: Lengths): Candidate[] {
	return candidates.filter(({ start, length }) => lengths.get(start)! < length);
}

function checkRoom(
	{ temporary }: RestoreRequest,
	smaller: readonly Candidate[],
	lengths: Lengths,
	ports: Ports,
): Promise<string> {
	const bytes = smaller.reduce((sum, { load, start }) => sum + neededRoom(load, lengths.get(start)!), 0);
	return checkTemporaryRoom(temporary, bytes, Math.max(...smaller.map(({ length }) => length)), ports);
}

/** What is otherwise for partitions that keep their lengths and go elsewhere. */
async function moveAll(
	loads: readonly PartitionLoad[],
	{ places }: Packing,
	{ read }: RestoreSource,
	{ skipBadBlocks }: RestoreRequest,
): Promise<Pick<RestorePlan, 'places' | 'rooms' | 'moved' | 'notes' | 'warnings'>> {
	const facts = [];
	const moves = new Map<number, number>();
	for (const load of loads) {
		const { start, length } = load.partition._geometry;
		const place = places.get(start);
		if (place === undefined || place.start === start) continue;
		moves.set(start, place.start);
		const where = { what: nameOf(load), start: place.start, length, entry: undefined };
		facts.push(await planMove(load, where, place.start - start, read, skipBadBlocks));
	}
	const moved = [...moves.keys()].length === 0 ? [] : [movedNote(loads, moves)];
	return {
		places: moves,
		rooms: new Map(),
		moved: facts.flatMap((one) => one.moved),
		notes: [...moved, ...facts.flatMap((one) => one.notes)],
		warnings: facts.flatMap((one) => one.warnings),
	};
}

function notesOf(
	smaller: readonly Candidate[],
	lengths: Lengths,
	base: string | undefined,
	planned: boolean,
): string[] {
	if (base === undefined) return ['Everything fits where partitions move together: no file system is made smaller'];
	const shared = planned && smaller.filter(({ size }) => size === undefined).length > 1;
	const notes = smaller.flatMap(({ what, start, length, least, kind }) => {
		const to = lengths.get(start)!;
		const bound = leastLength({ length, least });
		return [
			`${what} becomes smaller: ${formatBytes(length)} before, ${formatBytes(to)} on the target`,
			...(planned
				? [
						`${what} needs more than ${formatBytes(bound)}; how much, its tool tells when a copy of it is made in ${base}`,
					]
				: []),
			...(kind === 'ntfs' ? [`${what} is checked by Windows when it is used for the first time`] : []),
		];
	});
	return shared ? [...notes, 'What the tools tell may shift some room from one of them to another'] : notes;
}

function movedNote(loads: readonly PartitionLoad[], moves: ReadonlyMap<number, number>): string {
	const moved = loads.filter(({ partition }) => moves.has(partition._geometry.start));
	const numbers = moved.map(({ partition }) => partition._header.partition_number).join(', ');
	const which = moved.length === 1 ? `Partition ${numbers} moves` : `Partitions ${numbers} move`;
	return `${which} down: what starts from there by its place, as GRUB's core image or Windows on an MBR disk, has to be set anew`;
}

function nameOf({ partition }: PartitionLoad): string {
	return `Partition ${partition._header.partition_number}`;
}
