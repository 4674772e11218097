import { copyFile, truncate } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { rebuildGpt, type RebuildOptions } from '../../../../src/disk/partition-table/gpt/rebuild.ts';
import { readGptTable } from '../../../../src/disk/partition-table/gpt/table.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { layoutOf, poke, sfdiskReads, told, track0Of } from './oracle.ts';

requireTools(['sgdisk', 'sfdisk']);
const temp = useTempFolder();
const MiB = 1024 * 1024;
const size = 100 * MiB;
let made = 0;

const three = [
	'-n',
	'1:0:+10M',
	'-t',
	'1:ef00',
	'-c',
	'1:Système 日本',
	'-n',
	'4:0:+20M',
	'-t',
	'4:8200',
	'-n',
	'2:0:0',
	'-A',
	'2:set:2',
];

async function disk(...options: string[]): Promise<string> {
	const image = await sparseFile(temp.file(`disk${made++}.img`), size);
	await run('sgdisk', [...options, image]);
	return image;
}

/** "No problems found" is not enough: sgdisk mends a lost copy in memory, with a caution, before it verifies. */
async function expectClean(image: string): Promise<void> {
	const { stdout, stderr } = await run('sgdisk', ['--verify', image], { codes: [0, 1, 2, 3] });
	expect(stdout).toMatch(/No problems found/);
	expect(stdout + stderr).not.toMatch(/regenerat|invalid|corrupt|problem:|error/i);
}

describe('reads what sgdisk wrote', () => {
	test.each([
		['three partitions', three],
		['no partition', ['-o']],
		['256 entries', ['--resize-table=256', '-n', '1:0:+10M', '-n', '200:0:0']],
		['8 entries', ['--resize-table=8', '-n', '8:0:+1M']],
		['partitions from LBA 34 on', ['-a', '1', '-n', '1:34:99', '-n', '2:100:0']],
		['an entry array at sector 1000', ['--move-main-table=1000', '-n', '1:0:0']],
	])('%s', async (_, options) => {
		const image = await disk(...options);
		const layout = await layoutOf(image);
		expect(told(layout)).toEqual(await sfdiskReads(image));
		expect(layout).toMatchObject({ table: 'gpt', warnings: [], hybrid: false, sectorSize: 512, size });
	});

	test('types, names and attributes', async () => {
		const { partitions } = await layoutOf(
			await disk(...three, '-A', '1:set:0', '-t', '4:0700', '-A', '4:set:62', '-A', '4:set:60'),
		);
		expect(partitions).toMatchObject([
			{ number: 1, typeName: 'EFI system', name: 'Système 日本', required: true, active: false, entry: { type: 0xef } },
			{ number: 4, typeName: 'Basic data', hidden: true, readOnly: true, entry: { type: 7, kind: 'primary' } },
			{
				number: 2,
				typeName: 'Linux filesystem',
				active: true,
				attributes: 4n,
				entry: { numSectors: expect.any(Number) as number },
			},
		]);
	});

	test('the first track ends where the first partition begins, with at least 63 sectors', async () => {
		expect((await layoutOf(await disk(...three))).track0Length).toBe(MiB);
		expect((await layoutOf(await disk('-a', '1', '-n', '1:100:0'))).track0Length).toBe(51_200);
		expect((await layoutOf(await disk('-a', '1', '-n', '1:34:0'))).track0Length).toBe(63 * 512);
	});
});

