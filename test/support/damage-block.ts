import { open } from 'node:fs/promises';
import { stretchesOf } from '../../src/engine/browse/partition-blocks.ts';
import { findPoint, openNamed } from '../../src/engine/load/open-image.ts';
import { createZlibCodec } from '../../src/image/zlib-codec.ts';
import { patch } from './raw-disk.ts';

/**
 * Changes a byte of the stored block that has a byte of a partition, in whatever file of the set that lies.
 * @param file of the backup @param partition place in the image's first disk
 */
export async function damageBlock(file: string, partition: number, byte: number, password?: string): Promise<void> {
	const codec = createZlibCodec();
	const chain = await openNamed(await findPoint(file, codec), codec, password);
	const stretch = stretchesOf(await chain.resolve(0, partition)).find(({ start, end }) => start <= byte && byte < end)!;
	const block = Math.floor((byte - stretch.start) / stretch.blockSize);
	const { path } = chain.files.get(stretch.index.fileNumber(block))!;
	const at = stretch.index.position(block) + 20;
	const handle = await open(path, 'r');
	const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, at);
	await handle.close();
	await patch(path, at, Uint8Array.of(buffer[0]! ^ 0x10));
	codec.dispose();
}
