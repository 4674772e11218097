import { throwIfAborted } from '../../../base/abort.ts';
import type { OpenDisk } from '../../ports/disk-port.ts';
import type { Progress } from '../../progress.ts';
import type { RestorePlan, ShrunkPartition } from '../restore-plan.ts';
import { differs } from './differs.ts';

/** Bytes that are read at once, at least a block. */
const pieceSize = 1024 * 1024;

/**
 * Writes what is in use of a partition that was made smaller to its place.
 * @param delta only what differs from what is there
 * @returns blocks that were written
 * @throws AfterimageError `cancelled`, and as reads and writes do
 */
export async function writeCopy(
	one: ShrunkPartition,
	{ target, created }: Pick<RestorePlan, 'target' | 'created'>,
	delta: boolean,
	progress: Progress,
	signal: AbortSignal,
): Promise<number> {
	let written = 0;
	for await (const { data, at, blocks } of piecesOf(one, signal)) {
		// A file that was just made reads as zeros.
		const same = delta ? equal(data, await held(target, at, data.length)) : created && isZero(data);
		if (!same) {
			await target.write(at, data);
			written += blocks;
		}
		progress.add(data.length, data.length, same ? 0 : data.length);
	}
	return written;
}

/**
 * Compares it with what the target holds.
 * @returns blocks that were compared
 * @throws AfterimageError `write-error` naming the first byte that differs
 */
export async function compareCopy(
	one: ShrunkPartition,
	target: OpenDisk,
	progress: Progress,
	signal: AbortSignal,
): Promise<number> {
	let compared = 0;
	for await (const { data, at, blocks } of piecesOf(one, signal)) {
		const found = await held(target, at, data.length);
		if (!equal(data, found)) throw differs(target, at + data.findIndex((byte, i) => byte !== found[i]));
		compared += blocks;
		progress.add(data.length, data.length, 0);
	}
	return compared;
}

interface Piece {
	readonly data: Uint8Array;
	/** Byte of the target. */
	readonly at: number;
	/** How many blocks it is. */
	readonly blocks: number;
}

/** Runs of used blocks, ascending. */
async function* piecesOf({ copy, start, length }: ShrunkPartition, signal: AbortSignal): AsyncGenerator<Piece> {
	if (copy === undefined) return;
	const { source, used } = copy;
	const most = Math.max(1, Math.floor(pieceSize / used.blockSize));
	for (let block = used.next(0); block < used.count;) {
		throwIfAborted(signal);
		let blocks = 1;
		while (blocks < most && used.has(block + blocks)) blocks++;
		const from = block * used.blockSize;
		const data = new Uint8Array(Math.min(blocks * used.blockSize, length - from));
		await source.read(from, data);
		yield { data, at: start + from, blocks };
		block = used.next(block + blocks);
	}
}

async function held(target: OpenDisk, at: number, length: number): Promise<Uint8Array> {
	const data = new Uint8Array(length);
	await target.read(at, data);
	return data;
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
	return Buffer.compare(one, other) === 0;
}

function isZero(data: Uint8Array): boolean {
	return data.every((byte) => byte === 0);
}
