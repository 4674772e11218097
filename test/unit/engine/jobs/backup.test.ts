import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobContext } from '../../../../src/engine/job-context.ts';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runInspect } from '../../../../src/engine/jobs/inspect.ts';
import { runRestore } from '../../../../src/engine/jobs/restore.ts';
import { runVerify } from '../../../../src/engine/jobs/verify.ts';
import type { RestoreRequest } from '../../../../src/engine/requests.ts';
import { FakeMachine, imageRequest } from '../../../support/fakes/fake-context.ts';
import { mountAt } from '../../../support/fakes/fake-volumes.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { gptBytes } from '../../../support/fakes/sample-disk.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const mebibyte = 2 ** 20;
const first = { start: mebibyte, length: mebibyte };
const second = { start: 2 * mebibyte, length: mebibyte + 512 };

function setUp() {
	const disk = new MemoryDisk('/dev/fake', gptBytes(4 * mebibyte, [first, second]));
	const target = new MemoryDisk('/dev/target', new Uint8Array(5 * mebibyte).fill(0xee));
	const machine = new FakeMachine(disk, target);
	const folder = tempFolder();
	const restore = (file: string, more: Partial<RestoreRequest> = {}) =>
		runRestore(
			{
				file,
				target: '/dev/target',
				disk: undefined,
				partitions: undefined,
				password: undefined,
				delta: false,
				verify: true,
				freeSpace: 'keep',
				newDiskId: false,
				...more,
			},
			machine.context,
		);
	return { disk, target, machine, folder, restore };
}

