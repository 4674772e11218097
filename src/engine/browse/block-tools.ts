import type { BlockCodec } from '../../image/codec.ts';
import type { BlockHasher } from '../../image/md5/block-hasher.ts';

/** What reads blocks on one thread. */
export interface BlockTools {
	/** Dispose of it when nothing is decoded any more. */
	readonly codec: BlockCodec;
	/** @param capacity bytes of its buffer */
	createHasher(capacity: number): BlockHasher;
}
