import { describe, expect, it } from 'vitest';
import { parseSecurityDescriptor } from '../../../src/base/security-descriptor.ts';

/** S-1-5-… as its bytes. */
function sid(...subAuthorities: number[]): Buffer {
	const bytes = Buffer.alloc(8 + 4 * subAuthorities.length);
	bytes.writeUInt8(1, 0);
	bytes.writeUInt8(subAuthorities.length, 1);
	bytes.writeUInt8(5, 7);
	subAuthorities.forEach((value, i) => bytes.writeUInt32LE(value, 8 + 4 * i));
	return bytes;
}

function entry(type: number, flags: number, mask: number, rest: Buffer): Buffer {
	const head = Buffer.alloc(8);
	head.writeUInt8(type, 0);
	head.writeUInt8(flags, 1);
	head.writeUInt16LE(8 + rest.length, 2);
	head.writeUInt32LE(mask, 4);
	return Buffer.concat([head, rest]);
}

function descriptor(control: number, owner: Buffer | undefined, entries: Buffer[] | undefined): Buffer {
	const body = Buffer.concat(entries ?? []);
	const list = Buffer.alloc(8);
	list.writeUInt8(2, 0);
	list.writeUInt16LE(8 + body.length, 2);
	list.writeUInt16LE(entries?.length ?? 0, 4);
	const head = Buffer.alloc(20);
	head.writeUInt8(1, 0);
	head.writeUInt16LE(control, 2);
	head.writeUInt32LE(owner === undefined ? 0 : 20, 4);
	head.writeUInt32LE(entries === undefined ? 0 : 20 + (owner?.length ?? 0), 16);
	return Buffer.concat([head, owner ?? Buffer.alloc(0), ...(entries === undefined ? [] : [list, body])]);
}

const ada = sid(21, 1, 2, 4_000_000_000, 1001);
const everyEntry = [
	entry(0x00, 0x00, 0x1f01ff, sid(18)),
	entry(0x01, 0x10, 0x2, ada),
	entry(0x00, 0x0b, 0x10000000, sid(32, 544)),
	entry(0x05, 0x00, 0x4, Buffer.concat([Buffer.from([3, 0, 0, 0]), Buffer.alloc(32), ada])),
	entry(0x11, 0x00, 0x1, sid(18)),
];

describe('parseSecurityDescriptor', () => {
	it('reads owner, entries of all kinds, and whether the list is protected', () => {
		expect(parseSecurityDescriptor(descriptor(0x9004, ada, everyEntry))).toEqual({
			owner: 'S-1-5-21-1-2-4000000000-1001',
			protected: true,
			entries: [
				{ kind: 'allow', inheritOnly: false, mask: 0x1f01ff, sid: 'S-1-5-18' },
				{ kind: 'deny', inheritOnly: false, mask: 0x2, sid: 'S-1-5-21-1-2-4000000000-1001' },
				{ kind: 'allow', inheritOnly: true, mask: 0x10000000, sid: 'S-1-5-32-544' },
				{ kind: 'allow', inheritOnly: false, mask: 0x4, sid: 'S-1-5-21-1-2-4000000000-1001' },
				{ kind: 'other', inheritOnly: false, mask: 0x1, sid: '' },
			],
		});
	});

	it('tells a missing list from an empty one', () => {
		expect(parseSecurityDescriptor(descriptor(0x8004, ada, [])).entries).toEqual([]);
		expect(parseSecurityDescriptor(descriptor(0x8004, ada, undefined)).entries).toBeUndefined();
		expect(parseSecurityDescriptor(descriptor(0x8000, ada, everyEntry)).entries).toBeUndefined();
		expect(parseSecurityDescriptor(descriptor(0x8004, undefined, [])).owner).toBe('');
	});

	it('reads nothing but its own bytes: every shorter one is damaged', () => {
		const whole = descriptor(0x8004, ada, everyEntry);
		for (let length = 0; length < whole.length; length++) {
			expect(() => parseSecurityDescriptor(whole.subarray(0, length)), String(length)).toThrow();
		}
		const crowded = descriptor(0x8004, ada, everyEntry);
		crowded.writeUInt16LE(99, 20 + ada.length + 4);
		expect(() => parseSecurityDescriptor(crowded)).toThrow('ACL.AceCount');
		const endless = descriptor(0x8004, ada, everyEntry);
		endless.writeUInt16LE(0, 20 + ada.length + 8 + 2);
		expect(() => parseSecurityDescriptor(endless)).toThrow('ACE.AceSize');
		const long = descriptor(0x8004, ada, everyEntry);
		long.writeUInt8(255, 21);
		expect(() => parseSecurityDescriptor(long)).toThrow('SID.SubAuthorityCount');
	});
});
