import { createHash } from 'node:crypto';

const mebibyte = 2 ** 20;
export const luksUuid = '0b2a5c1e-1111-4222-8333-444455556666';
/** The data segment of a header: from byte 1 MiB on, to the end. */
export const segment = {
	type: 'crypt',
	offset: '1048576',
	size: 'dynamic',
	iv_tweak: '0',
	encryption: 'aes-xts-plain64',
};

/** A header of LUKS2 before a volume of 4 MiB, with that JSON. */
export function luks2(json: unknown, size = 0x4000): Uint8Array {
	const bytes = new Uint8Array(4 * mebibyte);
	const view = new DataView(bytes.buffer);
	bytes.set([0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe, 0, 2]);
	view.setBigUint64(8, BigInt(size), false);
	bytes.set(Buffer.from('sha256'), 0x48);
	bytes.set(Buffer.from(luksUuid), 0xa8);
	bytes.set(Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)), 4096);
	bytes.set(createHash('sha256').update(bytes.subarray(0, 0x4000)).digest(), 0x1c0);
	return bytes;
}
