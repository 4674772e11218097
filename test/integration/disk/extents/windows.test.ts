import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sparseFile } from '../../../support/byte-files.ts';
import { fillFolder } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { toldExtents, union, type Range } from './scene.ts';

requireTools(['mkfs.ntfs', 'ntfs-3g', 'ntfscluster', 'setfattr', 'mkfs.fat', 'mcopy', 'mshowfat', 'minfo']);
requireRoot();
const temp = useTempFolder();
const mebibyte = 2 ** 20;

describe('NTFS', () => {
	it('tells of every file and folder the clusters of all its streams that ntfscluster tells', async () => {
		const image = await sparseFile(temp.file('ntfs.img'), 48 * mebibyte);
		const clusterSize = 4096;
		await run('mkfs.ntfs', ['-F', '-q', image]);
		await mounted(image, { command: 'ntfs-3g', args: ['-o', 'no_detach,compression'] }, async (folder) => {
			await fillFolder(folder, 8, { files: 30, bytes: 3 * mebibyte });
			await mkdir(join(folder, 'large'));
			for (let i = 0; i < 200; i++) await writeFile(join(folder, 'large', `a file with a long name, number ${i}`), '');
			await mkdir(join(folder, 'packed'));
			await run('setfattr', ['-h', '-n', 'system.ntfs_attrib', '-v', '0x00080000', join(folder, 'packed')]);
			const words = Array.from({ length: 40_000 }, (_, i) => `word${i % 300}`).join(' ');
			await writeFile(join(folder, 'packed', 'words'), words);
			await writeFile(join(folder, 'with a stream'), 'small');
			const stream = randomNumbers(3).fill(new Uint8Array(20_000));
			await run('setfattr', [
				'-n',
				'user.stream',
				'-v',
				`0x${Buffer.from(stream).toString('hex')}`,
				join(folder, 'with a stream'),
			]);
		});
		const told = await toldExtents(image);
		let many = 0;
		let bytes = 0;
		for (const [path, ranges] of told) {
			if (path.startsWith('large/')) continue;
			const { stdout } = await run('ntfscluster', ['-F', path === '' ? '/' : path, image]);
			const expected = union(runsOf(stdout, clusterSize));
			expect({ path, ranges: union(ranges, clusterSize) }).toEqual({ path, ranges: expected });
			if (expected.length > 1) many++;
			bytes += expected.reduce((sum, [start, end]) => sum + end - start, 0);
		}
		expect(bytes).toBeGreaterThan(mebibyte);
		expect(many).toBeGreaterThan(0);
		const sizeOf = (path: string) => told.get(path)!.reduce((sum, [start, end]) => sum + end - start, 0);
		expect(sizeOf('packed/words')).toBeGreaterThan(clusterSize);
		expect(sizeOf('packed/words')).toBeLessThan(200_000);
		expect(sizeOf('with a stream')).toBe(20_000);
		expect(sizeOf('large')).toBeGreaterThan(clusterSize);
	});
});

/** Runs of all attributes: rows of VCN, LCN and length; holes have no LCN. */
function runsOf(text: string, clusterSize: number): Range[] {
	return [...text.matchAll(/^ +\d+ +(\d+) +(\d+)$/gm)].map(([, lcn, length]) => {
		const start = Number(lcn) * clusterSize;
		return [start, start + Number(length) * clusterSize] as const;
	});
}

describe.each([12, 16, 32] as const)('FAT%i', (bits) => {
	it('tells of every file and folder the clusters that mshowfat tells', async () => {
		const size = { 12: 4, 16: 24, 32: 40 }[bits];
		const image = await sparseFile(temp.file(`fat${bits}.img`), size * mebibyte);
		await run(
			'mkfs.fat',
			['-F', String(bits), '-s', '1', image].filter((one) => bits !== 12 || !['-s', '1'].includes(one)),
		);
		const files = await temp.folder(`files${bits}`);
		await fillFolder(files, bits, { files: 20, bytes: mebibyte });
		await run('sh', ['-c', 'mcopy -s -i "$1" "$2"/* ::', 'sh', image, files]);
		// What goes is refilled in pieces.
		const random = randomNumbers(bits);
		for (let i = 0; i < 12; i++) {
			const file = temp.file('piece');
			await writeFile(file, random.fill(new Uint8Array(9000 + i)));
			await run('mcopy', ['-i', image, file, `::piece${i}`]);
		}
		for (let i = 0; i < 12; i += 2) await run('mdel', ['-i', image, `::piece${i}`]);
		const large = temp.file('large');
		await writeFile(large, random.fill(new Uint8Array(400_000)));
		await run('mcopy', ['-i', image, large, '::large']);

		const { clusterSize, dataAt } = await geometryOf(image);
		const told = await toldExtents(image);
		const paths = [...told.keys()].filter((path) => path !== '');
		const { stdout } = await run('mshowfat', ['-i', image, ...paths.map((path) => `::${path}`)]);
		const shown = new Map(
			stdout
				.split('\n')
				.filter((line) => line.includes('::/'))
				.map((line) => [/^::\/(.*?) (?:<|Root directory)/.exec(line)![1]!, clustersOf(line)] as const),
		);
		expect(shown.size).toBe(paths.length);
		for (const path of paths) {
			const expected = union(
				shown.get(path)!.map(([first, last]) => {
					return [dataAt + (first - 2) * clusterSize, dataAt + (last - 1) * clusterSize] as const;
				}),
			);
			expect({ path, ranges: union(told.get(path)!, clusterSize) }).toEqual({ path, ranges: expected });
		}
		// On FAT32 mtools goes on where it was last, as long as it can.
		if (bits !== 32) expect(shown.get('large')!.length).toBeGreaterThan(1);
		// Exact at the end: what lies behind it is of no file.
		const sum = told.get('large')!.reduce((bytes, [start, end]) => bytes + end - start, 0);
		expect(sum).toBe(400_000);
	});
});

/** `<2-5> <9>` */
function clustersOf(line: string): [number, number][] {
	return [...line.matchAll(/<(\d+)(?:-(\d+))?>/g)].map(([, first, last]) => [Number(first), Number(last ?? first)]);
}

/** As the boot sector has it, by its specification. */
async function geometryOf(image: string): Promise<{ clusterSize: number; dataAt: number }> {
	const boot = (await readFile(image)).subarray(0, 512);
	const sector = boot.readUInt16LE(0x0b);
	const perFat = boot.readUInt16LE(0x16) || boot.readUInt32LE(0x24);
	const sectors = boot.readUInt16LE(0x0e) + boot[0x10]! * perFat;
	return { clusterSize: sector * boot[0x0d]!, dataAt: sectors * sector + boot.readUInt16LE(0x11) * 32 };
}
