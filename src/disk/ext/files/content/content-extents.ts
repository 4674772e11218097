import { throwIfAborted } from '../../../../base/abort.ts';
import type { ByteSource } from '../../../../base/bytes.ts';
import { damaged } from '../../../../base/errors.ts';
import type { ExtentSink } from '../../../files.ts';
import type { Geometry } from '../../geometry.ts';
import { mapOf } from './content.ts';
import { InodeFlag } from '../file-structures.ts';
import type { Inode } from '../inode.ts';

/**
 * Where the contents of a file or folder lie, up to its size, and the blocks of its map.
 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`
 */
export async function collectContent(
	volume: ByteSource,
	geometry: Geometry,
	inode: Inode,
	sink: ExtentSink,
	signal?: AbortSignal,
): Promise<void> {
	if (inode.has(InodeFlag.inlineData)) return;
	const { blockSize } = geometry;
	const map = mapOf(volume, geometry, inode, (block) => sink.add(block * blockSize, (block + 1) * blockSize));
	let mapped = 0;
	for (let block = 0; block * blockSize < inode.size;) {
		throwIfAborted(signal);
		const { start, count } = await map.runAt(block);
		if (start !== undefined) {
			const length = Math.min(count * blockSize, inode.size - block * blockSize);
			sink.add(start * blockSize, start * blockSize + length);
			mapped += Math.ceil(length / blockSize);
			// Holds a map that leads to the same blocks again and again to what the volume really has.
			if (mapped > geometry.blocks)
				throw damaged(
					'structure-damaged',
					`Map of inode ${inode.number}`,
					inode.position,
					`${geometry.blocks} blocks at most`,
					mapped,
				);
		}
		block += count;
	}
}
