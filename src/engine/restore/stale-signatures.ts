import { readBytes } from '../../base/bytes.ts';
import { isAfterimageError } from '../../base/errors.ts';
import { firmwareRaid } from '../../disk/container/firmware-raid.ts';
import { layerSignatures } from '../../disk/container/layers.ts';
import { magic, type Signature } from '../../disk/container/signature.ts';
import { zfsLabels } from '../../disk/container/zfs.ts';
import { gptSignature } from '../../disk/partition-table/gpt/structures.ts';
import type { PlannedWrite } from '../../disk/partition-table/planned-write.ts';
import type { PartitionLoad } from '../load/load-plan.ts';
import { roomOf, shiftOf, type RestorePlan } from './restore-plan.ts';

/** Bytes of the target. */
interface Range {
	readonly at: number;
	readonly length: number;
}

/**
 * A plan that also erases what an older use of the target has left in places of which the image holds nothing, and by which tools,
 * firmware and systems would take the target for what it no longer is: a GPT's backup header behind the last partition, the
 * superblock of a mirror at the end. What lies in a partition that is not restored stays.
 */
export async function withoutStale(plan: RestorePlan): Promise<RestorePlan> {
	const { target, loads, table } = plan;
	const rooms = loads.map((load) => ({ at: startOf(plan, load), length: roomOf(plan, load) }));
	const whole = table === undefined ? [] : [{ at: 0, length: target.size }];
	const erased: PlannedWrite[] = [];
	const notes: string[] = [];
	for (const area of [...whole, ...rooms]) {
		for (const signature of signaturesOf(area.length)) {
			const { length } = signature;
			const range = { at: area.at + signature.at, length };
			const fits = signature.at >= 0 && signature.at + length <= area.length;
			if (!fits) continue;
			const free = piecesOf(range).filter(
				(piece) => holdsNothing(plan, piece) && !erased.some((one) => overlaps(rangeOf(one), piece)),
			);
			const type = free.length === 0 ? undefined : await look(plan, range, signature);
			if (type === undefined) continue;
			erased.push(...free.map((piece) => ({ offset: piece.at, data: new Uint8Array(piece.length) })));
			notes.push(`What tells of an older ${type} at byte ${free[0]!.at} of the target is erased`);
		}
	}
	return { ...plan, erased, notes: [...plan.notes, ...notes] };
}

/** By what a volume or disk of so many bytes may be taken for something, apart from what stands in the blocks that all have. */
function signaturesOf(size: number): Signature[] {
	const headers = [512, 4096].flatMap((sector) => {
		const last = (Math.floor(size / sector) - 1) * sector;
		return [sector, last].map((at) => magic('GPT', at, gptSignature));
	});
	return [
		...headers,
		...layerSignatures(size),
		...zfsLabels(size),
		...firmwareRaid(size),
		magic('Btrfs', 65_536 + 64, '_BHRfS_M'),
	];
}

/** A label of a ZFS pool is long: a new table, or a block of a file system, may lie over a part of it, and the rest still tells. */
const pieceSize = 4096;

function piecesOf({ at, length }: Range): Range[] {
	return Array.from({ length: Math.ceil(length / pieceSize) }, (_, i) => {
		const from = i * pieceSize;
		return { at: at + from, length: Math.min(pieceSize, length - from) };
	});
}

async function look({ target }: RestorePlan, { at, length }: Range, signature: Signature): Promise<string | undefined> {
	try {
		return signature.match(await readBytes(target, at, length))?.type;
	} catch (error) {
		// Nobody else can read it there either.
		if (isAfterimageError(error, 'read-error')) return undefined;
		throw error;
	}
}

/** Whether nothing is written there, and nothing that is to stay may lie there. */
function holdsNothing(plan: RestorePlan, range: Range): boolean {
	const { loads, table, moved } = plan;
	const { at, length } = range;
	const restored = new Set(loads.map((load) => startOf(plan, load)));
	const others = table?.partitions.filter(({ start }) => !restored.has(start)) ?? [];
	return (
		[...moved, ...(table?.writes ?? [])].every((write) => !overlaps(rangeOf(write), range)) &&
		others.every((other) => !overlaps({ at: other.start, length: other.length }, range)) &&
		loads.every((load) => isHole(load, { at: at - shiftOf(plan, load), length }))
	);
}

/** Where a partition begins on the target. */
function startOf(plan: RestorePlan, load: PartitionLoad): number {
	return load.partition._geometry.start + shiftOf(plan, load);
}

/** @param range bytes of the imaged disk */
function isHole({ resolved: { layout, index } }: PartitionLoad, range: Range): boolean {
	const { start, length, blockStart, blockLength, blockSize } = layout;
	if (!overlaps({ at: start, length }, range)) return true;
	const from = range.at - blockStart;
	const to = from + range.length;
	return from >= 0 && to <= blockLength && index.next(Math.floor(from / blockSize)) >= Math.ceil(to / blockSize);
}

function rangeOf({ offset, data }: PlannedWrite): Range {
	return { at: offset, length: data.length };
}

function overlaps(one: Range, other: Range): boolean {
	return one.at < other.at + other.length && other.at < one.at + one.length;
}