describe('damage', () => {
	const blank = new Uint8Array(512).fill(0xa5);
	const repair = async (image: string, advice: string | undefined) => {
		expect(advice).toContain('`sgdisk --move-second-header DISK`');
		await run('sgdisk', ['--move-second-header', image], { codes: [0, 2] });
		await expectClean(image);
	};

	test.each([
		['header', 512],
		['entry array', 1024],
	])('of the primary %s: the backup serves, and the advice repairs it', async (_, offset) => {
		const image = await disk(...three);
		const before = await layoutOf(image);
		await poke(image, [{ offset, data: blank }]);
		const layout = await layoutOf(image);
		expect(told(layout)).toEqual(told(before));
		expect(layout.warnings).toHaveLength(1);
		expect(layout.warnings[0]!.message).toMatch(/primary .* damaged, the backup is used.*at byte \d+: expected/);
		await repair(image, layout.warnings[0]!.advice);
		expect(await layoutOf(image)).toMatchObject({ warnings: [] });
	});

	test.each([
		['header', size - 512],
		['entry array', size - 33 * 512],
	])('of the backup %s: a warning, and the advice repairs it', async (_, offset) => {
		const image = await disk(...three);
		const before = await layoutOf(image);
		await poke(image, [{ offset, data: blank }]);
		const layout = await layoutOf(image);
		expect(told(layout)).toEqual(told(before));
		expect(layout.warnings.map(({ message }) => message)).toEqual([expect.stringMatching(/backup .* is damaged/)]);
		await repair(image, layout.warnings[0]!.advice);
	});

	test('of both: the whole disk, stored whole', async () => {
		const image = await disk(...three);
		await poke(image, [
			{ offset: 512, data: blank },
			{ offset: size - 512, data: blank },
		]);
		const layout = await layoutOf(image);
		expect(layout).toMatchObject({ table: 'none', id: '', partitions: [{ number: 1, start: 0, length: size }] });
		expect(layout.partitions[0]!.wholeReason).toMatch(/damaged/);
		expect(layout.warnings[0]!.message).toMatch(/Both copies/);
	});

	test('a disk that has grown, and one that was cut', async () => {
		const image = await disk(...three);
		const before = await layoutOf(image);
		await truncate(image, size + 10 * MiB);
		const grown = await layoutOf(image);
		expect(told(grown)).toEqual(told(before));
		expect(grown.warnings.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^Protective MBR: expected sectors 1 to 225279/),
			expect.stringMatching(/does not end the disk/),
		]);
		await repair(image, grown.warnings[1]!.advice);
		await truncate(image, 50 * MiB);
		const cut = await layoutOf(image);
		expect(cut.partitions.map(({ number, start, length }) => [number, start + length])).toEqual([
			[1, 11 * MiB],
			[4, 31 * MiB],
			[2, 50 * MiB],
		]);
		expect(cut.warnings.map(({ message }) => message).join()).toMatch(/Partition 2: expected within the disk/);
	});

	test('no protective MBR', async () => {
		const image = await disk(...three);
		const before = await layoutOf(image);
		await poke(image, [{ offset: 0, data: new Uint8Array(512) }]);
		const layout = await layoutOf(image);
		expect(told(layout)).toEqual(told(before));
		expect(layout.warnings[0]!.message).toMatch(/no protective MBR/);
		await repair(image, layout.warnings[0]!.advice);
	});

	test('a disk read with the wrong sector size says so', async () => {
		const layout = await layoutOf(await disk(...three), 4096);
		expect(layout.table).toBe('none');
		expect(layout.warnings.at(-1)!.message).toMatch(/partitioned with sectors of 512 bytes/);
	});
});

test('a protective MBR as Windows writes it is right, and stays', async () => {
	const image = await disk(...three);
	await poke(image, [{ offset: 0x1be + 12, data: new Uint8Array(4).fill(0xff) }]);
	expect(await layoutOf(image)).toMatchObject({ table: 'gpt', warnings: [] });
	await expectClean(image);
	const mbr = (await track0Of(image)).subarray(0, 512);
	const { gpt } = await layoutOf(image);
	expect(rebuildGpt(gpt!, mbr, 2 * size).at(-1)).toEqual({ offset: 0, data: mbr });
});

test('a hybrid MBR is a GPT disk', async () => {
	const image = await disk(...three, '--hybrid', '1:4');
	const layout = await layoutOf(image);
	expect(layout).toMatchObject({ table: 'gpt', hybrid: true, warnings: [] });
	expect(told(layout)).toEqual(await sfdiskReads(image));
});

