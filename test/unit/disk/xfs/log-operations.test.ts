import { expect, test } from 'vitest';
import { changesSuperblockOnly, isUnmountRecord } from '../../../../src/disk/xfs/log-operations.ts';
import { bufferChange, type LogContent } from './sample.ts';

type Operations = LogContent['operations'];

/** A body as it is once the cycle numbers are out of it. */
function body(operations: Operations, size = 1024): Uint8Array {
	const bytes = Buffer.alloc(size);
	let at = 0;
	for (const { flags, data } of operations) {
		bytes.writeUInt32BE(data.length, at + 4);
		bytes[at + 9] = flags;
		bytes.set(data, at + 12);
		at += 12 + data.length;
	}
	return bytes;
}

const accepted = (operations: Operations, count = operations.length) =>
	changesSuperblockOnly(body(operations), count, 512);

/** The usual transaction with the data of one operation changed. */
function changed(index: number, change: (data: Buffer) => void, flags?: number): Operations {
	return bufferChange(0).map((operation, i) => {
		if (i !== index) return operation;
		const data = Buffer.from(operation.data);
		change(data);
		return { flags: flags ?? operation.flags, data };
	});
}

test('accepts transactions that change the superblock, one or several', () => {
	expect(accepted(bufferChange(0))).toBe(true);
	expect(accepted([...bufferChange(0), ...bufferChange(0)])).toBe(true);
});

test('accepts what a big-endian machine wrote', () => {
	const swapped = bufferChange(0).map(({ flags, data }) => ({ flags, data: Buffer.from(data) }));
	swapped[1]!.data.swap32();
	swapped[2]!.data.swap16();
	expect(accepted(swapped)).toBe(true);
});

const refused: [string, Operations, number?][] = [
	['another buffer', bufferChange(8)],
	['more than a sector', changed(2, (data) => data.writeUInt16LE(2, 6))],
	['another kind of item', changed(2, (data) => data.writeUInt16LE(0x123b, 0))],
	['no transaction header', changed(1, (data) => data.fill(0))],
	['a start that carries data', [{ flags: 1, data: new Uint8Array(4) }, ...bufferChange(0).slice(1)]],
	['no start', bufferChange(0).slice(1)],
	['no commit', bufferChange(0).slice(0, 4)],
	[
		'a transaction header that is cut',
		bufferChange(0).with(1, { flags: 0, data: bufferChange(0)[1]!.data.subarray(0, 12) }),
	],
	['an item that is cut', bufferChange(0).with(2, { flags: 0, data: bufferChange(0)[2]!.data.subarray(0, 20) })],
	['an item without regions', changed(2, (data) => data.writeUInt16LE(0, 2))],
	['more regions than there are', changed(2, (data) => data.writeUInt16LE(3, 2))],
	['a region that goes on in another record', changed(3, () => undefined, 0x04)],
	['more operations than the body holds', bufferChange(0), 100],
];

test.each(refused)('refuses %s', (_, operations, count) => {
	expect(accepted(operations, count)).toBe(false);
});

test('refuses an operation longer than the body', () => {
	const bytes = Buffer.from(body(bufferChange(0)));
	bytes.writeUInt32BE(5000, 4);
	expect(changesSuperblockOnly(bytes, 5, 512)).toBe(false);
	expect(isUnmountRecord(bytes, 1)).toBe(false);
});

test('an unmount record is one operation with its flag', () => {
	const unmount = { flags: 0x20, data: new Uint8Array(8) };
	expect(isUnmountRecord(body([unmount]), 1)).toBe(true);
	expect(isUnmountRecord(body([unmount, unmount]), 2)).toBe(false);
	expect(isUnmountRecord(body(bufferChange(0)), 1)).toBe(false);
});
