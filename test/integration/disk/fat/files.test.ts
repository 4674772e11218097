import { mkdir, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fatDriver } from '../../../../src/disk/fat/driver.ts';
import type { FileTree } from '../../../../src/disk/files.ts';
import { fileSource, sparseFile } from '../../../support/byte-files.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { decompressors, hashFileTree, walkTree } from '../../../support/walk-tree.ts';

requireTools(['mkfs.fat', 'fsck.fat', 'mcopy', 'mdel', 'mdeltree', 'mren', 'mdir', 'mattrib', 'mshowfat']);
const temp = useTempFolder();
const MiB = 1024 * 1024;
const env = { MTOOLS_SKIP_CHECK: '1' };

async function made(size: number, options: readonly string[]): Promise<string> {
	const image = await sparseFile(temp.file('volume.img'), size);
	await run('mkfs.fat', ['-n', 'AFTERIMAGE', ...options, image]);
	return image;
}

async function withTree<T>(image: string, fn: (tree: FileTree) => Promise<T>): Promise<T> {
	const source = await fileSource(image);
	try {
		const fileSystem = (await fatDriver.open(source, {}))!;
		return await fn(await fileSystem.openFiles!({ decompressors }));
	} finally {
		await source.close();
	}
}

/** Gives every file a time of its own between 1980 and 2100. */
async function stamp(folder: string, seed: number): Promise<void> {
	const random = randomNumbers(seed);
	for (const path of await readdir(folder, { recursive: true })) {
		const seconds = 315_619_200 + random.below(3_700_000_000);
		await utimes(join(folder, path), seconds, seconds);
	}
}

async function expectSameTimes(tree: FileTree, folder: string): Promise<void> {
	let files = 0;
	await walkTree(tree, async (path, node) => {
		if (node.kind !== 'file') return;
		const { mtimeMs } = await stat(join(folder, path));
		expect(node.modified, path).toBe(Math.floor(mtimeMs / 2000) * 2000);
		files++;
	});
	expect(files).toBeGreaterThan(5);
}

/** The folder's contents as the volume's root. */
async function copyIn(image: string, folder: string): Promise<void> {
	const paths = (await readdir(folder)).map((name) => join(folder, name));
	await run('mcopy', ['-s', '-m', '-Q', '-i', image, ...paths, '::/'], { env });
}

// mtools makes a folder one cluster longer at most for a name, so clusters have room for the longest.
const cases = [
	{ size: 1440 * 1024, options: ['-s', '2'], fill: 250_000, files: 30 },
	{ size: 250 * MiB, options: ['-F', '12', '-s', '128'], fill: 20 * MiB, files: 100 },
	{ size: 16 * MiB, options: ['-F', '16', '-s', '2'], fill: 5 * MiB, files: 80 },
	{ size: 64 * MiB, options: ['-F', '16', '-S', '2048', '-s', '2', '-f', '1'], fill: 20 * MiB, files: 80 },
	{ size: 300 * MiB, options: ['-F', '32', '-s', '2'], fill: 30 * MiB, files: 200 },
	{ size: 300 * MiB, options: ['-F', '32', '-S', '4096', '-s', '1'], fill: 30 * MiB, files: 120 },
	{ size: 300 * MiB, options: ['-F', '32', '-s', '8', '-R', '40'], fill: 40 * MiB, files: 120 },
];