describe('a backup', () => {
	it('is written, read back, and restores what it holds', async () => {
		const { disk, target, machine, folder, restore } = setUp();
		const result = await runBackup(imageRequest(folder, ['/dev/fake'], { comment: 'hello' }), machine.context);
		expect(readdirSync(folder)).toEqual([`${result.imageId}-00-00.mrimgx`]);
		expect(result.partitions.map((partition) => partition.length)).toEqual([first.length, second.length]);
		expect(disk.openCount).toBe(0);

		const info = await runInspect(result.files[0]!, machine.context);
		expect(info).toMatchObject({ computer: 'MACHINE', compression: 'medium', encryption: 'none' });
		expect(info.file).toMatchObject({ type: 'full', comment: 'hello', parent: undefined });

		await restore(result.files[0]!);
		for (const { start, length } of [first, second]) {
			expect(target.bytes.subarray(start, start + length)).toEqual(disk.bytes.subarray(start, start + length));
		}
		expect(target.openCount).toBe(0);
	});

	it('tells without password or earlier files how many blocks it brought', async () => {
		const { disk, machine, folder } = setUp();
		const request = imageRequest(folder, ['/dev/fake'], { type: 'auto', password: 'secret' });
		const full = await runBackup(request, machine.context);
		disk.bytes.fill(0x5a, second.start + 65_536, second.start + 65_537);
		disk.bytes.fill(0x5a, second.start + 3 * 65_536 - 1, second.start + 3 * 65_536 + 1);
		const inc = await runBackup(request, machine.context);
		const diff = await runBackup({ ...request, type: 'diff' }, machine.context);
		expect([inc.backupType, diff.backupType, inc.imageId, diff.imageId]).toEqual([
			'inc',
			'diff',
			full.imageId,
			full.imageId,
		]);

		const stored = async (file: string) => {
			const info = await runInspect(file, machine.context);
			expect(info.encryption).toBe('aes-256');
			return info.disks.map((one) => one.partitions.map((partition) => partition.storedBlocks));
		};
		expect(await stored(full.files[0]!)).toEqual([full.partitions.map((partition) => partition.storedBlocks)]);
		expect(full.partitions[0]!.storedBlocks).toBeGreaterThan(0);
		for (const { files } of [inc, diff]) expect(await stored(files[0]!)).toEqual([[0, 3]]);
		rmSync(full.files[0]!);
		for (const { files } of [inc, diff]) expect(await stored(files[0]!)).toEqual([[0, 3]]);
	});

	it('is the newest of its partitions, also within one second and when the clock was set back', async () => {
		const { machine, folder } = setUp();
		for (let i = 0; i < 8; i++) {
			if (i === 4) machine.clock.setBack(3_600_000);
			const full = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
			const inc = await runBackup(imageRequest(folder, ['/dev/fake'], { type: 'inc' }), machine.context);
			expect(inc.imageId).toBe(full.imageId);
		}
	});

	it('writes the partition table of a restored disk after its data', async () => {
		const { target, machine, folder, restore } = setUp();
		const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
		await restore(files[0]!);
		const last = target.log.findLastIndex((entry) => entry.startsWith('block'));
		const writes = target.log.slice(last + 1).filter((entry) => entry.startsWith('write'));
		expect(writes.at(-1)).toBe('write 0 512');
		expect(target.log.indexOf('flush')).toBeGreaterThan(last);
		// The old table is emptied before the first block: half a restore must not look like a disk.
		expect(target.log[0]).toBe('write 0 17408');
		// The system learns of the new one once it lies on the medium.
		expect(target.log.indexOf('reread partitions')).toBeGreaterThan(target.log.indexOf('flush'));
		expect(machine.logs.filter((log) => log.message.includes('still shows'))).toEqual([]);
	});

	it('says that the system keeps to the partitions that a restored disk had', async () => {
		const { target, machine, folder, restore } = setUp();
		const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
		target.rereads = false;
		await restore(files[0]!);
		expect(machine.logs).toContainEqual(
			expect.objectContaining({ level: 'warning', message: expect.stringContaining('still shows') as string }),
		);
		target.log.splice(0);
		machine.logs.splice(0);
		await restore(files[0]!, { partitions: [2] });
		expect(target.log).not.toContain('reread partitions');
	});

	it('takes chosen partitions alone, named by number or by node', async () => {
		const { machine, folder } = setUp();
		const byNumber = { sources: [{ path: '/dev/fake', partitions: [2] }] };
		const numbered = await runBackup(imageRequest(folder, [], byNumber), machine.context);
		expect(numbered.partitions.map((partition) => partition.number)).toEqual([2]);
		const node = { path: '/dev/fake2', ...second };
		machine.disks.nodes.set('/dev/fake2', { disk: '/dev/fake', node });
		const byNode = await runBackup(imageRequest(folder, ['/dev/fake2']), machine.context);
		expect(byNode.partitions.map((partition) => partition.number)).toEqual([2]);
		const wrong = { sources: [{ path: '/dev/fake', partitions: [7] }] };
		await expect(runBackup(imageRequest(folder, [], wrong), machine.context)).rejects.toMatchObject({
			code: 'invalid-argument',
			message: expect.stringContaining('1, 2') as string,
		});
	});

	it('of a disk with 4096-byte sectors restores too', async () => {
		const disk = new MemoryDisk('/dev/fake', gptBytes(4 * mebibyte, [first], 4096), { sectorSize: 4096 });
		const target = new MemoryDisk('/dev/target', new Uint8Array(6 * mebibyte), { sectorSize: 4096 });
		const machine = new FakeMachine(disk, target);
		const folder = tempFolder();
		const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
		await runRestore(
			{
				...{ file: files[0]!, target: '/dev/target', disk: undefined, partitions: undefined, password: undefined },
				...{ delta: false, verify: true, freeSpace: 'keep', newDiskId: false },
			},
			machine.context,
		);
		expect(target.bytes.subarray(4096, 4096 + 8)).toEqual(new TextEncoder().encode('EFI PART'));
		expect(target.bytes.subarray(6 * mebibyte - 4096, 6 * mebibyte - 4088)).toEqual(
			new TextEncoder().encode('EFI PART'),
		);
	});
});

