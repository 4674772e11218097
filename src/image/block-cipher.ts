import { createCipheriv, createDecipheriv, createHash, type Cipher } from 'node:crypto';
import { AfterimageError } from '../base/errors.ts';

/** What a thread needs to encrypt and decrypt the blocks of one partition. */
export interface BlockCipherKey {
	readonly aes: 'aes-128' | 'aes-192' | 'aes-256';
	/** The derived key, 32 bytes. */
	readonly key: Uint8Array;
	/** The 8 raw bytes of the set's image id. */
	readonly imageId: Uint8Array;
	readonly diskNumber: number;
	readonly partitionNumber: number;
}

function keyLength(aes: BlockCipherKey['aes']): number {
	return { 'aes-128': 16, 'aes-192': 24, 'aes-256': 32 }[aes];
}

/** Stored length of `length` bytes when they are encrypted: the next multiple of 16. */
export function paddedLength(length: number): number {
	return Math.ceil(length / 16) * 16;
}

/**
 * AES-CBC of data blocks (ENCRYPTION.md of the published format): the initialisation vector is AES-256-ECB under
 * SHA-256 of the derived key of image id, u16 disk number, u16 partition number and u32 block index. One instance a
 * thread and partition; it is not for two threads.
 */
export class BlockCipher {
	readonly #algorithm: string;
	readonly #key: Uint8Array;
	readonly #vectors: Cipher;
	readonly #plain = new Uint8Array(16);
	readonly #view = new DataView(this.#plain.buffer);

	constructor(spec: BlockCipherKey) {
		this.#algorithm = `${spec.aes}-cbc`;
		this.#key = spec.key.subarray(0, keyLength(spec.aes));
		this.#vectors = createCipheriv('aes-256-ecb', createHash('sha256').update(spec.key).digest(), null);
		this.#plain.set(spec.imageId.subarray(0, 8));
		this.#view.setUint16(8, spec.diskNumber & 0xffff, true);
		this.#view.setUint16(10, spec.partitionNumber & 0xffff, true);
	}

	/** The initialisation vector of a block, 16 bytes. */
	vector(block: number): Uint8Array {
		this.#view.setUint32(12, block, true);
		return this.#vectors.update(this.#plain);
	}

	/**
	 * Encrypts `length` bytes at the head of `buffer` in place, zero-padded to a multiple of 16.
	 * @param block index of the block in its complete index, holes counted; reserved blocks count on their own
	 * @param buffer has room for {@link paddedLength} of `length`
	 * @returns the stored length
	 */
	encrypt(block: number, buffer: Uint8Array, length: number): number {
		const padded = paddedLength(length);
		buffer.fill(0, length, padded);
		const cipher = createCipheriv(this.#algorithm, this.#key, this.vector(block)).setAutoPadding(false);
		buffer.set(cipher.update(buffer.subarray(0, padded)));
		cipher.final();
		return padded;
	}

	/**
	 * Decrypts `stored` in place; zeros of padding stay at its end.
	 * @throws AfterimageError `image-damaged` when its length is not a multiple of 16
	 */
	decrypt(block: number, stored: Uint8Array): void {
		checkPadded(stored.length);
		const cipher = createDecipheriv(this.#algorithm, this.#key, this.vector(block)).setAutoPadding(false);
		stored.set(cipher.update(stored));
		cipher.final();
	}
}

/**
 * Decrypts a metadata payload, AES-ECB under the derived key. Such payloads are read, never written: the published
 * reader cannot restore a file that has them.
 */
export function decryptMetadata(aes: BlockCipherKey['aes'], key: Uint8Array, payload: Uint8Array): Uint8Array {
	checkPadded(payload.length);
	const cipher = createDecipheriv(`${aes}-ecb`, key.subarray(0, keyLength(aes)), null).setAutoPadding(false);
	const plain = cipher.update(payload);
	cipher.final();
	return plain;
}

function checkPadded(length: number): void {
	if (length % 16 === 0) return;
	throw new AfterimageError('image-damaged', `Encrypted bytes: expected a multiple of 16, found ${length}`, {
		details: { expected: 16, found: length },
	});
}