describe.each(cases.map((entry, number) => ({ ...entry, number })))('$size bytes made with $options', (entry) => {
	const { size, options, fill, files, number } = entry;
	test('has the files that were put in', async () => {
		const image = await made(size, options);
		const doomed = await temp.folder(`doomed folder ${number}`);
		await fillFolder(doomed, 2, { files: files / 2, bytes: fill / 4, unicode: true });
		await run('mcopy', ['-s', '-Q', '-i', image, doomed, '::/'], { env });
		const folder = await temp.folder(`files${number}`);
		await fillFolder(folder, 3, { files, bytes: fill / 2, unicode: true });
		await stamp(folder, 4);
		const late = join(folder, 'late');
		await mkdir(late);
		await copyIn(image, folder);
		await run('mdeltree', ['-i', image, `::/doomed folder ${number}`], { env });
		// Into the gaps.
		await fillFolder(late, 5, { files: files / 2, bytes: fill / 4, unicode: true });
		await stamp(late, 6);
		for (const name of await readdir(late)) {
			await run('mcopy', ['-s', '-m', '-Q', '-i', image, join(late, name), '::/late'], { env });
		}
		const wanted = await hashTree(folder);
		await withTree(image, async (tree) => {
			expect(tree.caseSensitive).toBe(false);
			expect(await hashFileTree(tree)).toEqual(wanted);
			await expectSameTimes(tree, folder);
		});
		await run('fsck.fat', ['-n', image]);
	});
});

test('has files that lie in pieces, and those of one-sector clusters', async () => {
	const image = await made(2 * MiB, ['-F', '12', '-s', '1']);
	const folder = await temp.folder('pieces');
	const random = randomNumbers(8);
	const fill = (name: string, bytes: number) => writeFile(join(folder, name), random.fill(new Uint8Array(bytes)));
	const paths: string[] = [];
	for (let i = 0; i < 180; i++) {
		await fill(`f${i}`, 512 * (1 + random.below(30)));
		paths.push(join(folder, `f${i}`));
	}
	await run('mmd', ['-i', image, '::/full'], { env });
	await run('mcopy', ['-m', '-Q', '-i', image, ...paths, '::/full'], { env });
	const doomed = paths.filter((_, i) => i % 2 === 0).map((path) => `::/full/${basename(path)}`);
	await run('mdel', ['-i', image, ...doomed], { env });
	await fill('large', 500_001);
	await run('mcopy', ['-m', '-i', image, join(folder, 'large'), '::/full'], { env });
	for (const path of doomed) await rm(join(folder, basename(path)));
	// `::/full/large: <2-31> <40-52> ...`
	const shown = await run('mshowfat', ['-i', image, '::/full/large'], { env });
	expect(shown.stdout.match(/<\d+(-\d+)?>/g)!.length).toBeGreaterThan(30);
	const wanted = new Map([['full', 'folder']]);
	for (const [name, hash] of await hashTree(folder)) wanted.set(`full/${name}`, hash);
	await withTree(image, async (tree) => {
		const found = await hashFileTree(tree);
		expect([...found].sort()).toEqual([...wanted].sort());
	});
});

test('has the thousands of files of a folder', async () => {
	const image = await made(64 * MiB, ['-F', '32', '-s', '1']);
	const folder = await temp.folder('thousands');
	// mtools takes very long to find short names for thousands of long ones, so most need none.
	const name = (i: number) => (i % 20 === 0 ? `${i} with a long name` : `n${i}.bin`);
	for (let i = 0; i < 3000; i++) await writeFile(join(folder, name(i)), i % 100 === 0 ? `${i}` : '');
	await run('mcopy', ['-s', '-m', '-Q', '-i', image, folder, '::/'], { env });
	const wanted = new Map([['thousands', 'folder']]);
	for (const [name, hash] of await hashTree(folder)) wanted.set(`thousands/${name}`, hash);
	await withTree(image, async (tree) => {
		const found = await hashFileTree(tree);
		expect([...found].sort()).toEqual([...wanted].sort());
	});
});

/** Names of the root folder as mtools lists them. */
async function listed(image: string): Promise<string[]> {
	const { stdout } = await run('mdir', ['-b', '-a', '-i', image, '::/'], { env });
	return stdout
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => line.replace('::/', '').replace(/\/$/, ''));
}

const rootNames = (image: string) =>
	withTree(image, async (tree) => (await tree.root.list()).map(({ name, kind }) => (kind === 'damaged' ? kind : name)));

