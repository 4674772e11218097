import { readBytes } from '../../../base/bytes.ts';
import { damaged, isAfterimageError, type AfterimageError } from '../../../base/errors.ts';
import { readBlocks } from '../../read-blocks.ts';
import { placeOfInode, type Geometry } from '../geometry.ts';
import { parseInode, type Inode } from './inode.ts';

/** Inodes read at once; near ones come with one request, with what lies between them. */
const batch = 512;

/** @throws AfterimageError `structure-damaged`, `read-error` */
export async function readInode(geometry: Geometry, number: number): Promise<Inode> {
	const at = checkedPlace(geometry, number);
	return parseInode(geometry, number, await readBytes(geometry.source, at, geometry.inodeSize));
}

/**
 * Reads many inodes in the order in which they lie.
 * @param take gets the index in `numbers` and the inode, or what is wrong with it
 * @throws AfterimageError `read-error`, `cancelled`
 */
export async function readInodes(
	geometry: Geometry,
	numbers: readonly number[],
	take: (index: number, inode: Inode | AfterimageError) => void,
	signal?: AbortSignal,
): Promise<void> {
	const order = numbers.map((_, i) => i).sort((a, b) => numbers[a]! - numbers[b]!);
	for (let from = 0; from < order.length; from += batch) {
		const sound: number[] = [];
		const places: number[] = [];
		for (const index of order.slice(from, from + batch)) {
			const place = attempt(() => checkedPlace(geometry, numbers[index]!));
			if (typeof place !== 'number') {
				take(index, place);
				continue;
			}
			sound.push(index);
			places.push(place);
		}
		const found = await readBlocks(geometry.source, places, geometry.inodeSize, signal);
		for (const [k, index] of sound.entries()) {
			take(
				index,
				attempt(() => parseInode(geometry, numbers[index]!, found[k]!)),
			);
		}
	}
}

function checkedPlace(geometry: Geometry, number: number): number {
	const at = placeOfInode(geometry, number);
	if (at === undefined) throw damaged('structure-damaged', 'XFS inode number', 0, 'one within the groups', number);
	return at;
}

function attempt<T>(fn: () => T): T | AfterimageError {
	try {
		return fn();
	} catch (error) {
		if (isAfterimageError(error, 'structure-damaged')) return error;
		throw error;
	}
}
