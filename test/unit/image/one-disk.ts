import { isAfterimageError, type AfterimageError } from '../../../src/base/errors.ts';
import { fill } from './arbitrary.ts';
import type { ModelDisk, SetKind } from './backups.ts';

export const kind: SetKind = { imageid: '0123456789ABCDEF', compression: 'medium', aes: 'none', password: 'secret' };

/** A disk with one partition. @param used its blocks that are stored @param reserved bytes before its first block */
export function disk(content: Uint8Array, used: number[], reserved = 0): ModelDisk {
	return {
		number: 2,
		format: 'gpt',
		signature: 'ABCDEF01',
		track0: fill(1024, 1),
		ept: [],
		partitions: [{ start: 1 << 20, blockSize: 4096, content, reserved, used: new Set(used) }],
	};
}

/** The error of this project that `run` fails with. */
export async function errorOf(run: () => unknown): Promise<AfterimageError> {
	try {
		await run();
	} catch (error) {
		if (isAfterimageError(error)) return error;
		throw error;
	}
	throw new Error('nothing thrown');
}
