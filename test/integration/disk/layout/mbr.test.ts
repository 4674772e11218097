import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { sparseFile } from '../../../support/byte-files.ts';
import { requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { layoutOf, poke, sfdiskReads, told } from './oracle.ts';

requireTools(['sfdisk', 'sgdisk', 'mkfs.fat', 'mkntfs', 'mkfs.exfat', 'mkfs.ext4']);
const temp = useTempFolder();
const MiB = 1024 * 1024;
const size = 100 * MiB;
let made = 0;

async function disk(script: string): Promise<string> {
	const image = await sparseFile(temp.file(`disk${made++}.img`), size);
	await run('sfdisk', ['--wipe', 'never', image], { input: `label: dos\nlabel-id: 0x00abcdef\n${script}` });
	return image;
}

const logical = `start=2048, size=20480, type=7, bootable
start=22528, size=20480, type=c
start=43008, size=150000, type=5
start=45056, size=10000, type=83
start=60000, size=10000, type=82
start=80000, size=10000, type=17
`;

describe('reads what sfdisk wrote', () => {
	test.each([
		['primaries', 'size=10M, type=7, bootable\nsize=10M, type=b\nsize=10M, type=27\nsize=10M, type=83\n'],
		['logical partitions', logical],
		['an extended partition without logical ones', 'size=10M, type=83\nsize=50M, type=f\n'],
		[
			'only logical partitions',
			'start=2048, size=180000, type=5\nstart=4096, size=20480, type=83\nstart=30000, size=20480, type=83\n',
		],
	])('%s', async (_, script) => {
		const image = await disk(script);
		const layout = await layoutOf(image);
		expect(told(layout)).toEqual(await sfdiskReads(image));
		expect(layout).toMatchObject({ table: 'mbr', id: '00ABCDEF', warnings: [] });
	});

	test('a chain whose order is not that of the disk', async () => {
		const image = await disk(logical);
		// Deleting the first and making it anew puts it at the chain's end.
		await run('sfdisk', ['--delete', image, '5']);
		await run('sfdisk', ['--append', image], { input: 'start=45056, size=9000, type=83\n' });
		const layout = await layoutOf(image);
		expect(told(layout)).toEqual(await sfdiskReads(image));
	});

	test('entries and extended boot records as the image keeps them', async () => {
		const image = await disk(logical);
		const layout = await layoutOf(image);
		expect(layout.partitions.map(({ entry }) => entry)).toMatchObject([
			{ status: 0x80, active: true, type: 7, bootSector: 2048, numSectors: 20480, kind: 'primary' },
			{ status: 0, active: false, type: 0x0c, bootSector: 22528, kind: 'primary' },
			{ type: 0x83, bootSector: 45056, numSectors: 10000, kind: 'logical' },
			{ type: 0x82, bootSector: 60000, kind: 'logical' },
			{ type: 0x17, bootSector: 80000, kind: 'logical' },
		]);
		expect(layout.partitions[4]).toMatchObject({ number: 7, hidden: true, typeName: 'Hidden NTFS or exFAT' });
		const bytes = await readFile(image);
		const [extended] = layout.extended;
		expect(extended).toMatchObject({ number: 3, typeId: '05', start: 43008 * 512, length: 150000 * 512 });
		expect(extended!.records.map(({ partitionNumber }) => partitionNumber)).toEqual([5, 6, 7]);
		for (const { offset, sector } of extended!.records) {
			expect(Buffer.from(sector)).toEqual(bytes.subarray(offset, offset + 512));
		}
		expect(layout.track0Length).toBe(MiB);
	});
});

describe('damage', () => {
	async function records(image: string) {
		return (await layoutOf(image)).extended[0]!.records;
	}
	const u32 = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);
	/** First sector of the second entry, which names the next record. */
	const nextAt = 0x1be + 16 + 8;

	test('a chain that loops', async () => {
		const image = await disk(logical);
		const [, second] = await records(image);
		await poke(image, [{ offset: second!.offset + nextAt, data: u32(0) }]);
		const layout = await layoutOf(image);
		expect(layout.partitions.map(({ number }) => number)).toEqual([1, 2, 5, 6]);
		expect(layout.warnings[0]!.message).toMatch(/returns to an earlier record.*from number 7 on/);
	});

	test('a chain that leaves its container', async () => {
		const image = await disk(logical);
		const [first] = await records(image);
		await poke(image, [{ offset: first!.offset + nextAt, data: u32(0x7fff_ffff) }]);
		const layout = await layoutOf(image);
		expect(layout.partitions.map(({ number }) => number)).toEqual([1, 2, 5]);
		expect(layout.warnings[0]!.message).toMatch(/outside the extended partition/);
	});

	test('a record without its mark', async () => {
		const image = await disk(logical);
		const [, second] = await records(image);
		await poke(image, [{ offset: second!.offset + 510, data: Uint8Array.of(0, 0) }]);
		expect((await layoutOf(image)).warnings[0]!.message).toMatch(/expected 55 AA at its end, found 00 00/);
	});

	test('overlapping partitions, and one beyond the end', async () => {
		const image = await disk(
			'start=2048, size=20480, type=7\nstart=30000, size=20480, type=7\nstart=60000, size=100, type=83\n',
		);
		await poke(image, [
			{ offset: 0x1be + 16 + 8, data: u32(20_000) },
			{ offset: 0x1be + 32 + 8, data: u32(size / 512 + 5) },
		]);
		const layout = await layoutOf(image);
		expect(layout.partitions.map(({ number }) => number)).toEqual([1, 2]);
		expect(layout.warnings.map(({ message }) => message)).toEqual([
			expect.stringMatching(/Partition 3: .*left out/),
			expect.stringMatching(/Partitions 1 and 2 overlap/),
		]);
	});
});

