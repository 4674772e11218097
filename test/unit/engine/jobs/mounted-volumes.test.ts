import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { mountAt } from '../../../support/fakes/fake-volumes.ts';
import { first, second } from '../../../support/fakes/sample-disk.ts';
import { imageRequest } from '../../../support/job-requests.ts';
import { setUp } from './set-up.ts';

describe('mounted volumes', () => {
	it('are all frozen before the first is read, and thawed before what was written is checked', async () => {
		const { disk, machine, folder } = setUp();
		machine.volumes.uses.set('/dev/fake', [
			mountAt('/one', first.start, first.length),
			mountAt('/also-one', first.start, first.length, { volume: '/one' }),
			mountAt('/two', second.start, second.length),
			mountAt('/readonly', second.start, second.length, { readOnly: true }),
		]);
		let atFirstBatch: string[] | undefined;
		let logsWhileFrozen = 0;
		machine.onBatch = () => {
			atFirstBatch ??= [...machine.volumes.log];
			if (!machine.volumes.log.some((entry) => entry.startsWith('thaw'))) logsWhileFrozen = machine.logs.length;
		};
		await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
		// A log kept on a frozen file system would wait for the thaw for ever: lines come after it.
		expect(logsWhileFrozen).toBe(0);
		expect(machine.logs.filter((log) => log.message.startsWith('Froze'))).toHaveLength(2);
		expect(atFirstBatch).toEqual(['freeze /one', 'freeze /two']);
		expect(machine.volumes.log).toEqual(['freeze /one', 'freeze /two', 'thaw /two', 'thaw /one']);
		expect(disk.log).toContain('refresh');
	});

	it('thaw when a later one cannot be frozen, and when the run fails', async () => {
		const { disk, machine, folder } = setUp();
		machine.volumes.uses.set('/dev/fake', [
			mountAt('/one', first.start, first.length),
			mountAt('/two', second.start, second.length),
		]);
		machine.volumes.stubborn.add('/two');
		await expect(runBackup(imageRequest(folder, ['/dev/fake']), machine.context)).rejects.toThrow('/two');
		expect(machine.volumes.log).toEqual(['freeze /one', 'thaw /one']);
		machine.volumes.stubborn.clear();
		machine.volumes.log.length = 0;
		disk.bad.add(second.start);
		await expect(runBackup(imageRequest(folder, ['/dev/fake']), machine.context)).rejects.toThrow();
		expect(machine.volumes.log.filter((entry) => entry.startsWith('thaw'))).toHaveLength(2);
		expect(readdirSync(folder)).toEqual([]);
	});

	it.each([
		[{ system: true }, 'freezing the system'],
		[{ fileSystem: 'vfat' }, 'cannot be frozen'],
		[{ at: '/elsewhere' }, 'is to be written there'],
	])('are refused with the reason: %j', async (more, reason) => {
		const { machine, folder } = setUp();
		machine.volumes.uses.set('/dev/fake', [mountAt('/one', first.start, first.length, more)]);
		await expect(runBackup(imageRequest(folder, ['/dev/fake']), machine.context)).rejects.toMatchObject({
			code: 'not-supported',
			message: expect.stringContaining(reason) as string,
			advice: expect.stringContaining('Unmount') as string,
		});
		expect(machine.volumes.log).toEqual([]);
	});

	it('need root to be frozen', async () => {
		const { machine, folder } = setUp();
		machine.elevated = false;
		machine.volumes.uses.set('/dev/fake', [mountAt('/one', first.start, first.length)]);
		await expect(runBackup(imageRequest(folder, ['/dev/fake']), machine.context)).rejects.toThrow('needs root');
	});
});