describe('a backup of a disk without an id', () => {
	it('joins the set of the same file system only', async () => {
		const swap = (uuid: number) => {
			const bytes = new Uint8Array(mebibyte);
			bytes.set(new TextEncoder().encode('SWAPSPACE2'), 4096 - 10);
			new DataView(bytes.buffer).setUint32(1024, 1, true);
			new DataView(bytes.buffer).setUint32(1028, mebibyte / 4096 - 1, true);
			bytes.fill(uuid, 1036, 1036 + 16);
			return bytes;
		};
		const one = new MemoryDisk('/dev/one', swap(1));
		const two = new MemoryDisk('/dev/two', swap(2));
		const machine = new FakeMachine(one, two);
		const folder = tempFolder();
		const image = async (path: string) => runBackup(imageRequest(folder, [path], { type: 'auto' }), machine.context);
		const first = await image('/dev/one');
		expect((await image('/dev/one')).backupType).toBe('inc');
		const other = await image('/dev/two');
		expect(other).toMatchObject({ backupType: 'full' });
		expect(other.imageId).not.toBe(first.imageId);
		expect(await image('/dev/one')).toMatchObject({ backupType: 'inc', imageId: first.imageId });
	});
});

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

it('is split where the destination cannot hold a larger file', async () => {
	const { machine, folder, restore, target, disk } = setUp();
	machine.volumes.place = { ...machine.volumes.place, maxFileSize: 1_200_000 };
	const request = imageRequest(folder, ['/dev/fake'], { compression: 'none' });
	const { files } = await runBackup(request, machine.context);
	expect(files).toHaveLength(3);
	for (const file of files) expect(statSync(file).size).toBeLessThanOrEqual(1_200_000);
	await restore(files[0]!);
	expect(target.bytes.subarray(first.start, first.start + first.length)).toEqual(
		disk.bytes.subarray(first.start, first.start + first.length),
	);
});

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

describe('a target', () => {
	it.each([
		[{ system: true }, 'running system'],
		[{}, 'mounted at /one'],
		[{ kind: 'swap' as const, at: '/dev/target1' }, 'swapoff'],
		[{ kind: 'holder' as const, at: 'dm-0' }, 'dm-0 uses it'],
	])('in use is refused before anything is written: %j', async (more, reason) => {
		const { target, machine, folder, restore } = setUp();
		const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
		machine.volumes.uses.set('/dev/target', [mountAt('/one', 0, target.bytes.length, more)]);
		const error = await restore(files[0]!).catch((thrown: unknown) => thrown as Error & { advice: string });
		expect(error).toMatchObject({ code: 'target-in-use' });
		expect(`${(error as Error).message} ${(error as { advice: string }).advice}`).toContain(reason);
		expect(target.log).toEqual([]);
	});

	it('that holds the image is refused', async () => {
		const { target, machine, folder, restore } = setUp();
		const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
		machine.volumes.place = { ...machine.volumes.place, on: [{ disk: '/dev/target', start: 0, length: mebibyte }] };
		await expect(restore(files[0]!)).rejects.toMatchObject({
			code: 'target-in-use',
			message: expect.stringContaining(files[0]!) as string,
		});
		expect(target.log).toEqual([]);
	});

	it('is told by its read-back when it does not keep what it is given', async () => {
		const { target, machine, folder, restore } = setUp();
		const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
		machine.onBatch = () => {
			// A faulty medium: a byte of the first partition never keeps.
			target.bytes[first.start + 5] = 0;
		};
		await expect(restore(files[0]!)).rejects.toMatchObject({
			code: 'write-error',
			message: expect.stringContaining(String(first.start)) as string,
		});
	});

	it('gets zeros or discards where the image holds nothing, only there', async () => {
		const { target, machine, folder, restore } = setUp();
		const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
		await restore(files[0]!, { freeSpace: 'zero' });
		expect((await runVerify({ file: files[0]!, password: undefined, sample: undefined }, machine.context)).bad).toEqual(
			[],
		);
		// Every block of these partitions is in the image; what lies behind them stays as it was.
		expect(target.bytes[second.start + second.length]).toBe(0xee);
	});
});