describe('rebuild for another disk', () => {
	async function restored(image: string, targetSize: number, options?: RebuildOptions): Promise<string> {
		const track0 = await track0Of(image);
		const table = await readGptTable(new MemoryBytes(track0), 512, 1);
		const writes = rebuildGpt(table, track0.subarray(0, 512), targetSize, options);
		const target = await sparseFile(temp.file(`target${made++}.img`), targetSize);
		await poke(target, [{ offset: 0, data: track0 }, ...writes]);
		return target;
	}

	test.each([
		['same', size],
		['larger', 5 * size],
		['larger than 2 TiB', 3 * 2 ** 40],
		['larger by one sector and some', size + 700],
	])('%s', async (_, targetSize) => {
		const image = await disk(...three);
		const target = await restored(image, targetSize);
		await expectClean(target);
		expect(await sfdiskReads(target)).toEqual(await sfdiskReads(image));
		expect((await layoutOf(target)).warnings).toEqual([]);
	});

	test('with the usable sectors that sgdisk gives a disk of that size', async () => {
		const target = await restored(await disk(...three), 3 * size);
		const fresh = await sparseFile(temp.file('fresh.img'), 3 * size);
		await run('sgdisk', ['--clear', fresh]);
		const usable = async (image: string) => {
			const { stdout } = await run('sgdisk', ['--print', image]);
			return /First usable sector.*last usable sector.*/.exec(stdout)![0];
		};
		expect(await usable(target)).toBe(await usable(fresh));
	});

	test.each([
		['256 entries', ['--resize-table=256', '-n', '200:0:0']],
		['a moved array', ['--move-main-table=1000', '-n', '1:0:+20M']],
		['no partition', ['-o']],
	])('with %s', async (_, options) => {
		const target = await restored(await disk(...options), 2 * size);
		await expectClean(target);
	});

	test('smaller, as far as the partitions go', async () => {
		const image = await disk('-n', '1:0:+10M', '-n', '2:0:+10M');
		const needed = 21 * MiB + 33 * 512;
		await expect(restored(image, needed - 1)).rejects.toMatchObject({ code: 'target-too-small', details: { needed } });
		const target = await restored(image, needed);
		await expectClean(target);
		expect(await sfdiskReads(target)).toEqual(await sfdiskReads(image));
	});

	test('with a disk GUID of its own and some of the partitions', async () => {
		const diskGuid = '0F0E0D0C-0B0A-0908-0706-050403020100';
		const image = await disk(...three, '--hybrid', '1:4');
		const target = await restored(image, 2 * size, { diskGuid, keep: [4] });
		await expectClean(target);
		const { partitions } = await sfdiskReads(image);
		expect(await sfdiskReads(target)).toEqual({
			id: diskGuid,
			partitions: partitions.filter(({ number }) => number === 4),
		});
		expect((await layoutOf(target)).hybrid).toBe(false);
	});

	test('keeps boot code and a hybrid MBR', async () => {
		const image = await disk(...three, '--hybrid', '1:4');
		await poke(image, [{ offset: 0, data: new TextEncoder().encode('boot code') }]);
		const target = await restored(image, 2 * size);
		expect((await track0Of(target)).subarray(0, 512)).toEqual((await track0Of(image)).subarray(0, 512));
		await expectClean(target);
	});

	test('of a disk whose primary table is damaged', async () => {
		const image = await disk(...three);
		const damagedImage = temp.file('damaged.img');
		await copyFile(image, damagedImage);
		await poke(damagedImage, [{ offset: 512, data: new Uint8Array(20 * 512) }]);
		const target = await restored(damagedImage, 2 * size);
		await expectClean(target);
		expect(await sfdiskReads(target)).toEqual(await sfdiskReads(image));
	});
});
