import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import type { ImageRequest } from '../../../../src/engine/requests/image.ts';
import { imageRequest } from '../../../support/job-requests.ts';
import { setUp } from '../jobs/set-up.ts';

const mebibyte = 2 ** 20;

/** Backs up the 2 MiB and one sector that are in use on the sample disk to a folder with so much room. */
function backUpTo({ machine, folder }: ReturnType<typeof setUp>, free: number, more: Partial<ImageRequest> = {}) {
	machine.events.length = 0;
	machine.volumes.place = { ...machine.volumes.place, free };
	return runBackup(imageRequest(folder, ['/dev/fake'], more), machine.context);
}

function warningsOf({ machine, folder }: ReturnType<typeof setUp>): string[] {
	return machine.logs
		.filter(({ level, message }) => level === 'warning' && message.includes('are free in'))
		.map(({ message }) => message.replace(folder, '…'));
}

it('warns before it writes when a full needs more than is free, with both figures', async () => {
	const scene = setUp();
	await backUpTo(scene, 2 * mebibyte);
	const message = '2.00 MB are in use and go into the image, 2.00 MB are free in …: only compression can make it fit';
	expect(warningsOf(scene)).toEqual([message]);
	const { events } = scene.machine;
	const warned = events.findIndex((event) => event.type === 'log' && event.message.includes('are free in'));
	expect(warned).toBeLessThan(events.findIndex(({ type }) => type === 'progress'));
	await backUpTo(scene, 2 * mebibyte, { compression: 'none' });
	expect(warningsOf(scene)).toEqual([message.replace('only compression can make it fit', 'it does not fit')]);
});

it('says nothing where it fits', async () => {
	const scene = setUp();
	await backUpTo(scene, 2 * mebibyte + 512);
	expect(warningsOf(scene)).toEqual([]);
});

it.each([
	[mebibyte, 1],
	[mebibyte + 512, 0],
])('counts what is to stay free, and the images that go for it: %i bytes', async (size, warnings) => {
	const scene = setUp();
	writeFileSync(join(scene.folder, 'old.mrimgx'), new Uint8Array(size));
	await backUpTo(scene, 2 * mebibyte, { minFree: mebibyte });
	expect(warningsOf(scene)).toHaveLength(warnings);
	for (const warning of warningsOf(scene)) expect(warning).toContain(', of which 1.00 MB are to stay free: only');
});

it('does not guess how much an incremental will need', async () => {
	const scene = setUp();
	await backUpTo(scene, 2 ** 40);
	const { backupType } = await backUpTo(scene, 100, { type: 'inc' });
	expect(backupType).toBe('inc');
	expect(warningsOf(scene)).toEqual([]);
});
