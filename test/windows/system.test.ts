import { truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { addDevices } from './support/fake-disks.ts';
import { volumeAnswers } from './support/windows-disk.ts';
import { Windows } from './support/wine.ts';

test('the ports know processes, rights, the registry, places and volumes', async () => {
	const windows = Windows.forTest();
	const image = join(windows.folder, 'disk.raw');
	writeFileSync(image, '');
	truncateSync(image, 4 << 20);
	const begun = Date.now();
	await addDevices(windows, [{ name: 'Q:', image, answers: volumeAnswers(5, 1 << 20, 2 << 20) }]);
	const { out, err } = await windows.script(resolve(import.meta.dirname, 'support/system-probe.ts'));
	expect(out, err).not.toBe('');
	const said = JSON.parse(out) as Record<string, unknown> & { started: string };
	// 100 ns since 1601.
	const started = Number(BigInt(said.started) / 10_000n - 11_644_473_600_000n);
	expect(started).toBeGreaterThan(begun - 60_000);
	expect(started).toBeLessThan(Date.now() + 60_000);
	expect(said['alive']).toEqual([true, false, false, false, 'unknown']);
	expect(said['elevated']).toBe(true);
	expect(said['product']).toMatch(/Windows/);
	expect(said['nothing']).toBe('none');
	const place = { fileSystem: 'NTFS', mountPoint: 'C:\\' };
	expect(said['places']).toMatchObject([place, place, 'destination-missing', place]);
	expect(said['volumes']).toEqual([
		{ name: 'Q:\\', mountPoints: ['Q:\\'], extents: [{ diskNumber: 5, start: 1 << 20, length: 2 << 20 }] },
	]);
});
