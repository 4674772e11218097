import { link, lstat, mkdir, open, readdir, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileTree } from '../../../../src/disk/files.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { hashFileTree, walkTree } from '../../../support/walk-tree.ts';
import { makeNtfs, mountedNtfs, mountedReadOnly, ntfsTools } from './tools.ts';
import { withTree } from './tree.ts';

requireTools([...ntfsTools, 'ntfsls', 'ntfscat']);
requireRoot();
const temp = useTempFolder();

const mib = 1024 * 1024;

/** Size and time of every entry of a mounted volume. */
async function factsOfFolder(folder: string): Promise<Map<string, string>> {
	const facts = new Map<string, string>();
	const visit = async (relative: string): Promise<void> => {
		for (const name of await readdir(join(folder, relative))) {
			const path = join(relative, name);
			const stat = await lstat(join(folder, path), { bigint: true });
			const size = stat.isFile() ? stat.size : 0n;
			facts.set(path, `${size} bytes, ${stat.mtimeNs / 1_000_000n}`);
			if (stat.isDirectory()) await visit(path);
		}
	};
	await visit('');
	return facts;
}

async function factsOfTree(tree: FileTree): Promise<Map<string, string>> {
	const facts = new Map<string, string>();
	await walkTree(tree, (path, node) => {
		expect(node.mode).toBeUndefined();
		facts.set(path, `${node.kind === 'file' ? node.size : 0} bytes, ${node.modified}`);
	});
	return facts;
}

/** Holds the tree to what ntfs-3g shows of the same volume. @returns how many entries there are */
async function compare(image: string): Promise<number> {
	const [hashes, facts] = await mountedReadOnly(image, async (folder) => [
		await hashTree(folder),
		await factsOfFolder(folder),
	]);
	await withTree(image, async (tree) => {
		expect(tree.caseSensitive).toBe(false);
		expect(await hashFileTree(tree)).toEqual(hashes);
		expect(await factsOfTree(tree)).toEqual(facts);
	});
	return facts.size;
}

async function writeAt(path: string, at: number, data: Uint8Array): Promise<void> {
	const handle = await open(path, 'r+');
	await handle.write(data, 0, data.length, at);
	await handle.close();
}

/** Files that ntfs-3g compresses: units that shrink, units that do not, holes, and units that were written twice. */
async function addCompressed(folder: string): Promise<void> {
	const random = randomNumbers(5);
	const noise = random.fill(new Uint8Array(300_000));
	const text = Buffer.from('The same line, again and again.\n'.repeat(20_000));
	await mkdir(folder);
	await run('setfattr', ['-h', '-n', 'system.ntfs_attrib_be', '-v', '0x00000810', folder]);
	await writeFile(join(folder, 'text.txt'), text);
	await writeFile(join(folder, 'noise.bin'), noise);
	await writeFile(join(folder, 'zeros.bin'), new Uint8Array(200_000));
	await writeFile(join(folder, 'tiny.txt'), 'abc');
	await writeFile(join(folder, 'mixed.bin'), Buffer.concat([text.subarray(0, 100_001), noise, text, noise]));
	await writeFile(join(folder, 'numbers.txt'), Array.from({ length: 60_000 }, (_, i) => `${i} `).join(''));
	await writeFile(join(folder, 'hole.bin'), text.subarray(0, 70_000));
	await writeAt(join(folder, 'hole.bin'), 900_000, noise.subarray(0, 5000));
	await writeFile(join(folder, 'cut.txt'), text);
	await truncate(join(folder, 'cut.txt'), 123_457);
	await writeFile(join(folder, 'grown.txt'), text.subarray(0, 99_999));
	await truncate(join(folder, 'grown.txt'), 500_000);
}

