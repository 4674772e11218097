import { readdirSync, rmSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runInspect } from '../../../../src/engine/jobs/inspect.ts';
import { runRestore } from '../../../../src/engine/jobs/restore.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { first, second } from '../../../support/fakes/sample-disk.ts';
import { swapVolume } from '../../../support/fakes/nameless-disks.ts';
import { imageRequest, restoreRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { setUp } from './set-up.ts';

const mebibyte = 2 ** 20;

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

	it('says that the clock is wrong, or was when the newest of its partitions was made', async () => {
		const { machine, folder } = setUp();
		const warned = async (now: string) => {
			machine.events.length = 0;
			machine.clock.setBack(machine.clock.now() - Date.parse(now));
			const type = 'auto' as const;
			await runBackup(imageRequest(folder, ['/dev/fake'], { type }), machine.context);
			return machine.logs.flatMap(({ level, message }) =>
				level === 'warning' && message.includes('clock') ? [message] : [],
			);
		};
		const wrong = (now: string, time: string) => [
			`This machine's clock says ${now} 00:00 UTC, which is wrong: the backup is dated ${time} 00:00 UTC`,
		];
		expect(await warned('1970-02-01T00:00Z')).toEqual(wrong('1970-02-01', '1970-02-01'));
		expect(await warned('2026-02-01T00:00Z')).toEqual([]);
		expect(await warned('1970-02-01T00:00Z')).toEqual(wrong('1970-02-01', '2026-02-01'));
		expect(await warned('2099-02-01T00:00Z')).toEqual(wrong('2099-02-01', '2099-02-01'));
		expect(await warned('2026-03-01T00:00Z')).toEqual([
			expect.stringMatching(/^The newest backup of these partitions is dated 2099-02-01 00:00 UTC, and this machine's/),
		]);
	});

	it('of a name that no file can have is refused before a block is read', async () => {
		const { machine, folder } = setUp();
		const longest = 'ä'.repeat(107);
		await runBackup(imageRequest(folder, ['/dev/fake'], { name: longest }), machine.context);
		machine.onBatch = () => expect.unreachable();
		const tooLong = imageRequest(folder, ['/dev/fake'], { name: `${longest}x` });
		await expect(runBackup(tooLong, machine.context)).rejects.toMatchObject({
			code: 'invalid-argument',
			details: { expected: 231, found: 232 },
		});
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
});

describe('a backup of a disk without an id', () => {
	/** Machine with `/dev/one` and `/dev/two`. */
	function namelessDisks(one: Uint8Array, two: Uint8Array) {
		const machine = new FakeMachine(new MemoryDisk('/dev/one', one), new MemoryDisk('/dev/two', two));
		const folder = tempFolder();
		const image = async (...paths: string[]) =>
			runBackup(imageRequest(folder, paths, { type: 'auto' }), machine.context);
		return { machine, folder, image };
	}

	it('joins the set of the same file system only', async () => {
		const { image } = namelessDisks(swapVolume(1), swapVolume(2));
		const first = await image('/dev/one');
		expect((await image('/dev/one')).backupType).toBe('inc');
		const other = await image('/dev/two');
		expect(other).toMatchObject({ backupType: 'full' });
		expect(other.imageId).not.toBe(first.imageId);
		expect(await image('/dev/one')).toMatchObject({ backupType: 'inc', imageId: first.imageId });
	});

	it('joins none where nothing tells the disk from others, and says so', async () => {
		const { image, machine } = namelessDisks(swapVolume(0), swapVolume(0));
		for (const path of ['/dev/one', '/dev/two', '/dev/one']) {
			expect(await image(path)).toMatchObject({ backupType: 'full' });
		}
		expect(machine.logs.map(({ message }) => message)).toContain(
			'/dev/one has no disk id, and nothing on it a UUID: no set can be told to be of it: a full is made',
		);
	});

	it('goes on with each of two such disks where the set has it, whatever their order', async () => {
		const { image, machine, folder } = namelessDisks(swapVolume(1), swapVolume(2));
		await image('/dev/one', '/dev/two');
		for (const disk of machine.disks.disks) disk.bytes[100] = disk.device.path === '/dev/one' ? 0x11 : 0x22;
		const { backupType, files } = await image('/dev/two', '/dev/one');
		expect(backupType).toBe('inc');
		const target = new MemoryDisk('/dev/target', new Uint8Array(mebibyte));
		machine.disks.disks.push(target);
		for (const disk of [0, 1]) {
			await runRestore(restoreRequest(files[0]!, '/dev/target', { disk }), machine.context);
			expect(target.bytes[100]).toBe([0x11, 0x22][disk]);
			expect(target.bytes[1036]).toBe(disk + 1);
		}
		expect(readdirSync(folder)).toHaveLength(2);
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
