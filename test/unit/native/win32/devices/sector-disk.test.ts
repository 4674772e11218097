import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SectorDisk } from '../../../../../native/win32/devices/sector-disk.ts';
import { describeFile } from '../../../../../src/engine/ports/raw-file.ts';
import { tempFolder } from '../../../../support/temp-folder.ts';

const size = 5 * 4096;

function diskOf(path: string): { disk: SectorDisk; released: () => number } {
	let released = 0;
	const device = { ...describeFile(path, size, false), sectorSize: 4096 };
	const disk = new SectorDisk(openSync(path, 'r+'), device, { discard: () => false }, () => void released++);
	return { disk, released: () => released };
}

it('reads and writes any bytes as if there were no sectors', async () => {
	const path = join(tempFolder(), 'disk.raw');
	const expected = Uint8Array.from({ length: size }, (_, i) => i % 251);
	writeFileSync(path, expected);
	const { disk, released } = diskOf(path);
	const range = fc.tuple(fc.nat(size), fc.nat(size), fc.nat(40)).map(([a, b, shift]) => ({
		start: Math.min(a, b),
		end: Math.max(a, b),
		shift,
	}));
	await fc.assert(
		fc.asyncProperty(range, fc.nat(255), async ({ start, end, shift }, value) => {
			const data = new Uint8Array(shift + end - start).subarray(shift).fill(value);
			await disk.write(start, data);
			expected.set(data, start);
			const back = new Uint8Array(shift + end - start).subarray(shift);
			await disk.read(start, back);
			return Buffer.compare(back, data) === 0 && Buffer.compare(readFileSync(path), expected) === 0;
		}),
	);
	expect(released()).toBe(0);
	await disk.close();
	expect(released()).toBe(1);
});

it('refuses what lies outside', async () => {
	const path = join(tempFolder(), 'disk.raw');
	writeFileSync(path, new Uint8Array(size));
	const { disk } = diskOf(path);
	await expect(disk.read(size - 1, new Uint8Array(2))).rejects.toMatchObject({ code: 'read-error' });
	await expect(disk.write(size - 1, new Uint8Array(2))).rejects.toThrow();
	await disk.close();
});
