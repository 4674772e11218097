import { describe, expect, it } from 'vitest';
import { layoutOf } from '../../../../src/engine/disk-layout.ts';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runRestore } from '../../../../src/engine/jobs/restore.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { mountAt } from '../../../support/fakes/fake-volumes.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { first, gptBytes, second } from '../../../support/fakes/sample-disk.ts';
import { imageRequest, restoreRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { setUp } from './set-up.ts';

const mebibyte = 2 ** 20;

describe('a restored backup', () => {
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

	it('goes to no other disk than the one that was confirmed', async () => {
		const { target, machine, folder, restore } = setUp();
		const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
		const { size } = target.device;
		for (const other of [
			{ model: 'Other', serial: '', size },
			{ model: 'Memory', serial: '1', size },
			{ model: 'Memory', serial: '', size: size - 512 },
		]) {
			await expect(restore(files[0]!, { confirmed: other })).rejects.toMatchObject({
				code: 'target-in-use',
				message: expect.stringContaining('expected the disk that was confirmed') as string,
			});
		}
		expect(target.log).toEqual([]);
		await restore(files[0]!, { confirmed: { model: 'Memory', serial: '', size } });
		expect(target.log).not.toEqual([]);
	});

	it('of a disk with 4096-byte sectors restores too', async () => {
		const disk = new MemoryDisk('/dev/fake', gptBytes(4 * mebibyte, [first], 4096), { sectorSize: 4096 });
		const target = new MemoryDisk('/dev/target', new Uint8Array(6 * mebibyte), { sectorSize: 4096 });
		const machine = new FakeMachine(disk, target);
		const folder = tempFolder();
		const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
		await runRestore(restoreRequest(files[0]!, '/dev/target'), machine.context);
		expect(target.bytes.subarray(4096, 4096 + 8)).toEqual(new TextEncoder().encode('EFI PART'));
		expect(target.bytes.subarray(6 * mebibyte - 4096, 6 * mebibyte - 4088)).toEqual(
			new TextEncoder().encode('EFI PART'),
		);
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

	it('that keeps its table takes no new disk id', async () => {
		const { target, machine, folder, restore } = setUp();
		const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
		await restore(files[0]!);
		target.log.splice(0);
		const node = { path: '/dev/target1', ...first };
		machine.disks.nodes.set(node.path, { disk: '/dev/target', node });
		for (const where of ['/dev/target', node.path]) {
			const more = { target: where, partitions: [1], newDiskId: true };
			await expect(restore(files[0]!, more)).rejects.toMatchObject({ code: 'invalid-argument' });
		}
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

	it.each([true, false])(
		'is told to the system once it is read back: that mounts what it finds, and writes (%s)',
		async (keeps) => {
			const { target, machine, folder, restore } = setUp();
			const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
			const open = target.open.bind(target);
			let told = 0;
			target.open = () => {
				const rereadPartitions = () => {
					told++;
					target.bytes[first.start + 5]! ^= 1;
					return true;
				};
				return { ...open(), rereadPartitions };
			};
			machine.onBatch = () => {
				if (!keeps) target.bytes[first.start + 5] = 0;
			};
			if (keeps) await restore(files[0]!);
			else await expect(restore(files[0]!)).rejects.toMatchObject({ code: 'write-error' });
			// Also of a faulty disk the system must not show what was on it before.
			expect(told).toBe(1);
		},
	);

	it('gets zeros where the image holds nothing, before, between and behind its partitions too', async () => {
		const { disk, target, machine, folder, restore } = setUp();
		const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
		await restore(files[0]!, { freeSpace: 'zero' });
		for (const { start, length } of [first, second]) {
			expect(target.bytes.subarray(start, start + length)).toEqual(disk.bytes.subarray(start, start + length));
		}
		const end = second.start + second.length;
		expect(target.bytes.subarray(end, target.bytes.length - 33 * 512).every((byte) => byte === 0)).toBe(true);
		expect((await layoutOf(target.open(), target.open())).warnings).toEqual([]);
	});

	it('discards the same places', async () => {
		const { target, machine, folder, restore } = setUp();
		const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
		await restore(files[0]!, { freeSpace: 'discard' });
		const end = second.start + second.length;
		expect(target.log.filter((entry) => entry.startsWith('discard'))).toEqual([
			`discard 0 ${first.start}`,
			`discard ${end} ${target.bytes.length - end}`,
		]);
	});

	it('keeps what partitions hold that the image does not, and with its own table also what lies outside of them', async () => {
		const { target, machine, folder, restore } = setUp();
		const sources = [{ path: '/dev/fake', partitions: [1] }];
		const { files } = await runBackup(imageRequest(folder, [], { sources }), machine.context);
		await restore(files[0]!, { freeSpace: 'zero' });
		expect(target.bytes[second.start]).toBe(0xee);
		const behind = second.start + second.length;
		expect(target.bytes[behind]).toBe(0);
		target.bytes[behind] = 0xee;
		await restore(files[0]!, { freeSpace: 'zero', partitions: [1] });
		expect(target.bytes[behind]).toBe(0xee);
	});
});
