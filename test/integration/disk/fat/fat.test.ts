import { copyFile, open, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { fatDriver } from '../../../../src/disk/fat/driver.ts';
import { UsedBlocks } from '../../../../src/disk/used-blocks.ts';
import { fileSource, sparseFile } from '../../../support/byte-files.ts';
import { copyUsed } from '../../../support/copy-used.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

requireTools(['mkfs.fat', 'fsck.fat', 'mcopy', 'mdeltree', 'partclone.fat', 'blkid']);
const temp = useTempFolder();
const MiB = 1024 * 1024;

interface Case {
	readonly type: 'FAT12' | 'FAT16' | 'FAT32';
	readonly size: number;
	readonly options: readonly string[];
	/** Bytes of files; the root directory of FAT12/16 bounds their number. */
	readonly fill: number;
	readonly files: number;
	/** mkfs.fat's size in KiB where the file system is smaller than its partition. */
	readonly blocks?: number;
}

const cases: Case[] = [
	{ type: 'FAT12', size: 1440 * 1024, options: [], fill: 400_000, files: 20 },
	{ type: 'FAT12', size: 4 * MiB, options: ['-F', '12', '-s', '2', '-f', '1'], fill: 1_000_000, files: 30 },
	{ type: 'FAT12', size: 250 * MiB, options: ['-F', '12', '-s', '128'], fill: 40 * MiB, files: 100 },
	{ type: 'FAT16', size: 16 * MiB, options: ['-F', '16', '-s', '1'], fill: 5 * MiB, files: 80 },
	{ type: 'FAT16', size: 64 * MiB, options: ['-F', '16', '-S', '2048', '-s', '2'], fill: 20 * MiB, files: 80 },
	{
		type: 'FAT16',
		size: 128 * MiB,
		options: ['-F', '16', '-s', '8', '-r', '1024', '-R', '9', '-a'],
		fill: 30 * MiB,
		files: 80,
	},
	{ type: 'FAT16', size: 200 * MiB, options: ['-F', '16', '-s', '64', '-f', '1'], fill: 40 * MiB, files: 100 },
	{ type: 'FAT16', size: 64 * MiB, options: ['-F', '16'], fill: 10 * MiB, files: 40, blocks: 50_003 },
	{ type: 'FAT32', size: 300 * MiB, options: ['-F', '32', '-s', '1'], fill: 30 * MiB, files: 200 },
	{ type: 'FAT32', size: 300 * MiB, options: ['-F', '32', '-S', '4096', '-s', '1'], fill: 30 * MiB, files: 120 },
	{
		type: 'FAT32',
		size: 300 * MiB,
		options: ['-F', '32', '-s', '8', '-R', '40', '-f', '1'],
		fill: 40 * MiB,
		files: 120,
	},
];

/** Copies folders in, deletes one of them and copies another, so that the free space is in pieces. */
async function fill(image: string, name: string, { fill: bytes, files }: Case): Promise<void> {
	const env = { MTOOLS_SKIP_CHECK: '1' };
	const folders = ['first', 'second', 'third'];
	for (const [seed, folder] of folders.entries()) {
		const path = await temp.folder(`${name}-${folder}`);
		await fillFolder(path, seed + 1, { files: Math.ceil(files / 3), bytes: Math.floor(bytes / 3), unicode: true });
		if (folder === 'third') await run('mdeltree', ['-i', image, '::/' + `${name}-first`], { env });
		await run('mcopy', ['-s', '-Q', '-i', image, path, '::/'], { env });
		await rm(path, { recursive: true });
	}
}

async function filesOf(image: string, name: string): Promise<Map<string, string>> {
	const folder = await temp.folder(name);
	await run('mcopy', ['-s', '-Q', '-i', image, '::/*', folder], { env: { MTOOLS_SKIP_CHECK: '1' } });
	const tree = await hashTree(folder);
	await rm(folder, { recursive: true });
	return tree;
}

describe.each(cases.map((entry, i) => ({ ...entry, name: `case${i}`, title: entry.options.join(' ') })))(
	'$type of $size bytes made with "$title"',
	(entry) => {
		test('comes back from its used blocks', async () => {
			const image = await sparseFile(temp.file(`${entry.name}.img`), entry.size);
			const target = temp.file(`${entry.name}.restored`);
			const blocks = entry.blocks === undefined ? [] : [String(entry.blocks)];
			await run('mkfs.fat', ['-n', 'AFTERIMAGE', '-i', '1a2b3c4d', ...entry.options, image, ...blocks]);
			await fill(image, entry.name, entry);
			const before = await filesOf(image, `${entry.name}-before`);
			expect(before.size).toBeGreaterThan(entry.files / 2);

			const { fileSystem, used } = await copyUsed(fatDriver, image, target, { blockSize: 65_536 });
			const { info } = fileSystem;
			expect(info).toMatchObject({ type: entry.type, label: 'AFTERIMAGE', uuid: '1A2B-3C4D', dirty: undefined });
			if (entry.size > 10 * MiB) expect(used.used()).toBeLessThan(used.count * 0.8);

			await run('fsck.fat', ['-n', target]);
			expect(await filesOf(target, `${entry.name}-after`)).toEqual(before);

			const fsck = await run('fsck.fat', ['-n', '-v', image]);
			const [, usedClusters, allClusters] = / files, (\d+)\/(\d+) clusters/.exec(fsck.stdout)!;
			expect(info.totalClusters - info.freeClusters).toBe(Number(usedClusters));
			expect(info.totalClusters).toBe(Number(allClusters));
			expect(fsck.stdout).toContain(`Data area starts at byte ${info.reservedBytes} `);
			expect(fsck.stdout).toContain(`${info.clusterSize} bytes per cluster`);
			await rm(image);
			await rm(target);
		});
	},
);

test('agrees with partclone on what is used', async () => {
	const image = await sparseFile(temp.file('partclone.img'), 300 * MiB);
	await run('mkfs.fat', ['-F', '32', '-s', '4', image]);
	await fill(image, 'partclone', { ...cases[8]!, fill: 20 * MiB });
	const source = await fileSource(image);
	const fileSystem = (await fatDriver.open(source, {}))!;
	const sectors = new UsedBlocks(0, source.size, 512);
	await fileSystem.collectUsed(sectors);
	const log = await run('partclone.fat', ['-c', '-s', image, '-O', '/dev/null', '-L', temp.file('partclone.log')]);
	await source.close();
	const [, blocks] = /Space in use:.*= (\d+) Blocks/.exec(log.stdout + log.stderr)!;
	const tail =
		source.size - (fileSystem.info.reservedBytes + fileSystem.info.totalClusters * fileSystem.info.clusterSize);
	expect(sectors.usedBytes() - tail).toBe(Number(blocks) * 512);
});

describe('distrust', () => {
	async function opened(change: (image: string) => Promise<void>, options: string[] = ['-F', '32', '-s', '1']) {
		const image = await sparseFile(temp.file('distrust.img'), 64 * MiB);
		await run('mkfs.fat', [...options, image]);
		await change(image);
		const source = await fileSource(image);
		try {
			return (await fatDriver.open(source, {}))!;
		} finally {
			await source.close();
		}
	}
	const poke =
		(at: number, ...bytes: number[]) =>
		async (image: string) => {
			const handle = await open(image, 'r+');
			await handle.write(Uint8Array.from(bytes), 0, bytes.length, at);
			await handle.close();
		};

	test('a volume that Linux left mounted', async () => {
		expect((await opened(poke(0x41, 1))).info.dirty).toMatch(/not cleanly unmounted/);
		expect((await opened(poke(0x25, 1), ['-F', '16'])).info.dirty).toMatch(/not cleanly unmounted/);
	});

	test('a volume that Windows left mounted', async () => {
		expect((await opened(poke(32 * 512 + 4, 0xff, 0xff, 0xff, 0x07))).info.dirty).toMatch(/not cleanly unmounted/);
		expect((await opened(poke(32 * 512 + 4, 0xff, 0xff, 0xff, 0x0b))).info.dirty).toMatch(/read or write errors/);
	});

	test('two FATs that differ', async () => {
		const fileSystem = await opened(poke(32 * 512 + 8000, 0xff, 0xff, 0xff, 0x0f));
		expect(fileSystem.info.dirty).toMatch(/FAT 2 differs from FAT 1/);
		await expect(fileSystem.collectUsed({ add() {} })).rejects.toMatchObject({ code: 'structure-damaged' });
	});
});

test.each([
	{ size: 40 * MiB, options: ['-s', '8'] },
	{ size: 256 * MiB, options: ['-s', '128', '-f', '1'] },
])('a FAT32 of few clusters ($options) is FAT32, as for Windows and Linux', async ({ size, options }) => {
	const image = await sparseFile(temp.file('few.img'), size);
	await run('mkfs.fat', ['-F', '32', ...options, image]);
	const source = await fileSource(image);
	const { info } = (await fatDriver.open(source, {}))!;
	await source.close();
	const fsck = await run('fsck.fat', ['-n', '-v', image]);
	expect(info).toMatchObject({ type: 'FAT32', dirty: undefined });
	expect(fsck.stdout).toContain(` ${info.totalClusters - info.freeClusters}/${info.totalClusters} clusters`);
});

test('a volume larger than its partition is damaged, not believed', async () => {
	const image = await sparseFile(temp.file('cut.img'), 64 * MiB);
	await run('mkfs.fat', ['-F', '32', image]);
	await copyFile(image, temp.file('cut2.img'));
	const handle = await open(temp.file('cut2.img'), 'r+');
	await handle.truncate(60 * MiB);
	await handle.close();
	const source = await fileSource(temp.file('cut2.img'));
	await expect(fatDriver.open(source, {})).rejects.toMatchObject({ code: 'structure-damaged' });
	await source.close();
});
