import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BlockCipher } from '../../../../src/image/block-cipher.ts';
import { deriveKey, passwordTest, unlock } from '../../../../src/image/password.ts';
import { hex } from '../../../support/hex.ts';
import { messageOf } from './message-of.ts';

describe('encryption', () => {
	it('derives the key and the test of the password as published', async () => {
		// ENCRYPTION.md of the published format; recomputed with Python's hashlib and hmac.
		const key = await deriveKey('password', '2394E9AA621DDC3A', 1000);
		expect(hex(key)).toBe('bf10e4c3f235ab91d4b95d86f3a74af7cc2d8a77fc9c485febf88d3ea0264021');
		expect(passwordTest(key)).toBe('6eefca0ecbf90ef046bdf7eae96ad9e04facfb7bda6dcb5b9830e25dfa560d9a');
	});

	it('tells a wrong password from a missing one', async () => {
		const key = await deriveKey('right', '2394E9AA621DDC3A', 10);
		const encryption = {
			enable: true,
			aes_type: 'aes-256' as const,
			key_derivation: 'pbkdf2' as const,
			key_iterations: 10,
			hmac: passwordTest(key).toUpperCase(),
		};
		expect(hex((await unlock(encryption, '2394E9AA621DDC3A', 'right'))!)).toBe(hex(key));
		expect(await messageOf(() => unlock(encryption, '2394E9AA621DDC3A', 'wrong'))).toMatch(/^wrong-password/);
		expect(await messageOf(() => unlock(encryption, '2394E9AA621DDC3A', undefined))).toMatch(/^password-needed/);
		expect(await unlock({ ...encryption, enable: false }, '2394E9AA621DDC3A', undefined)).toBeUndefined();
	});

	it('takes the numbers of disk and partition and the block into the initialisation vector', () => {
		const key = new Uint8Array(32).fill(1);
		const spec = { aes: 'aes-192' as const, key, imageId: Buffer.from('0102030405060708', 'hex') };
		const plain = Buffer.from('0102030405060708' + '0400' + '0500' + '06000000', 'hex');
		const ecb = createCipheriv('aes-256-ecb', createHash('sha256').update(key).digest(), null);
		const cipher = new BlockCipher({ ...spec, diskNumber: 4, partitionNumber: 5 });
		expect(hex(cipher.vector(6))).toBe(hex(ecb.update(plain)));
		const block = Buffer.alloc(32, 9);
		expect(cipher.encrypt(7, block, 20)).toBe(32);
		cipher.decrypt(7, block);
		expect(hex(block)).toBe('09'.repeat(20) + '00'.repeat(12));
		expect(() => cipher.decrypt(7, new Uint8Array(15))).toThrow(/multiple of 16, found 15/);
	});
});
