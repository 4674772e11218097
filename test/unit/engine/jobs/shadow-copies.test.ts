import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runRestore } from '../../../../src/engine/jobs/restore.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { mountAt } from '../../../support/fakes/fake-volumes.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { first, sampleDisk, second } from '../../../support/fakes/sample-disk.ts';
import { imageRequest, restoreRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const mebibyte = 2 ** 20;

/** A Windows machine in memory: C: and E: on its disk, with shadow copies whose every byte differs from the disk's. */
function setUp(lengths = [first.length, second.length]) {
	const disk = sampleDisk('/dev/disk');
	const target = new MemoryDisk('/dev/target', new Uint8Array(5 * mebibyte), { number: 1 });
	const machine = new FakeMachine(disk, target);
	machine.snapshots.lockVolumes();
	machine.volumes.uses.set('/dev/disk', [
		mountAt('C:', first.start, first.length, { volume: 'c', fileSystem: 'NTFS', system: true }),
		mountAt('E:', second.start, second.length, { volume: 'e', fileSystem: 'NTFS' }),
	]);
	const copyOf = ({ start }: { start: number }, length: number) =>
		Uint8Array.from(disk.bytes.subarray(start, start + length), (byte) => byte ^ 0xff);
	const copies = [copyOf(first, lengths[0]!), copyOf(second, lengths[1]!)] as const;
	machine.snapshots.contents.set('c', copies[0]).set('e', copies[1]);
	const folder = tempFolder();
	const restored = async (file: string) => {
		await runRestore(restoreRequest(file, '/dev/target'), machine.context);
		return [first, second].map(({ start, length }) => target.bytes.slice(start, start + length));
	};
	return {
		disk,
		machine,
		folder,
		copies,
		restored,
		back: () => runBackup(imageRequest(folder, ['/dev/disk']), machine.context),
	};
}

const temporary = () => readdirSync(tmpdir()).filter((name) => name.startsWith('afterimage-bytes-'));

describe('shadow copies', () => {
	it('of one set are what goes into the image, and go when they were read', async () => {
		const { disk, machine, copies, restored, back } = setUp();
		let loggedBefore: string | undefined;
		machine.onBatch = () => (loggedBefore ??= machine.logs.map((log) => log.message).join('\n'));
		const { files } = await back();
		expect(machine.snapshots.log).toEqual(['create c e', 'remove']);
		expect(loggedBefore).toContain('shadow copies (VSS) of C:, E:');
		expect(machine.volumes.log).toEqual([]);
		expect(disk.openCount).toBe(0);
		expect(await restored(files[0]!)).toEqual([...copies]);
	});

	it.each([512, 64 * 1024, 200_000 - (200_000 % 512), mebibyte - 512])(
		'that are %i bytes short are completed from the disk',
		async (missing) => {
			const before = temporary();
			const { disk, copies, restored, back } = setUp([first.length - missing, second.length - missing]);
			const { files } = await back();
			const [one, two] = await restored(files[0]!);
			for (const [found, place, copy] of [
				[one!, first, copies[0]],
				[two!, second, copies[1]],
			] as const) {
				expect(found.subarray(0, copy.length)).toEqual(copy);
				const rest = disk.bytes.subarray(place.start + copy.length, place.start + place.length);
				expect(found.subarray(copy.length)).toEqual(rest);
			}
			expect(temporary()).toEqual(before);
		},
	);

	it('are given up when the run fails or is cancelled', async () => {
		const { machine, folder, back } = setUp();
		machine.onBatch = () => {
			throw new AfterimageError('read-error', 'broken');
		};
		await expect(back()).rejects.toThrow('broken');
		machine.onBatch = (batch) => void (batch === 2 && machine.controller.abort());
		await expect(back()).rejects.toMatchObject({ code: 'cancelled' });
		expect(machine.snapshots.log).toEqual(['create c e', 'abort', 'create c e', 'abort']);
		expect(readdirSync(folder)).toEqual([]);
	});

	it('that cannot be made end the run with their own reason', async () => {
		const { machine, back } = setUp();
		machine.snapshots.failure = new AfterimageError('no-space', 'no room for shadow copies');
		await expect(back()).rejects.toMatchObject({ code: 'no-space' });
		expect(machine.snapshots.log).toEqual([]);
	});

	it('whose removal fails spoil no image, and writers that fail are warnings', async () => {
		const { machine, back } = setUp();
		machine.snapshots.warning = 'The writer SqlServerWriter failed';
		machine.snapshots.stubborn = new AfterimageError('failed', 'it is stuck');
		const { files } = await back();
		expect(existsSync(files[0]!)).toBe(true);
		const warnings = machine.logs.filter((log) => log.level === 'warning').map((log) => log.message);
		expect(warnings).toContainEqual(expect.stringContaining('SqlServerWriter'));
		expect(warnings).toContainEqual(expect.stringContaining('it is stuck'));
	});

	it('of a volume that BitLocker encrypts are plain text, which is said', async () => {
		const { disk, machine, copies, restored, back } = setUp();
		disk.bytes.set(Buffer.from('-FVE-FS-', 'latin1'), first.start + 3);
		const { files } = await back();
		const warnings = machine.logs.filter(({ message }) => message.includes('BitLocker'));
		expect(warnings.map(({ message }) => message)).toEqual([expect.stringMatching(/^Partition 1 .*plain text/)]);
		expect((await restored(files[0]!))[0]).toEqual(copies[0]);
	});

	it('of a volume in several parts are laid over them, and former bytes over what making copies has changed', async () => {
		const { disk, machine, copies, restored, back } = setUp();
		const middle = 300 * 1024 + 512;
		// The end of the volume comes first on the disk; what lies behind both parts is no part of it.
		machine.snapshots.parts.set('c', [
			{ disk: '/dev/disk', start: first.start + 4096, length: middle, at: first.length - 8192 - middle },
			{ disk: '/dev/disk', start: first.start + 4096 + middle, length: 8192, at: 0 },
			{ disk: '/dev/other', start: first.start, length: 4096, at: 0 },
		]);
		const former = Uint8Array.from({ length: 4096 }, (_, i) => i % 251);
		machine.snapshots.former.push({ disk: '/dev/disk', start: first.start, bytes: former });
		const { files } = await back();
		const [one] = await restored(files[0]!);
		const expected = disk.bytes.slice(first.start, first.start + first.length);
		expected.set(former);
		expected.set(copies[0].subarray(first.length - 8192 - middle, first.length - 8192), 4096);
		expected.set(copies[0].subarray(0, 8192), 4096 + middle);
		expect(one).toEqual(expected);
		expect(temporary()).toEqual([]);
	});

	it('that have lost what they held end the run although everything was read', async () => {
		const { machine, folder, back } = setUp();
		machine.snapshots.lost = new AfterimageError('no-space', 'the copy of C: is full');
		await expect(back()).rejects.toMatchObject({ code: 'no-space' });
		expect(machine.snapshots.log).toEqual(['create c e', 'remove']);
		expect(readdirSync(folder)).toEqual([]);
	});

	it('that cannot be read for having lost what they held are why the run ends', async () => {
		const { machine, back } = setUp();
		machine.onBatch = () => {
			throw new AfterimageError('read-error', 'EIO');
		};
		machine.snapshots.lost = new AfterimageError('no-space', 'the copy of C: is full');
		await expect(back()).rejects.toMatchObject({ code: 'no-space' });
		machine.snapshots.lost = undefined;
		await expect(back()).rejects.toMatchObject({ code: 'read-error' });
	});

	it('need administrator rights', async () => {
		const { machine, back } = setUp();
		machine.elevated = false;
		await expect(back()).rejects.toThrow('administrator rights');
	});
});

describe('volumes without shadow copies', () => {
	it('are locked and read from the disk', async () => {
		const { disk, machine, copies, restored, back } = setUp();
		machine.snapshots.contents.delete('e');
		const { files } = await back();
		expect(machine.snapshots.log).toEqual(['lock e', 'create c', 'unlock e', 'remove']);
		expect(machine.logs.map((log) => log.message)).toContainEqual(
			expect.stringMatching(/^Locked E: .*not in this test/),
		);
		const [one, two] = await restored(files[0]!);
		expect(one).toEqual(copies[0]);
		expect(two).toEqual(disk.bytes.subarray(second.start, second.start + second.length));
	});

	it('are unlocked when the others cannot be copied', async () => {
		const { machine, back } = setUp();
		machine.snapshots.contents.delete('e');
		machine.snapshots.failure = new AfterimageError('failed', 'no set');
		await expect(back()).rejects.toThrow('no set');
		expect(machine.snapshots.log).toEqual(['lock e', 'unlock e']);
	});

	it('that are in use are refused with both reasons', async () => {
		const { machine, back } = setUp();
		machine.snapshots.contents.delete('e');
		machine.snapshots.inUse.add('e');
		await expect(back()).rejects.toMatchObject({
			code: 'not-supported',
			message: expect.stringMatching(/E: .*not in this test.*files open/) as string,
		});
		expect(machine.snapshots.log).toEqual([]);
	});

	it('that lie on several partitions are refused', async () => {
		const { machine, back } = setUp();
		machine.volumes.uses.set('/dev/disk', [
			mountAt('S:', first.start, first.length, { volume: 'c' }),
			mountAt('S:', second.start, second.length, { volume: 'c' }),
		]);
		await expect(back()).rejects.toThrow('several partitions');
	});

	it('that do not begin where their partition does are refused', async () => {
		const { machine, back } = setUp();
		machine.volumes.uses.set('/dev/disk', [mountAt('S:', first.start + 512, 4096, { volume: 'c' })]);
		await expect(back()).rejects.toThrow('beginning');
	});
});
