import type { BlockCipher } from '../../../image/block-cipher.ts';
import type { BlockCodec } from '../../../image/codec.ts';
import type { Crc32 } from '../../../image/crc32.ts';
import type { BlockHasher } from '../../../image/md5/block-hasher.ts';
import type { PositionalIo } from './positional-io.ts';

/** What one worker thread works with during a job. */
export interface WorkerTools {
	readonly io: PositionalIo;
	readonly codec: BlockCodec;
	/** Its buffer holds the raw blocks of a batch: block `i` at `i * blockSize`. */
	readonly hasher: BlockHasher;
	readonly cipher: BlockCipher | undefined;
	readonly crc32: Crc32;
	/** Whether the job was given up: ask between pieces of work. */
	readonly isCancelled: () => boolean;
}
