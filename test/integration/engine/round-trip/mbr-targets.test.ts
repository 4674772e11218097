import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { sha256, sparseFile } from '../../../support/byte-files.ts';
import { afterimageJson, afterimageResult, type JsonLine } from '../../../support/cli.ts';
import { fillFolder } from '../../../support/file-trees.ts';
import { ext4From, extract, fatFrom, makeRawDisk } from '../../../support/raw-disk.ts';
import { requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { sfdiskReads } from '../../disk/layout/oracle.ts';

const mebibyte = 2 ** 20;
const ready = requireTools(['mkfs.ext4', 'e2fsck', 'resize2fs', 'mkfs.fat', 'mcopy', 'sfdisk', 'fdisk', 'partx']);
const temp = useTempFolder();

/** MiB on the disk, by the number in the source's table; the extended partition 2 takes 24 to 124 of 128. */
const places = new Map([
	[1, { start: 1, size: 20 }],
	[5, { start: 25, size: 30 }],
	[6, { start: 60, size: 20 }],
	[7, { start: 90, size: 25 }],
]);
let disk = '';
let image = '';

beforeAll(async () => {
	if (!ready) return;
	const files = await temp.folder('files');
	await fillFolder(files, 1, { files: 20, bytes: 2 * mebibyte });
	disk = temp.file('disk.img');
	await makeRawDisk(disk, 'dos', 128, [
		{ ...places.get(1)!, type: '06', make: fatFrom(files, 16) },
		{ start: 24, size: 100, type: '05' },
		...[5, 6, 7].map((number) => ({ ...places.get(number)!, type: '83', make: ext4From(files) })),
	]);
	await temp.folder('images');
	image = (await afterimageResult<ImageResult>(['image', disk, '--to', temp.file('images')])).files[0]!;
});

/** Restores to a sparse file of so many MiB. */
async function restored(name: string, size: number, from: string, ...options: string[]) {
	const target = await sparseFile(temp.file(name), size * mebibyte);
	const lines = await afterimageJson(['restore', from, '--to', target, '--verify', ...options]);
	return { target, logs: lines.filter((line) => line.type === 'log') };
}

/** Partitions have these numbers of the target, are those of the source, and no tool finds fault with the table. */
async function expectPartitions(target: string, numbers: Readonly<Record<number, number>>): Promise<void> {
	const expected = Object.entries(numbers).map(([number, source]) => {
		const { start, size } = places.get(source)!;
		return { number: Number(number), start: start * mebibyte, length: size * mebibyte };
	});
	const told = (await sfdiskReads(target)).partitions;
	expect(told.map(({ number, start, length }) => ({ number, start, length }))).toEqual(expected);
	expect((await run('sfdisk', ['--verify', target])).stdout).toContain('No errors detected');
	const seen = (await run('partx', ['--show', '--noheadings', '--output', 'NR', target])).stdout.split(/\s+/);
	expect(seen).toEqual(expect.arrayContaining(Object.keys(numbers)));
	for (const { start, length } of expected) {
		const [there, here] = await Promise.all(
			[target, disk].map((path, i) => extract(path, start, length, temp.file(`part-${i}`))),
		);
		expect(await sha256(there!)).toBe(await sha256(here!));
	}
}

const messages = (logs: readonly JsonLine[]) => logs.map((line) => String(line['message'])).join('\n');

it('a primary partition alone needs no room for the logical ones, nor their table', async () => {
	const { target } = await restored('primary.img', 24, image, '--partition', '1');
	await expectPartitions(target, { 1: 1 });
	expect((await run('sfdisk', ['--dump', target])).stdout).not.toContain('type=5');
});

it('logical partitions are chained without those that were not asked for, and their new numbers are told', async () => {
	const some = await restored('some.img', 128, image, '--partition', '6', '--partition', '1');
	await expectPartitions(some.target, { 1: 1, 5: 6 });
	expect(messages(some.logs)).toContain('Partition 6 has number 5 on the target');
	const gap = await restored('gap.img', 128, image, '--partition', '5', '--partition', '7');
	await expectPartitions(gap.target, { 5: 5, 6: 7 });
});

it('the extended partition of a smaller target ends with it', async () => {
	const { target } = await restored('smaller.img', 118, image);
	await expectPartitions(target, { 1: 1, 5: 5, 6: 6, 7: 7 });
	expect((await run('sfdisk', ['--dump', target])).stdout).toMatch(new RegExp(`size= *${94 * 2048}, type=5`));
});

/** Sectors that the extended partition has, by sfdisk, which finds no fault with the table; fdisk does not either. */
async function extendedOf(target: string): Promise<number> {
	expect((await run('sfdisk', ['--verify', target])).stdout).toContain('No errors detected');
	const listed = await run('fdisk', ['--list', target]);
	expect(`${listed.stdout}${listed.stderr}`).not.toMatch(/overlap|wrong order|does not|invalid|missing/i);
	return Number(/size= *(\d+), type=5/.exec((await run('sfdisk', ['--dump', target])).stdout)![1]);
}

it('the last logical partition of a larger target grows, and the extended one with it', async () => {
	const { target, logs } = await restored('grown.img', 160, image, '--grow', '7');
	expect(messages(logs)).toContain('The extended partition 2 grows with partition 7, which it holds');
	const told = (await sfdiskReads(target)).partitions.map(({ number, start, length }) => [number, start, length]);
	expect(told).toContainEqual([7, 90 * mebibyte, 70 * mebibyte]);
	expect(await extendedOf(target)).toBe((160 - 24) * 2048);
	const sectors = async (number: string) =>
		(await run('partx', ['--show', '--noheadings', '--output', 'SECTORS', '--nr', number, target])).stdout.trim();
	expect(await sectors('7')).toBe(String(70 * 2048));
	const part = await extract(target, 90 * mebibyte, 70 * mebibyte, temp.file('grown.part'));
	await run('e2fsck', ['-fn', part]);
	await run('resize2fs', [part]);
	await run('e2fsck', ['-fn', part]);
});

it('a logical partition grows up to the record of the next one', async () => {
	const { target } = await restored('between.img', 160, image, '--grow', '6');
	const told = (await sfdiskReads(target)).partitions.map(({ number, length }) => [number, length / mebibyte]);
	expect(told).toEqual([[1, 20], [5, 30], [6, 29], [7, 25]]); // prettier-ignore
	expect(await extendedOf(target)).toBe(100 * 2048);
	// The link to its record, the second entry of the first one, reaches to its end, as partitioning tools write it.
	const linkedTo = async (path: string) => {
		const record = await readFile(await extract(path, 24 * mebibyte, 512, temp.file('record')));
		return 24 * 2048 + record.readUInt32LE(0x1be + 16 + 8) + record.readUInt32LE(0x1be + 16 + 12);
	};
	expect([await linkedTo(disk), await linkedTo(target)]).toEqual([80 * 2048, 89 * 2048]);
});

it('a target that is too small is refused before anything is written to it', async () => {
	const target = await sparseFile(temp.file('tiny.img'), 114 * mebibyte);
	const before = await sha256(target);
	const lines = await afterimageJson(['restore', image, '--to', target], 7);
	expect(lines.at(-1)).toMatchObject({ code: 'target-too-small', details: { needed: 115 * mebibyte } });
	expect(await sha256(target)).toBe(before);
});

it('partitions that are not in the image ask for no room: what does not fit is left out, and said', async () => {
	await temp.folder('subset');
	const options = ['--to', temp.file('subset'), '--partition', '1', '--partition', '6'];
	const subset = (await afterimageResult<ImageResult>(['image', disk, ...options])).files[0]!;
	const { target, logs } = await restored('subset.img', 80, subset);
	const told = (await sfdiskReads(target)).partitions.map(({ number, start }) => [number, start / mebibyte]);
	expect(told).toEqual([[1, 1], [5, 25], [6, 60]]); // prettier-ignore
	expect((await run('sfdisk', ['--verify', target])).stdout).toContain('No errors detected');
	expect(logs.map((line) => [line['level'], line['message']])).toContainEqual([
		'warning',
		'Partition 7 is not in the image and does not fit; the target does without it',
	]);
});
