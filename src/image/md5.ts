import { createHash, type Hash } from 'node:crypto';

/** The 16 bytes of MD5, which the format uses as its checksum. */
export function md5(bytes: Uint8Array): Uint8Array {
	return createHash('md5').update(bytes).digest();
}

/** MD5 of what comes in pieces. */
export function md5Stream(): Hash {
	return createHash('md5');
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	return Buffer.compare(a, b) === 0;
}

export function toHex(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
