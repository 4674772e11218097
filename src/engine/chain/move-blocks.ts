import { close, open } from 'node:fs';
import { promisify } from 'node:util';
import type { SummedPiece } from '../../image/byte-ranges.ts';
import { fileError } from '../../image/file-source.ts';
import { CopyCursor } from '../../image/merge/copy-cursor.ts';
import type { CopyList } from '../../image/merge/copy-list.ts';
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
	const files = new Map<number, { readonly fd: number; readonly path: string; readonly size: number }>();
	try {
		for (const [i, { member }] of copies.entries()) {
			const fd = await promisify(open)(member.path, 'r').catch((error: unknown) => {
				throw fileError(member.path, error);
			});
			files.set(i, { fd, path: member.path, size: member.size });
		}
		const cursor = new CopyCursor(copies);
		yield* pool.copy({ files, next: (ranges) => cursor.next(ranges, batchBytes), target }, signal);
	} finally {
		for (const { fd } of files.values()) await promisify(close)(fd);
	}
}
