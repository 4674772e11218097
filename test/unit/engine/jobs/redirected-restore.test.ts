import { readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runRestore } from '../../../../src/engine/jobs/restore.ts';
import { plainPorts } from '../../../../src/engine/ports/plain-ports.ts';
import type { DiskPort } from '../../../../src/engine/ports/disk-port.ts';
import { imageRequest, restoreRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { setUp } from './set-up.ts';

/** A backup, a raw file to restore it to, and a file that somebody leads the restore to. */
async function scene() {
	const { machine, folder } = setUp();
	const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
	const shared = tempFolder();
	const [target, victim] = [join(shared, 'disk.img'), join(shared, 'victim')];
	for (const path of [target, victim]) writeFileSync(path, Buffer.alloc(5 * 2 ** 20, 'x'));
	const { context } = machine;
	const redirect = () => {
		renameSync(target, join(shared, 'old.img'));
		symlinkSync(victim, target);
	};
	const restore = (disks: DiskPort, volumes = context.ports.volumes) =>
		runRestore(restoreRequest(files[0]!, target), { ...context, ports: { ...context.ports, disks, volumes } });
	return { context, target, victim, redirect, restore };
}

describe('a restore to a raw file that is exchanged for a link', () => {
	const refused = { code: 'target-in-use', message: expect.stringContaining('found another by now') as string };

	it('while its uses are looked at writes nothing', async () => {
		const { context, victim, redirect, restore } = await scene();
		const { volumes } = context.ports;
		const exchanging = Object.assign(Object.create(volumes) as typeof volumes, {
			usesOf: async (disk: Parameters<typeof volumes.usesOf>[0]) => {
				redirect();
				return volumes.usesOf(disk);
			},
		});
		await expect(restore(plainPorts.disks, exchanging)).rejects.toMatchObject(refused);
		expect(readFileSync(victim).every((byte) => byte === 'x'.charCodeAt(0))).toBe(true);
	});

	it('between the last check and the open writes nothing', async () => {
		const { victim, redirect, restore } = await scene();
		const disks: DiskPort = {
			...plainPorts.disks,
			openTarget: (path, expected) => {
				redirect();
				return plainPorts.disks.openTarget(path, expected);
			},
		};
		await expect(restore(disks)).rejects.toMatchObject(refused);
		expect(readFileSync(victim).every((byte) => byte === 'x'.charCodeAt(0))).toBe(true);
	});

	it('for a moment only, while it was checked, is not written over either', async () => {
		const { victim, target, redirect, restore } = await scene();
		redirect();
		let described = 0;
		const disks: DiskPort = {
			...plainPorts.disks,
			describe: async (path) => {
				described++;
				return plainPorts.disks.describe(path === target ? join(target, '../old.img') : path);
			},
			openTarget: (_, expected) => plainPorts.disks.openTarget(target, expected),
		};
		await expect(restore(disks)).rejects.toMatchObject(refused);
		// What is checked is what was described: twice would be two files.
		expect(described).toBe(1);
		expect(readFileSync(victim).every((byte) => byte === 'x'.charCodeAt(0))).toBe(true);
	});
});
