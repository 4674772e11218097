import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobContext } from '../../../../src/engine/job-context.ts';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { second } from '../../../support/fakes/sample-disk.ts';
import { imageRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { setUp } from './set-up.ts';

describe('a backup that cannot be', () => {
	it('leaves nothing when a source fails, and names the byte', async () => {
		const { disk, machine, folder } = setUp();
		disk.bad.add(second.start + 70_000);
		await expect(runBackup(imageRequest(folder, ['/dev/fake']), machine.context)).rejects.toMatchObject({
			code: 'read-error',
			message: expect.stringContaining(String(second.start + 70_000)) as string,
		});
		expect(readdirSync(folder)).toEqual([]);
		expect(disk.openCount).toBe(0);
	});

	it('stores zeros for what cannot be read when asked to, and lists it by byte of the partition', async () => {
		const { disk, machine, folder } = setUp();
		disk.bad.add(second.start + 70_000);
		const request = imageRequest(folder, ['/dev/fake'], { skipBadSectors: true });
		const result = await runBackup(request, machine.context);
		expect(result.partitions[1]?.badRanges).toEqual([{ offset: 65536, length: 65536 }]);
		expect(machine.logs.some((log) => log.level === 'warning' && log.message.includes('zeros'))).toBe(true);
	});

	it('leaves nothing when it is cancelled at any batch', async () => {
		const { disk, folder } = setUp();
		let batches = 0;
		const whole = new FakeMachine(disk);
		whole.onBatch = (batch) => (batches = batch);
		await runBackup(imageRequest(tempFolder(), ['/dev/fake']), whole.context);
		for (let at = 0; at <= batches; at++) {
			const machine = new FakeMachine(disk);
			machine.onBatch = (batch) => {
				if (batch === at) machine.controller.abort();
			};
			await expect(runBackup(imageRequest(folder, ['/dev/fake']), machine.context)).rejects.toMatchObject({
				code: 'cancelled',
			});
			expect(readdirSync(folder)).toEqual([]);
		}
		expect(batches).toBeGreaterThan(30);
		expect(disk.openCount).toBe(0);
	});

	/** The context of a machine that does something when the check of what was written begins. */
	function whenChecked(machine: FakeMachine, act: () => void): JobContext {
		let seen = false;
		return {
			...machine.context,
			emit: (event) => {
				if (event.type !== 'progress' || event.phase !== 'check' || seen) return;
				seen = true;
				act();
			},
		};
	}

	it('leaves nothing when it is cancelled while it is checked', async () => {
		const { machine, folder } = setUp();
		const context = whenChecked(machine, () => machine.controller.abort());
		await expect(runBackup(imageRequest(folder, ['/dev/fake']), context)).rejects.toMatchObject({ code: 'cancelled' });
		expect(readdirSync(folder)).toEqual([]);
	});

	it('leaves nothing when the destination gives back other bytes, wherever they are', async () => {
		for (const share of [0, 0.3, 0.7, 1]) {
			const { machine, folder } = setUp();
			let at = -1;
			const context = whenChecked(machine, () => {
				const path = join(
					folder,
					readdirSync(folder).find((name) => name.endsWith('.part'))!,
				);
				const bytes = readFileSync(path);
				at = Math.floor((bytes.length - 1) * share);
				bytes[at]! ^= 4;
				writeFileSync(path, bytes);
			});
			await expect(runBackup(imageRequest(folder, ['/dev/fake']), context)).rejects.toMatchObject({
				code: 'write-error',
				message: expect.stringContaining('.part does not read back as it was written') as string,
			});
			expect(at).toBeGreaterThanOrEqual(0);
			expect(readdirSync(folder)).toEqual([]);
		}
	});

	it('is refused a folder on an imaged partition', async () => {
		const { machine, folder } = setUp();
		machine.volumes.place = { ...machine.volumes.place, on: [{ disk: '/dev/fake', ...second }] };
		await expect(runBackup(imageRequest(folder, ['/dev/fake']), machine.context)).rejects.toMatchObject({
			code: 'invalid-argument',
			message: expect.stringContaining('partition 2') as string,
		});
		const other = { sources: [{ path: '/dev/fake', partitions: [1] }] };
		await runBackup(imageRequest(folder, [], other), machine.context);
	});

	it('gives way to a run in the same folder', async () => {
		const { machine, folder } = setUp();
		machine.processes.alive.set(5, 'x');
		writeFileSync(
			join(folder, '.afterimage.lock'),
			JSON.stringify({ host: 'here', pid: 5, started: 'x', since: '', task: 'image' }),
		);
		await expect(runBackup(imageRequest(folder, ['/dev/fake']), machine.context)).rejects.toMatchObject({
			code: 'busy',
		});
	});

	it('never replaces a file that is there', async () => {
		const { machine, folder } = setUp();
		const { imageId } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
		mkdirSync(join(folder, `${imageId}-01-01.mrimgx`));
		await expect(
			runBackup(imageRequest(folder, ['/dev/fake'], { type: 'inc' }), machine.context),
		).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('already') as string });
		expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
	});
});
