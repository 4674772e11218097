import { throwIfAborted } from '../../base/abort.ts';
import type { BackupSet } from '../set/backup-set.ts';
import { BlockIndex } from '../index/block-index.ts';
import type { ImageFolder } from '../set/image-folder.ts';
import { readComplete, readReserved } from '../index/index-read.ts';
import { IndexReader } from '../set/member-reader.ts';
import type { PayloadKeys } from '../metadata/metadata-read.ts';
import { numbersOf, type SetMember } from '../set/set-member.ts';

/** Members behind a range whose indexes point into its files. */
export type References = readonly {
	readonly member: SetMember;
	/** Blocks of a complete index do. */
	readonly blocks: boolean;
	/** Reserved blocks (FAT) do. */
	readonly reserved: boolean;
}[];

/**
 * Looks through the indexes of all members behind `newest` for elements that point into the files from `oldest` to
 * `newest`. Delta elements point into their own file (image format, "What real files really do") and are not read.
 * @throws AfterimageError `image-damaged`, `cancelled`
 */
export async function readReferences(
	folder: ImageFolder,
	set: BackupSet,
	oldest: number,
	newest: number,
	keys: PayloadKeys,
	signal?: AbortSignal,
): Promise<References> {
	const range = set.members.filter(({ header }) => header.file_number >= oldest && header.file_number <= newest);
	const numbers = new Set(range.flatMap(numbersOf));
	const later = set.members.filter(({ header }) => header.file_number > newest && !header.split_file);
	const reader = new IndexReader(folder, keys);
	const references: { member: SetMember; blocks: boolean; reserved: boolean }[] = [];
	for (const member of later) {
		throwIfAborted(signal);
		const found = await reader.with(member, async (source, indexes) => {
			let blocks = false;
			let reserved = false;
			for (const location of indexes.flat()) {
				reserved ||= pointsInto(await readReserved(source, location), numbers);
				if (location.delta || blocks) continue;
				const index = new BlockIndex(location.blockCount);
				await readComplete(source, location, index, signal);
				blocks = pointsInto(index, numbers);
			}
			return { member, blocks, reserved };
		});
		if (found.blocks || found.reserved) references.push(found);
	}
	return references;
}

function pointsInto(index: BlockIndex, numbers: ReadonlySet<number>): boolean {
	for (let block = index.next(0); block < index.count; block = index.next(block + 1))
		if (numbers.has(index.fileNumber(block))) return true;
	return false;
}
