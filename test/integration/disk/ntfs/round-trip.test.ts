import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ntfsDriver } from '../../../../src/disk/ntfs/driver.ts';
import { fileSource } from '../../../support/byte-files.ts';
import { copyUsed } from '../../../support/copy-used.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import {
	bytesAt,
	checkNtfs,
	compareCounts,
	makeNtfs,
	mountedNtfs,
	mountedReadOnly,
	ntfsTools,
	patch,
} from './tools.ts';

requireTools(ntfsTools);
requireRoot();
const temp = useTempFolder();

interface Case {
	readonly name: string;
	/** MiB. */
	readonly size: number;
	readonly args: readonly string[];
	readonly files?: number;
	readonly bytes?: number;
}

const mib = 1024 * 1024;
const cases: readonly Case[] = [
	{ name: 'clusters of 512 bytes', size: 40, args: ['-Q', '-c', '512'], bytes: 8 * mib },
	{ name: 'clusters of 1 KiB, formatted whole', size: 40, args: ['-f', '-c', '1024'], bytes: 8 * mib },
	{ name: 'clusters of 4 KiB', size: 100, args: ['-Q', '-L', 'Größe 4K'], bytes: 30 * mib },
	{ name: 'clusters of 64 KiB', size: 150, args: ['-Q', '-c', '65536'] },
	{ name: 'clusters of 128 KiB', size: 150, args: ['-Q', '-c', '131072'], files: 120 },
	{ name: 'clusters of 2 MiB', size: 440, args: ['-Q', '-c', '2097152', '-L', 'Largest'], files: 24 },
	{ name: 'sectors of 4 KiB', size: 80, args: ['-Q', '-s', '4096'] },
	{ name: 'sectors of 4 KiB, clusters of 64 KiB', size: 100, args: ['-Q', '-s', '4096', '-c', '65536'], files: 120 },
	{ name: 'sectors of 1 KiB, clusters of 2 KiB', size: 60, args: ['-Q', '-s', '1024', '-c', '2048'] },
];

/** A folder whose files ntfs-3g compresses (FILE_ATTRIBUTE_COMPRESSED), and a file with a stream beside its data. */
async function addSpecial(folder: string, clusterSize: number): Promise<void> {
	if (clusterSize <= 4096) {
		const compressed = join(folder, 'compressed');
		await mkdir(compressed);
		await run('setfattr', ['-h', '-n', 'system.ntfs_attrib_be', '-v', '0x00000810', compressed]);
		await writeFile(join(compressed, 'text.txt'), 'The same line, again and again.\n'.repeat(20_000));
		await writeFile(join(compressed, 'noise.bin'), randomNumbers(5).fill(new Uint8Array(300_000)));
	}
	await writeFile(join(folder, 'with stream.txt'), 'plain');
	await run('setfattr', ['-n', 'user.other', '-v', `0x${'5a'.repeat(20_000)}`, join(folder, 'with stream.txt')]);
}

/** Copies at the block size of images and at one block a cluster, and lets the vendor's tools judge both copies. */
async function roundTrip(
	image: string,
	clusterSize: number,
	hashes: Map<string, string>,
	also: (target: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
	for (const blockSize of new Set([64 * 1024, clusterSize])) {
		const target = temp.file('target.img');
		const copy = await copyUsed(ntfsDriver, image, target, { blockSize });
		expect(copy.fileSystem.info.dirty).toBeUndefined();
		if (blockSize === clusterSize) await compareCounts(image, copy.fileSystem, copy.used);
		await checkNtfs(target);
		expect(await mountedReadOnly(target, hashTree)).toEqual(hashes);
		await also(target);
		await rm(target);
	}
}

describe('a copy of the used blocks alone', () => {
	test.each(cases)('$name', async ({ size, args, files = 300, bytes = 20 * mib }) => {
		const image = await makeNtfs(temp.file('source.img'), size, args);
		const boot = await bytesAt(image, 0, 512);
		const factor = boot[0x0d]! <= 128 ? boot[0x0d]! : 2 ** (256 - boot[0x0d]!);
		const clusterSize = boot.readUInt16LE(0x0b) * factor;
		await mountedNtfs(image, async (folder) => {
			await fillFolder(folder, size, { files, bytes, unicode: true });
			await addSpecial(folder, clusterSize);
		});
		const hashes = await mountedReadOnly(image, hashTree);
		expect(hashes.size).toBeGreaterThan(files / 2);
		await checkNtfs(image);
		await roundTrip(image, clusterSize, hashes);
	});

	test('a $MFT in so many pieces that it takes several records to map it', async () => {
		const image = await makeNtfs(temp.file('source.img'), 16, ['-Q', '-c', '512']);
		await mountedNtfs(image, async (folder) => {
			const data = randomNumbers(3).fill(new Uint8Array(1400));
			let count = 0;
			try {
				for (;;) await writeFile(join(folder, `a${count++}`), data);
			} catch (error) {
				expect(error).toMatchObject({ code: 'ENOSPC' });
			}
			// Records of deleted files are used again first; the rest of the new ones grow the $MFT into the gaps.
			for (let i = 0; i < count; i += 2) await rm(join(folder, `a${i}`), { force: true });
			for (let i = 0; i < count * 0.85; i++) await writeFile(join(folder, `b${i}`), `small ${i}`);
		});
		const { stdout } = await run('ntfsinfo', ['-i', '0', '-v', image]);
		expect(stdout).toContain('Dumping attribute $ATTRIBUTE_LIST');
		const hashes = await mountedReadOnly(image, hashTree);
		expect(hashes.size).toBeGreaterThan(3000);
		await roundTrip(image, 512, hashes);
	});

	test.each([
		['larger', 40, 77_000_000],
		['smaller', 80, 39_000_000],
	])('a volume that was made %s, with something behind it in its partition', async (_, before, after) => {
		const image = await makeNtfs(temp.file('source.img'), before, ['-Q', '-c', '1024']);
		await mountedNtfs(image, (folder) => fillFolder(folder, 9, { files: 150, bytes: 8 * mib }));
		const hashes = await mountedReadOnly(image, hashTree);
		await run('truncate', ['-s', '80M', image]);
		await run('ntfsresize', ['-f', '-f', '-s', String(after), image]);
		// It leaves the volume marked for a check.
		await run('ntfsfix', ['-d', image]);
		const end = Math.ceil(after / mib) * mib;
		const noise = randomNumbers(1).fill(new Uint8Array(100_000));
		await patch(image, end, noise);
		await checkNtfs(image);
		await roundTrip(image, 1024, hashes, async (target) => {
			expect(Buffer.compare(await bytesAt(target, end, noise.length), noise)).toBe(0);
		});
	});
});

test('a sparse volume of 1 TiB', async () => {
	const image = await makeNtfs(temp.file('large.img'), 1024 * 1024, ['-Q']);
	await mountedNtfs(image, (folder) => fillFolder(folder, 1, { files: 50, bytes: 5 * mib }));
	const source = await fileSource(image);
	const fileSystem = (await ntfsDriver.open(source, {}))!;
	const { info } = fileSystem;
	const { stdout } = await run('ntfsinfo', ['-m', image]);
	expect(stdout).toContain(`Free Clusters: ${info.freeClusters} `);
	let bytes = 0;
	await fileSystem.collectUsed({ add: (start, end) => (bytes += end - start) });
	expect(bytes).toBe(info.used);
	await source.close();
});
