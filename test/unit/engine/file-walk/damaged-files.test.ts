import { closeSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFileSystems } from '../../../../src/engine/file-walk/check-file-systems.ts';
import { toWalk } from '../../../../src/engine/file-walk/open-partition.ts';
import { faultLines } from '../../../../src/engine/file-walk/words.ts';
import { verifySummary } from '../../../../src/engine/history/summaries.ts';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runRestore } from '../../../../src/engine/jobs/restore.ts';
import { runVerify } from '../../../../src/engine/jobs/verify.ts';
import { planLoad } from '../../../../src/engine/load/load-plan.ts';
import { findPoint, neededFiles, openNamed } from '../../../../src/engine/load/open-image.ts';
import { Progress } from '../../../../src/engine/progress.ts';
import type { ImageRequest } from '../../../../src/engine/requests/image.ts';
import type { VerifyRequest } from '../../../../src/engine/requests/verify.ts';
import { readVerified } from '../../../../src/engine/verified-record.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { gptBytes } from '../../../support/fakes/sample-disk.ts';
import { imageRequest, restoreRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { codec } from '../../image/backups.ts';
import { clusterAt, damage, volume } from './fat-images.ts';

const mebibyte = 2 ** 20;
const blockSize = 65_536;
const fat = volume();
const length = fat.bytes.length;

/** An image of a disk with the volume, and a partition behind it whose bytes are of no file system. */
async function imaged(more: Partial<ImageRequest> = {}) {
	const second = { start: 4 * mebibyte, length: mebibyte };
	const bytes = gptBytes(6 * mebibyte, [{ start: mebibyte, length }, second]);
	bytes.set(fat.bytes, mebibyte);
	const machine = new FakeMachine(
		new MemoryDisk('/dev/fake', bytes),
		new MemoryDisk('/dev/target', new Uint8Array(6 * mebibyte)),
	);
	const folder = tempFolder();
	const { files } = await runBackup(imageRequest(folder, ['/dev/fake'], more), machine.context);
	const file = files[0]!;
	const verify = (request: Partial<VerifyRequest> = {}) =>
		runVerify({ file, password: undefined, sample: undefined, ...request }, machine.context);
	return { machine, file, verify };
}

describe('damaged blocks', () => {
	it.each([{}, { compression: 'none' as const }])('are told by the files that lie in them: %j', async (more) => {
		const { file, verify, machine } = await imaged(more);
		expect((await verify()).damage).toEqual([]);
		expect(machine.events.some((event) => event.type === 'progress' && event.phase === 'name-files')).toBe(false);
		await damage(file, clusterAt(2302));
		const result = await verify();
		expect(result.bad).toHaveLength(1);
		const { start, end } = result.bad[0]!;
		const inBlock = (from: number, to: number) => Math.min(end, to) - Math.max(start, from);
		const ends = clusterAt(2000) + 300 * 512 - 100;
		expect(result.damage).toEqual([
			{
				disk: 0,
				partition: 1,
				fileSystem: 'FAT16',
				files: [
					{ path: 'C', kind: 'file', bytes: 600 },
					{ path: 'F/B', kind: 'file', bytes: inBlock(clusterAt(2000), ends) },
				],
				fileCount: 2,
				unreadable: [],
				unreadableCount: 0,
				badBlocks: 1,
				otherBlocks: 0,
				objection: undefined,
			},
		]);
		const { summary, findings } = verifySummary(result);
		expect(summary).toContain('1 bad of');
		expect(summary).toContain('; 2 files and folders in them');
		expect(findings).toContain('Disk 0, partition 1 (FAT16), file C: 600 bytes lie in damaged blocks');
		expect(machine.events.some((event) => event.type === 'progress' && event.phase === 'name-files')).toBe(true);
	});

	it('are told by the folder whose entries they hold, and by what no file has', async () => {
		const { file, verify } = await imaged();
		await damage(file, clusterAt(3000));
		const [damaged] = (await verify()).damage;
		expect(damaged).toMatchObject({ files: [{ path: 'F', kind: 'folder', bytes: 512 }], otherBlocks: 0 });
		expect(damaged!.unreadable).toEqual([{ path: 'F', reason: 'entries of it are lost' }]);
		await damage(file, 512);
		const result = await verify();
		expect(result.damage[0]).toMatchObject({ badBlocks: 2, fileCount: 0 });
		// The boot sector is lost: there is nothing to be found by.
		expect(result.damage[0]!.objection).toContain('has no files to show');
		expect(verifySummary(result).findings).toContainEqual(
			expect.stringContaining(
				'Disk 0, partition 1 (unknown): which files are damaged is not known: Partition 1 of disk 0',
			),
		);
	});

	it('of a partition without files are told with the reason', async () => {
		const { file, verify, machine } = await imaged({ compression: 'none' });
		const chain = await openNamed(await findPoint(file, codec), codec, undefined);
		const { index } = await chain.resolve(0, 1);
		const fd = openSync(file, 'r+');
		writeSync(fd, Uint8Array.of(1, 2, 3, 4, 5), 0, 5, index.position(3));
		closeSync(fd);
		const { bad, damage: found } = await verify();
		expect(bad).toHaveLength(1);
		expect(found).toMatchObject([{ partition: 2, fileSystem: 'unknown', files: [], badBlocks: 1 }]);
		expect(found[0]!.objection).toContain('Partition 2 of disk 0 has no files to show');
		const { damage: restored } = await runRestore(
			restoreRequest(file, '/dev/target', { skipBadBlocks: true }),
			machine.context,
		);
		expect(restored).toEqual(found);
	});

	it('are told when a restore went on without them', async () => {
		const { file, machine } = await imaged();
		await damage(file, clusterAt(2302));
		const result = await runRestore(restoreRequest(file, '/dev/target', { skipBadBlocks: true }), machine.context);
		expect(result.damage[0]!.files.map(({ path }) => path)).toEqual(['C', 'F/B']);
	});

	it('of a sample are told by the files in those that were found', async () => {
		const { file, verify } = await imaged();
		// One byte of each block but the first, in which the marks of other file systems are looked for.
		for (let at = 200; at < 1100; at += 128) await damage(file, clusterAt(at));
		const all = await verify();
		const some = await verify({ sample: 0.3 });
		expect(some.bad.length).toBeGreaterThan(0);
		expect(some.bad.length).toBeLessThan(all.bad.length);
		expect(some.damage[0]!.files).toMatchObject([{ path: 'A' }]);
		expect(some.damage[0]!.files[0]!.bytes).toBeLessThan(all.damage[0]!.files[0]!.bytes);
	});

	it('are looked into until somebody ends it', async () => {
		const { file, verify, machine } = await imaged();
		await damage(file, clusterAt(2302));
		const { emit } = machine.context;
		const context = { ...machine.context, signal: machine.controller.signal };
		context.emit = (event) => {
			emit(event);
			if (event.type === 'progress' && event.phase === 'name-files') machine.controller.abort();
		};
		await expect(runVerify({ file, password: undefined, sample: undefined }, context)).rejects.toMatchObject({
			code: 'cancelled',
		});
		await expect(verify()).rejects.toMatchObject({ code: 'cancelled' });
	});
});

describe('the file systems in an image', () => {
	it('are walked on request', async () => {
		const { file, verify } = await imaged();
		expect((await verify()).fileSystems).toBeUndefined();
		const { fileSystems = [] } = await verify({ fileSystems: true });
		expect(fileSystems).toMatchObject([
			{ partition: 1, fileSystem: 'FAT16', files: 3, folders: 2, problemCount: 0, warningCount: 0, notInOrder: [] },
			{ partition: 2, fileSystem: 'unknown', files: 0, folders: 0, problemCount: 0 },
		]);
		expect(fileSystems[0]!.notChecked).toBeUndefined();
		expect(fileSystems[1]!.notChecked).toContain('has no files to show');
		expect(readVerified(dirname(file)).size).toBe(1);
	});

	it('have problems where the image has forgotten blocks', async () => {
		const { file, machine } = await imaged();
		const chain = await openNamed(await findPoint(file, codec), codec, undefined);
		const choice = { disk: undefined, partitions: undefined, sample: undefined };
		const check = async (forgotten: readonly number[]) => {
			const loads = await planLoad(chain, choice, machine.context.signal);
			const { index, layout } = loads[0]!.resolved;
			const before = layout.blockStart - layout.start;
			for (const byte of forgotten) index.clear(Math.floor((byte - before) / blockSize));
			const progress = new Progress(machine.clock, () => undefined);
			return (await checkFileSystems(toWalk(loads, []), neededFiles(chain), progress, machine.context))[0]!;
		};
		expect((await check([])).problemCount).toBe(0);
		const one = await check([clusterAt(2000)]);
		expect(one.problems).toMatchObject([{ path: 'F/B' }]);
		expect(one.problems[0]!.reason).toMatch(
			/^the image does not hold a piece of it, the first at byte \d+ of the part/,
		);
		expect(faultLines([one])).toEqual([`Disk 0, partition 1 (FAT16), F/B: ${one.problems[0]!.reason}`]);
		const two = await check([clusterAt(200), clusterAt(3000)]);
		expect(two.problems.map(({ path }) => path)).toEqual(['A', 'F']);
		// The folder ends where zeros begin.
		expect(two).toMatchObject({ files: 2, folders: 2 });
	});

	it('have problems where blocks are damaged, and the image is not noted as verified', async () => {
		const { file, verify } = await imaged();
		await damage(file, fat.rootAt);
		const { fileSystems, bad } = await verify({ fileSystems: true });
		expect(bad).toHaveLength(1);
		expect(fileSystems![0]!.problemCount + fileSystems![0]!.files).toBeLessThan(3);
		expect([...readVerified(dirname(file)).values()].filter(({ verified }) => verified !== '')).toEqual([]);
	});
});
