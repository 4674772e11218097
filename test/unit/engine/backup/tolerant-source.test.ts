import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { TolerantSource } from '../../../../src/engine/backup/sources/tolerant-source.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';

describe('a tolerant source', () => {
	it('gives zeros for the sectors that cannot be read and everything else as it is', async () => {
		const disk = new MemoryDisk('/dev/fake', new Uint8Array(64 * 1024).fill(7));
		disk.bad.add(20_000).add(60_000);
		const bad: [number, number][] = [];
		const source = new TolerantSource(disk.open(), (offset, length) => bad.push([offset, length]));
		const read = new Uint8Array(64 * 1024).fill(9);
		await source.read(0, read);
		expect(bad).toEqual([
			[16384, 4096],
			[57344, 4096],
		]);
		const zeros = [...read.entries()].filter(([, byte]) => byte === 0).map(([at]) => at);
		expect(zeros).toHaveLength(8192);
		expect(zeros[0]).toBe(16384);
		expect(zeros.at(-1)).toBe(57344 + 4095);
	});

	it('passes on every other error', async () => {
		const disk = new MemoryDisk('/dev/fake', new Uint8Array(4096)).open();
		const source = new TolerantSource(
			{ ...disk, read: () => Promise.reject(new AfterimageError('cancelled', 'Stop')) },
			() => undefined,
		);
		await expect(source.read(0, new Uint8Array(512))).rejects.toMatchObject({ code: 'cancelled' });
	});
});
