import { AfterimageError, damaged } from '../../base/errors.ts';
import { missingFile, type BackupSet, type MissingFile } from '../set/backup-set.ts';
import { BlockIndex, elementSize } from './block-index.ts';
import { missingFiles } from '../set/missing-files.ts';
import { reservedBlockSize, type PartitionLayout } from '../partition-layout.ts';
import { numbersOf, type SetMember } from '../set/set-member.ts';

/** What index elements may point into. */
export interface FileLimits {
	/** By file number: the byte where data blocks end at the latest; -1 where there is no such file. */
	readonly ends: Float64Array;
	/** What is known of a file that is no member. */
	readonly missing: (fileNumber: number) => MissingFile;
	/** For errors: the file whose index is checked. */
	readonly checked: string;
}

/** What the indexes of a point may point into: every file of its set, later ones too. */
export function fileLimits(set: Pick<BackupSet, 'members' | 'damaged'>, point: SetMember): FileLimits {
	const ends = new Float64Array(0x1_0000).fill(-1);
	for (const member of set.members) for (const number of numbersOf(member)) ends[number] = member.dataEnd;
	return { ends, missing: (number) => missingFile(set.damaged, number, point.history), checked: point.path };
}

/** Longest stored form of a block of `size` bytes: zstd's bound, encryption's padding, and room for other encoders. */
export function maxStoredLength(size: number): number {
	return size + Math.ceil(size / 128) + 4096;
}

/**
 * Checks every element of a resolved index: that it lies within the data area of a file that is there, is not longer
 * than a stored block can be, and does not lie behind the partition's end.
 * @throws AfterimageError `image-damaged`, and what {@link missingFiles} makes
 */
export function checkIndex(index: BlockIndex, layout: PartitionLayout, limits: FileLimits): void {
	checkElements(index, 'Block', maxStoredLength(layout.blockSize), layout.usableBlocks, limits);
}

/** As {@link checkIndex} for the reserved blocks, among which there are no holes. */
export function checkReserved(index: BlockIndex, layout: PartitionLayout, limits: FileLimits): void {
	if ((index.count === 0) !== (layout.reservedLength === 0))
		throw new AfterimageError(
			'image-damaged',
			`${limits.checked}: expected reserved blocks for ${layout.reservedLength} bytes, found ${index.count}`,
			{ details: { path: limits.checked, expected: layout.reservedLength, found: index.count } },
		);
	for (let block = 0; block < index.count; block++)
		if (index.isHole(block)) throw outOfPlace('Reserved block', block, limits, 'stored bytes', 'a hole');
	checkElements(index, 'Reserved block', maxStoredLength(reservedBlockSize), index.count, limits);
}

function checkElements(index: BlockIndex, what: string, longest: number, usable: number, limits: FileLimits): void {
	const missing = new Set<number>();
	for (let page = 0; page * BlockIndex.perPage < index.count; page++) {
		const bytes = index.pageBytes(page);
		if (bytes === undefined) continue;
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		for (let at = 0; at < bytes.length; at += elementSize) {
			const length = view.getUint32(at + 24, true);
			if (length === 0) continue;
			const end = view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true) + length;
			const limit = limits.ends[view.getUint16(at + 28, true)]!;
			const block = page * BlockIndex.perPage + at / elementSize;
			if (limit === -1) missing.add(view.getUint16(at + 28, true));
			else if (end > limit) throw outOfPlace(what, block, limits, `an end of at most ${limit}`, end);
			if (length > longest) throw outOfPlace(what, block, limits, `at most ${longest} stored bytes`, length);
			if (block >= usable) throw outOfPlace(what, block, limits, 'a hole behind the last block', 'stored bytes');
		}
	}
	if (missing.size > 0) throw missingFiles(limits.checked, [...missing].map(limits.missing));
}

function outOfPlace(
	what: string,
	block: number,
	limits: FileLimits,
	expected: string,
	found: string | number,
): AfterimageError {
	return damaged('image-damaged', `${limits.checked}: ${what} ${block}`, block * elementSize, expected, found);
}

/** Raw length of a reserved block: 4 MiB, less for the last. */
export function reservedRawLength(layout: PartitionLayout, block: number): number {
	return Math.max(0, Math.min(reservedBlockSize, layout.reservedLength - block * reservedBlockSize));
}
