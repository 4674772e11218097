import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { FileTree } from '../../../../src/disk/files.ts';
import { xfsDriver } from '../../../../src/disk/xfs/driver.ts';
import { fileSource, sha256, sparseFile } from '../../../support/byte-files.ts';
import { hashTree } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { decompressors, hashFileTree } from '../../../support/walk-tree.ts';
import { factsOfFolder, factsOfTree, fillMounted } from './filled.ts';
import { linkLengths, prototype, targetOf } from './prototype.ts';

requireRoot();
requireTools(['mkfs.xfs', 'xfs_db', 'fallocate', 'setfattr', 'mount']);
const temp = useTempFolder();
const mebibyte = 1024 * 1024;

/** Makes mkfs.xfs, which refuses less than 300 MiB or one group today, lenient as for its own tests. */
const lenient = { TEST_DEV: '1', TEST_DIR: '1', QA_CHECK_FS: '1' };

async function make(options: string, size = 160): Promise<string> {
	const image = await sparseFile(temp.file('volume'), size * mebibyte);
	const words = options.split(' ').filter((word) => word !== '');
	await run('mkfs.xfs', ['-q', ...words, image], { env: lenient });
	return image;
}

async function withFiles<T>(image: string, fn: (tree: FileTree) => Promise<T>): Promise<T> {
	const source = await fileSource(image);
	try {
		const fileSystem = await xfsDriver.open(source, {});
		return await fn(await fileSystem!.openFiles!({ decompressors }));
	} finally {
		await source.close();
	}
}

/** Values of fields by xfs_db, after going to the place that the commands name. */
async function fields(image: string, place: readonly string[], names: string): Promise<string> {
	const commands = [...place, `p ${names}`].flatMap((command) => ['-c', command]);
	return (await run('xfs_db', ['-r', ...commands, image])).stdout;
}

const cases: [name: string, options: string, blockSize: number, entries: number][] = [
	['the defaults', '', 4096, 20_000],
	['reverse map, several groups', '-m rmapbt=1,reflink=1 -d agcount=4', 4096, 3000],
	['blocks of 1 KiB, 8 groups', '-b size=1024 -d agcount=8', 1024, 20_000],
	['little metadata, old times', '-m finobt=0,rmapbt=0,reflink=0,inobtcount=0,bigtime=0 -d agcount=1', 4096, 3000],
	['sectors of 4 KiB', '-s size=4096 -m inobtcount=1', 4096, 3000],
	['folder blocks of 8 KiB, extent counts of 64 bits', '-n size=8192 -i nrext64=1 -m bigtime=1', 4096, 3000],
	['folder blocks of 64 KiB, blocks of 1 KiB', '-b size=1024 -n size=65536 -i nrext64=0', 1024, 3000],
	['blocks of 16 KiB, inodes of 1 KiB', '-b size=16384 -i sparse=0,size=1024', 16384, 3000],
	['inodes of 2 KiB', '-i size=2048', 4096, 3000],
];

test.each(cases)('a volume with %s has the files that the kernel shows', async (name, options, blockSize, entries) => {
	const image = await make(options, 192);
	const reflink = /reflink = *1/.test((await run('xfs_db', ['-r', '-c', 'info', image])).stdout) && blockSize <= 4096;
	const { hashes, facts } = await mounted(image, ['-o', 'loop'], async (folder) => {
		await fillMounted(folder, name.length, { files: 200, blockSize, entries, reflink });
		return { hashes: await hashTree(folder), facts: await factsOfFolder(folder) };
	});
	// The samples are what they are meant to be: a B+tree of extents, a folder of several blocks, links out of line.
	expect(await fields(image, ['path /in-pieces'], 'core.format')).toMatch(/btree/);
	expect(await fields(image, ['path /many'], 'core.format')).not.toMatch(/local/);
	if (!options.includes('-i s')) {
		expect(await fields(image, ['path /link-of-1000'], 'core.format')).toMatch(/extents/);
		expect(await fields(image, ['path /some'], 'core.format')).toMatch(/extents/);
	}
	await withFiles(image, async (tree) => {
		expect(tree.caseSensitive).toBe(true);
		expect(await factsOfTree(tree)).toEqual(facts);
		expect(await hashFileTree(tree)).toEqual(hashes);
	});
});

test('names that are no UTF-8 are shown by their bytes', async () => {
	const image = await make('', 64);
	await mounted(image, ['-o', 'loop'], async (folder) => {
		await writeFile(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9])]), 'latin');
		expect(await readdir(folder)).toHaveLength(1);
	});
	const names = await withFiles(image, async ({ root }) => (await root.list()).map(({ name }) => name));
	expect(names).toEqual(['caf\\xe9']);
});

test.each([
	['without kinds in folders', '-n ftype=0', 800, true],
	['with kinds in folders', '-n ftype=1', 30, true],
	['with blocks of 512 bytes', '-b size=512 -n size=4096', 2000, true],
	['with names without regard to case', '-n version=ci', 2000, false],
] as const)('version 4, filled by mkfs, %s', async (_, options, entries, caseSensitive) => {
	const content = temp.file('content');
	await writeFile(content, randomNumbers(4).fill(new Uint8Array(700_000)));
	await writeFile(temp.file('prototype'), prototype(content, entries));
	const image = await make(`-m crc=0 ${options} -p ${temp.file('prototype')}`, 64);
	await withFiles(image, async (tree) => {
		expect(tree.caseSensitive).toBe(caseSensitive);
		const hash = await sha256(content);
		const found = await hashFileTree(tree);
		const expected = new Map<string, string>([
			['content', hash],
			['folder', 'folder'],
			['folder/inner', 'folder'],
			['folder/inner/content', hash],
			['many', 'folder'],
		]);
		const empty = createHash('sha256').digest('hex');
		for (let i = 0; i < entries; i++) expected.set(`many/entry-number-${i}`, empty);
		for (const length of linkLengths) expected.set(`link${length}`, `-> ${targetOf(length)}`);
		expect(new Map([...found].sort())).toEqual(new Map([...expected].sort()));
		const facts = await factsOfTree(tree);
		expect(facts.get('content')).toMatch(/^file of 700000, mode 4755, changed \d+$/);
		expect(facts.get('folder/block')).toMatch(/^block device, mode 640,/);
		expect(facts.get('folder/character')).toMatch(/^character device, mode 666,/);
		expect(facts.get('folder/pipe')).toMatch(/^pipe, mode 600,/);
		const changed = Number(/\d+$/.exec(facts.get('many/entry-number-0')!)![0]);
		expect(Math.abs(Date.now() - changed)).toBeLessThan(3_600_000);
	});
});
