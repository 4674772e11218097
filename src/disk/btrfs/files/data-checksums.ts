import { damaged } from '../../../base/errors.ts';
import { dataChecksumSize } from '../checksum.ts';
import { makeKey } from '../key.ts';
import type { NodeReference } from '../node-reference.ts';
import type { TreeSearch } from '../search.ts';
import { keyType, objectId } from '../structures.ts';
import type { BtrfsSuperblock } from '../superblock.ts';

/** The checksums of data sectors: items of the checksum tree that each begin at a logical address and go on from there. */
export class DataChecksums {
	readonly #search: TreeSearch;
	readonly #sb: BtrfsSuperblock;
	readonly #tree: NodeReference;

	constructor(search: TreeSearch, sb: BtrfsSuperblock, tree: NodeReference) {
		this.#search = search;
		this.#sb = sb;
		this.#tree = tree;
	}

	/**
	 * @param logical address of the first sector
	 * @returns the checksums of the sectors one after the other
	 * @throws AfterimageError `structure-damaged` when a sector has none, `read-error`
	 */
	async of(logical: number, sectors: number): Promise<Uint8Array> {
		const { sectorsize, csumType } = this.#sb;
		const size = dataChecksumSize(csumType);
		const found = new Uint8Array(sectors * size);
		const key = makeKey(objectId.dataChecksum, keyType.extentChecksum, logical);
		let have = 0;
		for await (const item of this.#search.itemsFrom(this.#tree, key)) {
			if (have === sectors) return found;
			if (!item.isOfKind(key)) {
				if (item.compare(key) < 0) continue;
				break;
			}
			const skipped = (logical + have * sectorsize - item.offset) / sectorsize;
			// One that begins later leaves a gap; one that ends before is what the search began with.
			if (skipped < 0) break;
			const data = item.data;
			if (!Number.isInteger(skipped) || data.length === 0 || data.length % size !== 0) {
				const expected = `whole sectors with ${size} bytes each`;
				throw damaged('structure-damaged', 'Btrfs item of checksums', item.leaf, expected, data.length);
			}
			const some = data.subarray(skipped * size, (skipped + sectors - have) * size);
			found.set(some, have * size);
			have += some.length / size;
		}
		if (have === sectors) return found;
		const gap = logical + have * sectorsize;
		throw damaged('structure-damaged', 'Btrfs checksum of data', gap, 'one for each sector', 'none');
	}
}
