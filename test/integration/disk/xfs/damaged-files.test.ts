import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MemoryBytes, type ByteSource } from '../../../../src/base/bytes.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { mounted } from '../../../support/mounted.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { walkTree } from '../../../support/walk-tree.ts';
import { openFiles, treeText } from '../../../unit/disk/xfs/tree-text.ts';
import { fillMounted } from './filled.ts';
import { prototype } from './prototype.ts';

requireRoot();
requireTools(['mkfs.xfs', 'fallocate', 'setfattr', 'mount']);
const temp = useTempFolder();

/** Makes mkfs.xfs, which refuses less than 300 MiB or one group today, lenient as for its own tests. */
const lenient = { TEST_DEV: '1', TEST_DIR: '1', QA_CHECK_FS: '1' };

/** Where bytes are read that lead to the contents of files, but not those contents. */
async function metadataRanges(volume: ByteSource): Promise<{ start: number; length: number }[]> {
	const ranges = new Map<number, number>();
	const recording: ByteSource = {
		size: volume.size,
		read: (offset, target) => {
			ranges.set(offset, target.length);
			return volume.read(offset, target);
		},
	};
	await walkTree(await openFiles(recording), async (_, node) => {
		if (node.kind === 'file') await node.open();
		if (node.kind === 'link') await node.target();
	});
	return [...ranges].map(([start, length]) => ({ start, length }));
}

/** The last is the least number of faults that are told: without checksums, many a change is none that shows. */
const cases = [
	['version 5, filled by the kernel', '-b size=1024', 60, 5, 100],
	['version 4, filled by mkfs', '-m crc=0', 400, 4, 20],
] as const;

test.each(cases)(
	'changed bytes of a volume of %s end in damage, errors or what was there',
	async (_, options, entries, version, least) => {
		const image = await sparseFile(temp.file('volume'), 64 * 1024 * 1024);
		const content = temp.file('content');
		await writeFile(content, randomNumbers(4).fill(new Uint8Array(70_000)));
		await writeFile(temp.file('prototype'), prototype(content, entries));
		const filling = version === 4 ? ['-p', temp.file('prototype')] : [];
		await run('mkfs.xfs', ['-q', ...options.split(' '), ...filling, image], { env: lenient });
		if (version === 5) {
			await mounted(image, ['-o', 'loop'], (folder) =>
				fillMounted(folder, 5, { files: 60, blockSize: 1024, entries, reflink: false }),
			);
		}
		const volume = new MemoryBytes(await readFile(image));
		const pristine = await treeText(volume);
		expect([...pristine.values()].filter((text) => /damaged: |read-error: /.test(text))).toEqual([]);
		const ranges = await metadataRanges(volume);
		const random = randomNumbers(version);
		let told = 0;
		for (let round = 0; round < 300; round++) {
			const before: { at: number; value: number }[] = [];
			for (let flips = 1 + random.below(4); flips > 0; flips--) {
				const { start, length } = ranges[random.below(ranges.length)]!;
				const at = start + random.below(random.below(2) === 0 ? length : Math.min(length, 64));
				before.push({ at, value: volume.bytes[at]! });
				volume.bytes[at]! ^= 1 << random.below(8);
			}
			const text = await treeText(volume);
			for (const [path, found] of text) {
				if (/^(damaged|structure-damaged|read-error|not-supported): /.test(found)) told++;
				else if (version === 5) expect(found).toBe(pristine.get(path));
			}
			for (const { at, value } of before.reverse()) volume.bytes[at] = value;
		}
		expect(told).toBeGreaterThan(least);
	},
);

test('a volume that is mounted has the files that were at their places by then', async () => {
	const image = await sparseFile(temp.file('dirty'), 64 * 1024 * 1024);
	await run('mkfs.xfs', ['-q', image], { env: lenient });
	await mounted(image, ['-o', 'loop'], (folder) => writeFile(join(folder, 'old'), 'was there'));
	const live = await mounted(image, ['-o', 'loop'], async (folder) => {
		await writeFile(join(folder, 'new'), 'is in the log');
		await run('sync', ['-f', folder]);
		return readFile(image);
	});
	expect((await treeText(new MemoryBytes(live))).get('/old')).toMatch(/ 9 was there/);
});
