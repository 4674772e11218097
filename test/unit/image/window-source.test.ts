import { expect, it } from 'vitest';
import { readTail } from '../../../src/image/reader.ts';
import { WindowSource } from '../../../src/image/window-source.ts';
import { fill } from './arbitrary.ts';
import { codec } from './backups.ts';
import { MemoryFolder } from './memory-folder.ts';
import { errorOf } from './one-disk.ts';

it('reads through a window what it would read without one', async () => {
	const bytes = fill(300000, 1);
	const folder = new MemoryFolder();
	folder.files.set('a', bytes);
	const source = new WindowSource(await folder.open('a'));
	for (const [offset, length] of [
		[299980, 20],
		[250000, 32],
		[10, 65536],
		[250100, 32],
		[0, 300000],
		[64 * 1024 - 5, 10],
	] as const) {
		const target = new Uint8Array(length);
		await source.read(offset, target);
		expect(Buffer.compare(target, bytes.subarray(offset, offset + length))).toBe(0);
	}
	expect((await errorOf(() => source.read(299981, new Uint8Array(20)))).code).toBe('read-error');
	expect((await errorOf(() => readTail(source, { codec }))).code).toBe('image-damaged');
});
