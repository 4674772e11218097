import { expect, test } from 'vitest';
import { extDriver } from '../../../../src/disk/ext/driver.ts';
import { fileSource, sparseFile } from '../../../support/byte-files.ts';
import { mounted } from '../../../support/mounted.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const temp = useTempFolder();
requireRoot();
requireTools(['mke2fs', 'dumpe2fs', 'mkfs.xfs']);

const tebibyte = 2 ** 40;

/** Sorted ranges without overlaps, from ranges in any order. */
function merge(ranges: [number, number][]): [number, number][] {
	const merged: [number, number][] = [];
	for (const [start, end] of ranges.sort((a, b) => a[0] - b[0])) {
		const last = merged.at(-1);
		if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
		else merged.push([start, end]);
	}
	return merged;
}

test('20 TiB, block numbers above 2^32', { timeout: 300_000 }, async () => {
	// ext4 files end at 16 TiB, so an XFS holds this one.
	const host = await sparseFile(temp.file('host.img'), 2 * 1024 ** 3);
	await run('mkfs.xfs', ['-q', host]);
	await mounted(host, ['-o', 'loop'], async (folder) => {
		const image = await sparseFile(`${folder}/huge.img`, 20 * tebibyte);
		const extended = 'lazy_itable_init=1,lazy_journal_init=1,nodiscard';
		const args = ['-q', '-F', '-t', 'ext4', '-O', 'sparse_super2', '-J', 'size=4', '-E', extended, '-i', '4194304'];
		await run('mke2fs', [...args, image]);
		const source = await fileSource(image);
		const ranges: [number, number][] = [];
		const started = performance.now();
		const fileSystem = (await extDriver.open(source, {}))!;
		await fileSystem.collectUsed({ add: (start, end) => ranges.push([start / 4096, end / 4096]) });
		console.log(`20 TiB opened and mapped in ${Math.round(performance.now() - started)} ms`);
		await source.close();

		const text = (await run('dumpe2fs', [image])).stdout;
		const expected: [number, number][] = [];
		let next = 0;
		for (const [, list] of text.matchAll(/^ {2}Free blocks: (.+)$/gm)) {
			for (const [, from, to] of list!.matchAll(/(\d+)(?:-(\d+))?/g)) {
				if (Number(from) > next) expected.push([next, Number(from)]);
				next = Number(to ?? from) + 1;
			}
		}
		const blocks = (20 * tebibyte) / 4096;
		if (next < blocks) expected.push([next, blocks]);
		expect(merge(ranges)).toEqual(merge(expected));
		expect(merge(ranges).at(-1)![0]).toBeGreaterThan(2 ** 32);
		const free = Number(/^Free blocks: +(\d+)/m.exec(text)![1]);
		expect(fileSystem.info.free).toBe(free * 4096);
		expect(fileSystem.info.size).toBe(20 * tebibyte);
	});
});
