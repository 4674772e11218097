import type { SummedPiece } from '../../image/byte-ranges.ts';
import { CopyCursor } from '../../image/merge/copy-cursor.ts';
import type { CopyList } from '../../image/merge/copy-list.ts';
import { holdFiles } from '../load/hold-files.ts';
import { batchBytes } from '../pipeline/batch.ts';
import type { BlockPool, CopyTarget } from '../pipeline/types.ts';

/**
 * Copies stored blocks as they are from their files to the beginning of `target`, on the threads of the pool.
 * @throws AfterimageError `file-missing`, `permission-denied`, and what {@link BlockPool.copy} throws
 */
export async function* moveBlocks(
	copies: readonly CopyList[],
	target: CopyTarget,
	pool: BlockPool,
	signal: AbortSignal,
): AsyncGenerator<SummedPiece> {
	// Threads that start need descriptors too.
	await pool.ready;
	const held = await holdFiles(copies.map(({ member }) => member.path));
	try {
		const files = new Map(copies.map(({ member: { path, size } }, i) => [i, { fd: held.fdOf(path), path, size }]));
		const cursor = new CopyCursor(copies);
		yield* pool.copy({ files, next: (ranges) => cursor.next(ranges, batchBytes), target }, signal);
	} finally {
		await held.close();
	}
}
