import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { basicBlock, magic } from './structures.ts';
import type { XfsVolume } from './superblock.ts';

/** The internal log: a ring of basic blocks. Every block tells, in its first words, in which cycle it was written. */
export interface LogArea {
	/** Basic blocks of the ring. */
	readonly length: number;
	/** Bytes from the partition's start. */
	readonly offset: number;
	/** Reads `count` basic blocks from `block` on, going on at the start behind the end of the ring. */
	read(block: number, count: number): Promise<Uint8Array>;
}

/** @throws AfterimageError `structure-damaged` when the log does not lie inside one allocation group */
export function logArea(source: ByteSource, { sb, groupBlocks }: XfsVolume): LogArea {
	const span = 2 ** sb.agblklog;
	const group = Math.floor(sb.logstart / span);
	const block = sb.logstart % span;
	if (group >= sb.agcount || sb.logblocks === 0 || block + sb.logblocks > groupBlocks(group)) {
		throw damaged('structure-damaged', 'XFS log', 0, 'a place inside one allocation group', sb.logstart);
	}
	const offset = (group * sb.agblocks + block) * sb.blocksize;
	const length = (sb.logblocks * sb.blocksize) / basicBlock;
	return {
		length,
		offset,
		async read(from, count) {
			const start = from % length;
			const first = Math.min(count, length - start);
			const bytes = await readBytes(source, offset + start * basicBlock, first * basicBlock);
			if (first === count) return bytes;
			const rest = await readBytes(source, offset, (count - first) * basicBlock);
			const whole = new Uint8Array(count * basicBlock);
			whole.set(bytes);
			whole.set(rest, bytes.length);
			return whole;
		},
	};
}

/** The cycle in which the basic block at `at` was written; 0 when it never was. */
export function cycleAt(bytes: Uint8Array, at: number): number {
	const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
	const first = view.getUint32(0);
	return first === magic.logRecord ? view.getUint32(4) : first;
}