async function addOthers(folder: string): Promise<void> {
	const random = randomNumbers(8);
	await writeFile(join(folder, 'one.bin'), random.fill(new Uint8Array(70_000)));
	await mkdir(join(folder, 'links'));
	await link(join(folder, 'one.bin'), join(folder, 'links', 'two.bin'));
	await link(join(folder, 'one.bin'), join(folder, 'THREE.BIN'));
	// The copies of size and time beside the other names are old from now on.
	await writeAt(join(folder, 'one.bin'), 69_000, random.fill(new Uint8Array(30_000)));
	await utimes(join(folder, 'THREE.BIN'), 1_000_000_000.125, 987_654_321.987);
	await writeFile(join(folder, 'old.txt'), 'before 1970');
	await utimes(join(folder, 'old.txt'), -5_000_000, -4_999_999.75);
	await writeFile(join(folder, 'with a long name and a short.text'), 'DOS');
	const short = Buffer.from('WITHAL~1.TEX').toString('hex');
	await run('setfattr', [
		'-n',
		'system.ntfs_dos_name',
		'-v',
		`0x${short}`,
		join(folder, 'with a long name and a short.text'),
	]);
	await writeFile(join(folder, 'with stream.txt'), 'plain');
	await run('setfattr', ['-n', 'user.other', '-v', `0x${'5a'.repeat(20_000)}`, join(folder, 'with stream.txt')]);
	for (const length of [1, 300, 699, 700, 701, 1023, 4095, 4096, 4097, 65_535, 65_536, 65_537])
		await writeFile(join(folder, `${length}.bin`), random.fill(new Uint8Array(length)));
	await symlink('../Ordner-ü/日本語', join(folder, 'links', 'Verknüpfung 🗝'));
	await writeFile(join(folder, 'links', 'Schlüssel 🗝 \\ " < | * ?.txt'), 'not for Windows');
	await writeFile(join(folder, 'ends early.bin'), random.fill(new Uint8Array(10_000)));
	await truncate(join(folder, 'ends early.bin'), 3 * mib);
}

describe('the files of a volume, as ntfs-3g shows them', () => {
	test.each([
		{ name: 'clusters of 512 bytes', size: 60, args: ['-Q', '-c', '512'], compressed: true },
		{ name: 'clusters of 4 KiB', size: 100, args: ['-Q', '-c', '4096'], compressed: true },
		{ name: 'clusters of 64 KiB', size: 150, args: ['-Q', '-c', '65536'], compressed: false },
		{ name: 'clusters of 2 MiB', size: 600, args: ['-Q', '-c', '2097152'], compressed: false, files: 30 },
		{ name: 'sectors of 4 KiB', size: 100, args: ['-Q', '-s', '4096'], compressed: true },
	])('$name', async ({ size, args, compressed, files = 300 }) => {
		const image = await makeNtfs(temp.file('volume.img'), size, args);
		await mountedNtfs(image, async (folder) => {
			await fillFolder(folder, size, { files, bytes: 15 * mib, unicode: true, links: true });
			await addOthers(folder);
			if (compressed) await addCompressed(join(folder, 'compressed'));
		});
		expect(await compare(image)).toBeGreaterThan(files / 2);
	});

	test('a folder of 20,000 names', async () => {
		const image = await makeNtfs(temp.file('volume.img'), 100, ['-Q', '-c', '1024']);
		await mountedNtfs(image, async (folder) => {
			await mkdir(join(folder, 'many'));
			for (let i = 0; i < 20_000; i++)
				await writeFile(join(folder, 'many', `name ${i * 7919}`), i % 50 === 0 ? 'x' : '');
			for (let i = 0; i < 5; i++) await writeFile(join(folder, 'many', `last ${i}`), 'y');
		});
		expect(await compare(image)).toBe(20_006);
	});

	test('a file in so many pieces that it takes an attribute list', async () => {
		const image = await makeNtfs(temp.file('volume.img'), 60, ['-Q', '-c', '512']);
		const random = randomNumbers(12);
		await mountedNtfs(image, async (folder) => {
			const piece = new Uint8Array(512);
			const [a, b, c] = await Promise.all(['a', 'b', 'holes'].map((name) => open(join(folder, name), 'w')));
			for (let i = 0; i < 4000; i++) {
				await a!.write(random.fill(piece));
				await b!.write(random.fill(piece));
				if (i % 2 === 0) await c!.write(random.fill(piece), 0, 512, i * 1024);
			}
			await Promise.all([a, b, c].map((handle) => handle!.close()));
			await mkdir(join(folder, 'compressed'));
			await run('setfattr', ['-h', '-n', 'system.ntfs_attrib_be', '-v', '0x00000810', join(folder, 'compressed')]);
			const text = Array.from({ length: 900_000 }, (_, i) => `${i} `).join('');
			await writeFile(join(folder, 'compressed', 'text'), text);
		});
		for (const path of ['holes', 'compressed/text']) {
			const { stdout } = await run('ntfsinfo', ['-F', path, '-v', image]);
			expect(stdout, path).toContain('Dumping attribute $ATTRIBUTE_LIST');
		}
		expect(await compare(image)).toBe(5);
	});
});
