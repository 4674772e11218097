import { expect, test } from 'vitest';
import { readAttributes } from '../../../../src/disk/btrfs/files/attributes.ts';
import type { Inode } from '../../../../src/disk/btrfs/files/inode.ts';
import type { TreeSearch } from '../../../../src/disk/btrfs/search.ts';

function entry(name: string, value: string, type = 8): Uint8Array {
	const bytes = new Uint8Array(30 + name.length + value.length);
	const view = new DataView(bytes.buffer);
	view.setUint16(0x19, value.length, true);
	view.setUint16(0x1b, name.length, true);
	view.setUint8(0x1d, type);
	bytes.set(Buffer.from(name + value, 'latin1'), 30);
	return bytes;
}

/** A tree that has these items. */
function read(...items: readonly Uint8Array[]) {
	const search = {
		async *itemsOf() {
			for (const data of items) yield await Promise.resolve({ data, leaf: 4096 });
		},
	};
	return readAttributes(search as unknown as TreeSearch, { number: 257 } as Inode);
}

test('attributes, of which those of one hash share an item', async () => {
	const found = await read(Buffer.concat([entry('user.a', '1'), entry('trusted.\xff', '')]), entry('security.c', 'x'));
	expect(found.map(({ name, value }) => [name, Buffer.from(value).toString()])).toEqual([
		['user.a', '1'],
		['trusted.\xff', ''],
		['security.c', 'x'],
	]);
});

test.each<[string, Uint8Array, RegExp]>([
	['an entry of a folder', entry('user.a', '1', 1), /type at byte 4096: expected 8, found 1/],
	['a cut value', entry('user.a', 'value').subarray(0, 38), /length at byte 4096: expected 38, found 41/],
	['a cut entry', entry('', '').subarray(0, 20), /expected 30 bytes/],
	['a NUL in a name', entry('user.\0', ''), /without a NUL/],
	['a long name', entry(`user.${'n'.repeat(251)}`, ''), /at most 255 bytes/],
])('damage: %s', async (_, data, message) => {
	await expect(read(data)).rejects.toMatchObject({ code: 'structure-damaged' });
	await expect(read(data)).rejects.toThrow(message);
});

test('more than fits into memory', async () => {
	const large = entry('user.large', 'x'.repeat(65_000));
	await expect(read(...Array.from({ length: 300 }, () => large))).rejects.toMatchObject({ code: 'not-supported' });
});
