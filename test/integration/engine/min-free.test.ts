import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BackupFolderInfo } from '../../../src/protocol/backups.ts';
import { sparseFile } from '../../support/byte-files.ts';
import { afterimageJson, afterimageResult, type JsonLine } from '../../support/cli.ts';
import { mounted } from '../../support/mounted.ts';
import { requireRoot, requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import {
	changeSmallDisk,
	makeSmallDisk,
	restoredHash,
	smallDiskTools,
	type ImageLine,
} from '../../support/small-disk.ts';
import { useTempFolder } from '../../support/temp-folder.ts';

const ready = requireTools([...smallDiskTools, 'mkfs.btrfs', 'fallocate']);
requireRoot();
const temp = useTempFolder();
const mebibyte = 2 ** 20;
/** MiB: `--min-free` takes no less than 1 GB. */
const threshold = 1024;
/** A disk whose image takes some 70 MiB: more than what a run writes between two looks at the free space. */
let disk = '';
/** Two for a few MiB. */
let small: readonly string[] = [];

beforeAll(async () => {
	if (!ready) return;
	disk = temp.file('disk.img');
	await makeSmallDisk(disk, 68, 160);
	small = ['one.img', 'two.img'].map((name) => temp.file(name));
	for (const one of small) await makeSmallDisk(one, 4, 160);
});

const withMemory = <T>(sizeInMib: number, fn: (folder: string) => Promise<T>) =>
	mounted('tmpfs', ['-t', 'tmpfs', '-o', `size=${sizeInMib}m`], fn);

const image = (source: string, folder: string, ...options: string[]) =>
	afterimageResult<ImageLine>(['image', source, '--to', folder, ...options]);

/** Images with the threshold; the result, and what was said beside it. */
async function guarded(source: string, folder: string, ...options: string[]) {
	const lines = await afterimageJson(['image', source, '--to', folder, '--min-free', '1', ...options]);
	return { result: lines.find((line) => line.type === 'result') as ImageLine, said: saidIn(lines) };
}

function saidIn(lines: readonly JsonLine[]): string {
	const log = lines.filter((line) => line.type === 'log');
	return log.map((line) => `${String(line['level'])}: ${String(line['message'])}`).join('\n');
}

async function setsIn(folder: string): Promise<string[]> {
	const { sets } = (await afterimageResult(['sets', folder])) as unknown as BackupFolderInfo;
	for (const set of sets) expect(set.damage).toEqual([]);
	return sets.map((set) => set.imageId);
}

const sumsIn = async (folder: string) => (await run('sh', ['-c', 'sha256sum -- *'], { cwd: folder })).stdout;

describe('a backup whose destination has less free than is to stay free', () => {
	it('pauses, deletes the oldest set and goes on', async () => {
		// Three images leave 1060 MiB; the fourth falls below as it is written.
		await withMemory(threshold + 3 * 71 + 60, async (folder) => {
			const ids = [];
			for (let i = 0; i < 3; i++) ids.push((await image(disk, folder)).imageId);
			const { result, said } = await guarded(disk, folder);
			expect(said).toContain('paused');
			expect(said).not.toContain('warning: Only');
			expect(await setsIn(folder)).toEqual([result.imageId, ids[2], ids[1]]);
			expect(await restoredHash(result.files[0]!, temp.file('back'))).toBe(
				(await run('sha256sum', [disk])).stdout.split(' ')[0],
			);
		});
	});

	it('does not delete the set that it stands on, though it is the oldest, nor the newest', async () => {
		await withMemory(threshold + 120, async (folder) => {
			const [changing, other] = small as [string, string];
			const base = await image(changing, folder);
			const between = await image(disk, folder);
			// Images count seconds: which of two of one second is newer nobody can tell.
			await delay(1000);
			const newest = await image(other, folder);
			await changeSmallDisk(changing, 1, 70 * mebibyte);
			const { result, said } = await guarded(changing, folder, '--type', 'inc');
			expect(result).toMatchObject({ backupType: 'inc', imageId: base.imageId });
			expect(said).toContain('paused');
			const left = await setsIn(folder);
			expect(left).not.toContain(between.imageId);
			expect([...left].sort()).toEqual([base.imageId, newest.imageId].sort());
			const hash = (await run('sha256sum', [changing])).stdout.split(' ')[0];
			expect(await restoredHash(result.files[0]!, temp.file('back'))).toBe(hash);
		});
	});

	it('says what it cannot free, goes on, and ends with 7 and nothing half-made where there is no room at all', async () => {
		await withMemory(100, async (folder) => {
			const only = await image(disk, folder);
			const before = await sumsIn(folder);
			const lines = await afterimageJson(['image', disk, '--to', folder, '--min-free', '1'], 7);
			expect(saidIn(lines)).toContain(`warning: Only`);
			expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'no-space' });
			expect(await sumsIn(folder)).toBe(before);
			expect(await readdir(folder)).toEqual(only.files.map((file) => file.slice(folder.length + 1)));

			// The same without room to be made, where there is enough: a threshold is no reason to make no backup.
			await changeSmallDisk(disk, 1);
			const { result, said } = await guarded(disk, folder, '--type', 'inc');
			expect(result.imageId).toBe(only.imageId);
			expect(said).toContain('warning: Only');
		});
	});

	it('deletes no more than is needed on Btrfs, which frees room only as it commits', async () => {
		const file = await sparseFile(temp.file('room.btrfs'), 3 * threshold * mebibyte);
		await run('mkfs.btrfs', ['-q', '-d', 'single', file]);
		await mounted(file, ['-o', 'loop,commit=600'], async (folder) => {
			const ids = [];
			for (let i = 0; i < 4; i++) ids.push((await image(disk, folder)).imageId);
			await run('sync', ['-f', folder]);
			const { free } = (await afterimageResult(['sets', folder])) as unknown as BackupFolderInfo;
			await run('fallocate', ['-l', String(free - (threshold + 60) * mebibyte), join(folder, 'ballast')]);
			const { result, said } = await guarded(disk, folder);
			expect(said.match(/paused/g)).toHaveLength(1);
			expect(await setsIn(folder)).toEqual([result.imageId, ...ids.slice(1).reverse()]);
		});
	});
});
