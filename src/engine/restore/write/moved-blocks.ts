import { createHash } from 'node:crypto';
import { readBytes, type ByteSource } from '../../../base/bytes.ts';
import type { BlockIndex } from '../../../image/index/block-index.ts';
import type { MovedWrite } from '../restore-plan.ts';

/** Bytes of the target. */
interface Range {
	readonly at: number;
	readonly length: number;
}

/** Whether a range has bytes that are others than in the image. */
export function touchesAny(moved: readonly MovedWrite[], { at, length }: Range): boolean {
	return moved.some(({ offset, data }) => offset < at + length && at < offset + data.length);
}

/** Whether the target holds a block, but for the bytes in which it is another than in the image: those are put back. */
export async function holdsMoved(
	target: ByteSource,
	{ at, length }: Range,
	moved: readonly MovedWrite[],
	index: BlockIndex,
	block: number,
): Promise<boolean> {
	const held = await readBytes(target, at, length);
	for (const { offset, before } of moved) {
		if (before === undefined) continue;
		const from = Math.max(at, offset);
		const to = Math.min(at + length, offset + before.length);
		if (to > from) held.set(before.subarray(from - offset, to - offset), from - at);
	}
	return index.hasMd5(block, createHash('md5').update(held).digest(), 0);
}