describe('a file system without a table', () => {
	test.each([
		['mkfs.fat', []],
		['mkfs.fat', ['-F', '32']],
		['mkfs.fat', ['-F', '32', '--mbr=y']],
		['mkfs.fat', ['-F', '16', '--mbr=y']],
		['mkntfs', ['-F', '-Q', '-q']],
		['mkfs.exfat', []],
		['mkfs.ext4', ['-q', '-F']],
	])('%s %j is one partition', async (tool, options) => {
		const image = await sparseFile(temp.file(`bare${made++}.img`), size);
		await run(tool, [...options, image]);
		expect(await layoutOf(image)).toMatchObject({
			table: 'none',
			partitions: [{ number: 1, start: 0, length: size }],
			track0Length: 63 * 512,
			warnings: [],
		});
	});

	test('a table that was written over a FAT boot sector is a table', async () => {
		const image = await sparseFile(temp.file('was-fat.img'), size);
		await run('mkfs.fat', ['-F', '32', image]);
		await run('sfdisk', ['--wipe', 'never', image], { input: 'label: dos\nstart=2048, size=20480, type=7\n' });
		expect((await readFile(image)).toString('latin1', 0x52, 0x57)).toBe('FAT32');
		expect(told(await layoutOf(image))).toEqual(await sfdiskReads(image));
	});

	test('an MBR without partitions is taken as one', async () => {
		expect(await layoutOf(await disk(''))).toMatchObject({
			table: 'none',
			id: '00ABCDEF',
			partitions: [{ number: 1 }],
		});
	});

	test('a GPT that an MBR has replaced does not count', async () => {
		const image = await sparseFile(temp.file('stale.img'), size);
		await run('sgdisk', ['-n', '1:0:0', image]);
		const script = 'label: dos\nstart=4096, size=20480, type=7\n';
		await run('sfdisk', ['--wipe', 'never', '--label', 'dos', image], { input: script });
		expect(await layoutOf(image)).toMatchObject({ table: 'mbr', partitions: [{ number: 1, start: 4096 * 512 }] });
	});
});
