import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import type { RestoreResult } from '../../../../src/engine/requests/restore.ts';
import type { RestorePreview } from '../../../../src/protocol/restore.ts';
import { noiseFile, sha256, sparseFile } from '../../../support/byte-files.ts';
import { afterimage, afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { extract, makeRawDisk } from '../../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { filledExt, filledNtfs, judgeExt, judgeNtfs, mebibyte, partitionFile, partitionsOf, tools, type Trees } from './scene.ts'; // prettier-ignore

const ready = requireTools(tools);
requireRoot();
const temp = useTempFolder();

/** MiB on the imaged disk. */
const places = [
	{ start: 1, size: 4 },
	{ start: 5, size: 150 },
	{ start: 156, size: 120 },
	{ start: 280, size: 160 },
	{ start: 440, size: 90 },
	{ start: 530, size: 16 },
] as const;
const diskSize = 560;
const trees: Trees = new Map();
let disk = '';
let image = '';

beforeAll(async () => {
	if (!ready) return;
	disk = temp.file('disk.img');
	const makers = [
		(file: string) => noiseFile(file, 4 * mebibyte),
		filledExt(trees, 2, 90, '-b', '4096', '-O', '64bit'),
		filledExt(trees, 3, 70, '-b', '1024'),
		filledNtfs(trees, 4, 90, 280, '-c', '4096'),
		filledNtfs(trees, 5, 50, 440, '-c', '512'),
		(file: string) => noiseFile(file, 16 * mebibyte),
	];
	await makeRawDisk(disk, 'gpt', diskSize, places.map((place, i) => ({ ...place, type: 'L', make: makers[i]! }))); // prettier-ignore
	await temp.folder('images');
	image = (await afterimageResult<ImageResult>(['image', disk, '--to', temp.file('images')])).files[0]!;
	await temp.folder('copies');
});

const all = [2, 3, 4, 5].flatMap((number) => ['--shrink', String(number)]);
const copies = () => ['--temporary', temp.file('copies')];

/** Judges everything on a target by tools that did not make it. */
async function judge(target: string): Promise<void> {
	expect((await run('sgdisk', ['-v', target])).stdout).toContain('No problems found');
	const found = await partitionsOf(target);
	expect(found.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
	for (const { number, start } of found) {
		const file = await partitionFile(target, number, temp.file('judged.img'));
		if (number === 2 || number === 3) await judgeExt(file, trees.get(number)!);
		else if (number === 4 || number === 5) await judgeNtfs(file, trees.get(number)!, start);
		else {
			const { start: from, size } = places[number - 1]!;
			expect(await sha256(file)).toBe(await sha256(await extract(disk, from * mebibyte, size * mebibyte, temp.file('own.img')))); // prettier-ignore
		}
	}
	expect(await readdir(temp.file('copies'))).toEqual([]);
}

describe('a disk that is restored to a smaller one', () => {
	it('has all its files in smaller file systems, and the table of the smaller disk', async () => {
		const target = temp.file('raw.img');
		await noiseFile(target, 300 * mebibyte);
		const told = await afterimageResult<RestorePreview>(['restore', image, '--to', target, ...all, ...copies(), '--dry-run']); // prettier-ignore
		const lines = await afterimageJson(['restore', image, '--to', target, ...all, ...copies(), '--verify']);
		const result = lines.at(-1) as unknown as RestoreResult;
		expect(result.verifiedBlocks).toBe(result.blocks);
		await judge(target);
		const found = await partitionsOf(target);
		// All that there is is used: only rounding is lost.
		expect(found.at(-1)!.start + found.at(-1)!.size).toBeGreaterThan(290 * mebibyte);
		expect(found[0]).toMatchObject({ start: mebibyte, size: 4 * mebibyte });
		expect(found.every(({ start }) => start % mebibyte === 0)).toBe(true);
		for (const [i, one] of told.partitions.entries()) {
			expect(one.imaged).toBe(places[i]!.size * mebibyte);
			expect(Math.abs(one.length - found[i]!.size)).toBeLessThan(16 * mebibyte);
		}
		const phases = new Set(lines.filter(({ type }) => type === 'progress').map(({ phase }) => phase));
		expect([...phases]).toEqual(['shrink-copy', 'shrink', 'restore', 'read-back']);
	});

	it('takes sizes that are asked for, on a device, and writes only what differs', async () => {
		const file = temp.file('device.img');
		await noiseFile(file, 320 * mebibyte);
		const sizes = ['2=60M', '3=50M', '4=60M', '5=45M'].flatMap((wish) => ['--shrink', wish]);
		await withLoopDevice(file, {}, async (device) => {
			const args = ['restore', image, '--to', device, ...sizes, ...copies(), '--yes', '--verify'];
			const first = await afterimageResult<RestoreResult>(args);
			expect((await partitionsOf(device)).map(({ size }) => size / mebibyte)).toEqual([4, 60, 50, 60, 45, 16]);
			const second = await afterimageResult<RestoreResult>([...args, '--delta']);
			// What tools stamp with the time differs.
			expect(second.writtenBlocks).toBeLessThan(first.blocks / 4);
			expect(second.verifiedBlocks).toBe(first.blocks);
		});
		await judge(file);
	});

	it('tells how to get there where it is refused', async () => {
		const target = temp.file('refused.img');
		await noiseFile(target, 300 * mebibyte);
		const before = await sha256(target);
		const refused = await afterimage(['restore', image, '--to', target]);
		expect(refused.code).toBe(7);
		expect(refused.err).toMatch(/or make partition 4 \(NTFS\).* smaller on the way with --shrink 4 --shrink 2/);
		const small = await afterimage(['restore', image, '--to', target, '--shrink', '2', ...copies()]);
		expect(small.code).toBe(7);
		expect(small.err).toMatch(/are needed even where partitions are as small as they can be \(Partition 2 \(ext4\) /);
		const size = await afterimage(['restore', image, '--to', target, '--shrink', '2=4M', ...copies()]);
		expect([size.code, size.err]).toEqual([2, expect.stringContaining('cannot shrink to 4194304 bytes')]);
		expect(await sha256(target)).toBe(before);
	});

	it('stays as it is where it fits', async () => {
		const target = await sparseFile(temp.file('large.img'), diskSize * mebibyte);
		const lines = await afterimageJson(['restore', image, '--to', target, ...all]);
		expect(lines.map(({ message }) => message)).toContain('Everything fits: no file system is made smaller');
		expect((await partitionsOf(target)).map(({ size }) => size / mebibyte)).toEqual(places.map(({ size }) => size));
	});

	it('goes into a new file that is as large as sizes need', async () => {
		const target = temp.file('new.img');
		const open = await afterimage(['restore', image, '--to', target, '--shrink', '2']);
		expect([open.code, open.err]).toEqual([2, expect.stringContaining('--shrink 2=20G')]);
		const sizes = ['2=60M', '3=50M', '4=60M', '5=45M'].flatMap((wish) => ['--shrink', wish]);
		const told = await afterimageResult<RestorePreview>(['restore', image, '--to', target, ...sizes, ...copies(), '--dry-run']); // prettier-ignore
		expect(told.size).toBe(237 * mebibyte);
		await afterimageResult(['restore', image, '--to', target, ...sizes, ...copies(), '--new-disk-id']);
		await judge(target);
	});

	it('has only the partition that is chosen, on a blank target', async () => {
		const target = await sparseFile(temp.file('one.img'), 80 * mebibyte);
		await afterimageResult(['restore', image, '--to', target, '--partition', '2', '--shrink', '2', ...copies()]);
		expect(await partitionsOf(target)).toMatchObject([{ number: 2, start: 5 * mebibyte }]);
		await judgeExt(await partitionFile(target, 2, temp.file('judged.img')), trees.get(2)!);
		const kept = await afterimage(['restore', image, '--to', target, '--partition', '2', '--shrink', '2']);
		expect([kept.code, kept.err]).toEqual([2, expect.stringContaining('has no partition of 157286400 bytes')]);
	});

	it.each([
		[['--shrink', '1'], 1, 'cannot be made smaller'],
		[['--shrink', '7'], 2, 'has no partition 7'],
		[['--shrink', '2', '--shrink', '2'], 2, 'twice'],
		[['--shrink', '2=4G'], 2, 'less than the 4294967296'],
		[['--shrink', 'x'], 2, 'expected the number of a partition'],
		[['--shrink', '2', '--grow', '3'], 2, 'No partition can grow'],
		[['--shrink', '2', '--partition', '2', '--into', 'volume'], 2, 'new partition table'],
		[['--shrink', '2', '--skip-bad-blocks'], 2, 'lost blocks'],
		[['--shrink', '2', '--partition', '3'], 2, 'is not restored'],
		[['--temporary', '/tmp'], 2, 'no partition is to shrink'],
		[['--shrink', '2', '--temporary', '/nowhere'], 8, '/nowhere'],
	])('is refused for %j', async (options, code, words) => {
		const target = temp.file('wrong.img');
		await sparseFile(target, 500 * mebibyte);
		const result = await afterimage(['restore', image, '--to', target, ...options]);
		expect([result.code, result.err]).toEqual([code, expect.stringContaining(words)]);
	});
});