test('goes by the names that mtools shows, whichever way they are stored', async () => {
	const image = await made(4 * MiB, []);
	const folder = await temp.folder('names');
	const names = ['UPPER.TXT', 'lower.txt', 'lower2.TXT', 'UPPER2.txt', 'Mixed.Txt', 'noext', 'ÜBUNG.DAT', 'äöü.dat'];
	names.push('many.dots.in.it', ' leading', 'a+b,c;d=e[f].g', 'Größe 日本語 ελ', 'x'.repeat(200), '.hidden', 'COM5.x');
	for (const name of names) await writeFile(join(folder, name), name);
	await run('mcopy', ['-i', image, ...names.map((name) => join(folder, name)), '::/'], { env });
	await run('mmd', ['-i', image, '::/lower', '::/UPPER', '::/A folder'], { env });
	await run('mattrib', ['+h', '+s', '+r', '-i', image, '::/noext'], { env });
	const found = await rootNames(image);
	// mtools stores it with the flags of lower case, as Windows does, but takes them to be about ASCII where it reads.
	const judged = (await listed(image)).map((name) => (name === 'ÄÖÜ.dat' ? 'äöü.dat' : name));
	expect(found).toEqual(judged);
	expect(found.toSorted()).toEqual([...names, 'lower', 'UPPER', 'A folder'].toSorted());
});

test('shows the short name where an older system left a long one behind', async () => {
	const image = await made(4 * MiB, ['-F', '12']);
	const names = ['first long name.txt', 'second long name.txt', 'third long name.txt', 'fourth long name.txt'];
	for (const name of names) await run('mcopy', ['-i', image, '-', `::/${name}`], { env, input: name });
	const bytes = await readFile(image);
	const shorts = names.map((name) => bytes.indexOf(`${name.slice(0, 6).toUpperCase().trimEnd()}`, 0, 'latin1'));
	expect(shorts.every((at) => at > 0 && at % 32 === 0)).toBe(true);
	// Renamed, deleted, and deleted with another file in its place, as DOS does it: long names stay as they are.
	bytes.write('RENAMED TXT', shorts[0]!, 'latin1');
	bytes[shorts[1]!] = 0xe5;
	bytes.write('OTHER   DAT', shorts[2]!, 'latin1');
	// A piece of the last one is lost.
	bytes[shorts[3]! - 32] = 0xe5;
	await writeFile(image, bytes);
	expect(await rootNames(image)).toEqual(['RENAMED.TXT', 'OTHER.DAT', 'FOURTH~1.TXT']);
	expect(await listed(image)).toEqual(['RENAMED.TXT', 'OTHER.DAT', 'FOURTH~1.TXT']);
});

test('reads times as local ones, as they were written', async () => {
	const image = await made(4 * MiB, []);
	const folder = await temp.folder('zone');
	const path = join(folder, 'file');
	await writeFile(path, '');
	await utimes(path, 1_720_000_000, 1_720_000_000);
	const zone = { TZ: 'Asia/Kolkata' };
	await run('mcopy', ['-m', '-i', image, path, '::/'], { env: { ...env, ...zone } });
	const bytes = await readFile(image);
	const at = bytes.indexOf('FILE       ', 0, 'latin1');
	const dosTime = resolve(import.meta.dirname, '../../../../src/disk/fat-family/dos-time.ts');
	const script = `
		import { fromDosTime } from ${JSON.stringify(dosTime)};
		const [time, date] = [${bytes.readUInt16LE(at + 22)}, ${bytes.readUInt16LE(at + 24)}];
		console.log(fromDosTime({ date, time, milliseconds: 0, minutesEast: undefined }));`;
	const read = async (env: Record<string, string>) =>
		Number((await run(process.execPath, ['--input-type=module', '-e', script], { env })).stdout);
	expect(await read(zone)).toBe(1_720_000_000_000);
	expect(await read({ TZ: 'UTC' })).toBe(1_720_000_000_000 + 5.5 * 3_600_000);
});
