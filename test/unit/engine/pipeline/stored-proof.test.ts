import { crc32 } from 'node:zlib';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { StoreTask } from '../../../../src/engine/pipeline/messages.ts';
import { StoredProof } from '../../../../src/engine/pipeline/worker/stored-proof.ts';
import { BlockCipher } from '../../../../src/image/block-cipher.ts';
import type { BlockCodec } from '../../../../src/image/codec.ts';
import { createBlockHasher } from '../../../../src/image/md5/block-hasher.ts';
import { createZlibCodec } from '../../../../src/image/zlib-codec.ts';
import { systemIo } from '../../../../src/engine/pipeline/worker/positional-io.ts';

const blockSize = 4096;
const raw = randomBytes(blockSize / 2);
const key = {
	aes: 'aes-256' as const,
	key: randomBytes(32),
	imageId: randomBytes(8),
	diskNumber: 1,
	partitionNumber: 2,
};

function proof(level: number | undefined, cipher: BlockCipher | undefined, codec: BlockCodec = createZlibCodec()) {
	const task: StoreTask = {
		kind: 'store',
		fd: -1,
		start: 1_000_000,
		length: 10 * blockSize,
		blockSize,
		level,
		cipher: undefined,
		skipBadSectors: false,
	};
	const hasher = createBlockHasher(0, undefined);
	return new StoredProof(task, { io: systemIo, codec, hasher, cipher, crc32, isCancelled: () => false });
}

function stored(level: number | undefined, cipher: BlockCipher | undefined): Uint8Array {
	const target = new Uint8Array(2 * blockSize);
	let length = raw.length;
	if (level === undefined) target.set(raw);
	else length = createZlibCodec().compress(raw, target, level);
	return target.slice(0, cipher === undefined ? length : cipher.encrypt(3, target, length));
}

describe.each([
	['compressed', 1, undefined],
	['compressed and encrypted', 1, new BlockCipher(key)],
	['raw', undefined, undefined],
	['raw and encrypted', undefined, new BlockCipher(key)],
] as const)('a stored block, %s', (_, level, cipher) => {
	it('is what it was made of, and stays as it is', () => {
		const bytes = stored(level, cipher);
		const before = Buffer.from(bytes);
		proof(level, cipher).check(3, bytes, raw);
		expect(before.equals(bytes)).toBe(true);
	});

	it('with any bit turned is refused, with its place in the source', () => {
		for (const at of [0, 1, 100, 2047]) {
			const bytes = stored(level, cipher);
			bytes[at]! ^= 0x10;
			expect(() => proof(level, cipher).check(3, bytes, raw)).toThrow(
				`Block 3 (byte ${1_000_000 + 3 * blockSize} of the source) does not decode to what was read`,
			);
		}
	});
});

it('refuses a codec that gives the right number of wrong bytes', () => {
	const wrong: BlockCodec = { ...createZlibCodec(), decompress: (_, target) => target.length };
	expect(() => proof(1, undefined, wrong).check(0, stored(1, undefined), raw)).toThrow('does not decode');
});
