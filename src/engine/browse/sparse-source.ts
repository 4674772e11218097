import type { ByteSource } from '../../base/bytes.ts';

/** Bytes of one kind, one after the other. */
export interface Extent {
	/** Byte of the source where they end, exclusive. */
	readonly end: number;
	/** Whether something is stored for them; else they are zeros. What is stored may be zeros too. */
	readonly stored: boolean;
}

/** Bytes most of which may be zeros that nothing stores. */
export interface SparseSource extends ByteSource {
	/**
	 * Of which kind the bytes from `offset` on are. What follows may be of the same kind.
	 * @param stop byte of the source, more than `offset` and at most its size, at which it ends at the latest
	 */
	extentAt(offset: number, stop: number): Extent;
}

/** The extents from `offset` on, each of another kind than the one before it. @param stop as for {@link SparseSource.extentAt} */
export function* extentsOf(source: SparseSource, offset: number, stop: number): Generator<Extent> {
	let last: Extent | undefined;
	for (let at = offset; at < stop; at = last.end) {
		const next = source.extentAt(at, stop);
		if (last !== undefined && last.stored !== next.stored) yield last;
		last = next;
	}
	if (last !== undefined) yield last;
}
