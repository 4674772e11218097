import { describe, expect, it } from 'vitest';
import { AfterimageError, type ErrorRecord } from '../../../../src/base/errors.ts';
import type { FolderNode, TreeNode } from '../../../../src/disk/files.ts';
import { walkFiles } from '../../../../src/engine/file-walk/walk-files.ts';
import { damagedNode, file, folder, link, treeOf } from '../fake-tree.ts';

async function walked(nodes: readonly TreeNode[], signal = new AbortController().signal) {
	const seen: string[] = [];
	const visitor = {
		begin: () => ({ ranges: [] as number[][], add: (start: number, end: number) => void seen.push(`${start}-${end}`) }),
		end: ({ path, node }: { path: string; node: TreeNode }) => void seen.push(`${node.kind} ${path}`),
		unreadable: ({ path }: { path: string }, _: unknown, { code, message }: ErrorRecord) =>
			void seen.push(`${path}: ${code} ${message}`),
	};
	await walkFiles(treeOf(nodes), visitor, signal);
	return seen;
}

const broken = (code: 'structure-damaged' | 'read-error' | 'not-supported' | 'file-missing', text: string) => () =>
	Promise.reject(new AfterimageError(code, text));

describe('a walk through a file system', () => {
	it('visits everything once and asks where files and folders lie', async () => {
		const placed = {
			...file('b', 'x'),
			collectExtents: (sink: { add(start: number, end: number): void }) => Promise.resolve(sink.add(5, 9)),
		};
		expect(await walked([folder('a', [placed, link('l', 'b')]), file('c', '')])).toEqual([
			'folder ',
			'file c',
			'folder a',
			'5-9',
			'file a/b',
			'link a/l',
		]);
	});

	it('goes on behind what cannot be read, and tells it once with the reason', async () => {
		const unlisted: FolderNode = {
			...folder('f', []),
			list: broken('read-error', 'no block'),
			collectExtents: broken('structure-damaged', 'no chain'),
		};
		const seen = await walked([
			unlisted,
			{ ...file('g', ''), collectExtents: broken('not-supported', 'elsewhere') },
			{ ...link('l', ''), target: broken('structure-damaged', 'a NUL') },
			damagedNode('d', 'no record'),
			file('last', ''),
		]);
		expect(seen).toEqual([
			'folder ',
			'g: not-supported elsewhere',
			'l: image-damaged a NUL',
			'd: image-damaged no record',
			'file last',
			'f: image-damaged no chain',
		]);
	});

	it('ends at what is no damage', async () => {
		const gone = { ...file('g', ''), collectExtents: broken('file-missing', 'replaced') };
		await expect(walked([gone])).rejects.toThrow('replaced');
	});

	it('ends when it is cancelled, though nothing in it waits', async () => {
		const endless: FolderNode = { ...folder('e', []), list: () => Promise.resolve([file('x', ''), endless]) };
		const controller = new AbortController();
		setTimeout(() => controller.abort(), 100);
		const started = performance.now();
		await expect(walked([endless], controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
		expect(performance.now() - started).toBeLessThan(1000);
	});

	it('comes back from folders that lie deep', async () => {
		let deep = folder('bottom', [file('x', '')]);
		for (let i = 0; i < 20_000; i++) deep = folder('d', [deep]);
		const seen = await walked([deep]);
		expect(seen).toHaveLength(20_003);
		expect(seen.at(-1)).toMatch(/\/d\/bottom\/x$/);
	});
});
