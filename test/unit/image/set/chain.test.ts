import { describe, expect, it } from 'vitest';
import { openChain, openIndexes } from '../../../../src/image/set/chain.ts';
import type { ImageFolder } from '../../../../src/image/set/image-folder.ts';
import { scanFolder } from '../../../../src/image/set/scan-folder.ts';
import { fill } from '../arbitrary.ts';
import { backUp, codec, onlySet, type SetKind } from '../backups.ts';
import { MemoryFolder } from '../memory-folder.ts';
import { disk, errorOf, kind } from '../one-disk.ts';

describe('a chain', () => {
	it('names the file that it lacks', async () => {
		const folder = new MemoryFolder();
		for (const [i, type] of (['full', 'inc', 'inc', 'inc'] as const).entries())
			await backUp(folder, kind, type, [disk(fill(20000, i), [0, 1])]);
		folder.files.delete('0123456789ABCDEF-02-02.mrimgx');
		const set = await onlySet(folder);
		const error = await errorOf(() => openChain(folder, set, set.points.at(-1)!, { codec }));
		expect(error.code).toBe('file-missing');
		expect(error.message).toMatch(/-03-03\.mrimgx needs 0123456789ABCDEF-02-02\.mrimgx/);
		await openChain(folder, set, set.points[1]!, { codec });
	});

	it('refuses files that do not pair', async () => {
		const folder = new MemoryFolder();
		const one = disk(fill(20000, 1), [0]);
		await backUp(folder, kind, 'full', [one]);
		await backUp(folder, kind, 'inc', [one]);
		const other = new MemoryFolder();
		await backUp(other, kind, 'full', [{ ...one, partitions: [one.partitions[0]!, one.partitions[0]!] }]);
		folder.files.set('0123456789ABCDEF-00-00.mrimgx', other.files.get('0123456789ABCDEF-00-00.mrimgx')!);
		const set = await onlySet(folder);
		const error = await errorOf(() => openChain(folder, set, set.points[1]!, { codec }));
		expect(error.message).toMatch(/-00-00\.mrimgx: expected the partitions of .*-01-01\.mrimgx \(1 by disk\), found 2/);
	});

	it('needs a complete index to begin with', async () => {
		const folder = new MemoryFolder();
		for (const type of ['full', 'inc'] as const) await backUp(folder, kind, type, [disk(fill(20000, 1), [0])]);
		const set = await onlySet(folder);
		const point = set.points[1]!;
		const chain = await openChain(folder, set, point, { codec });
		await expect(chain.resolve(0, 1)).rejects.toThrow('No partition 1 on disk 0');
		const error = await errorOf(() => openChain(folder, { ...set, points: [point] }, point, { codec }));
		expect(error.message).toMatch(/-01-01\.mrimgx: the set has no complete index before it/);
	});

	it('closes every file that it opened', async () => {
		const folder = new MemoryFolder();
		for (const type of ['full', 'inc'] as const) await backUp(folder, kind, type, [disk(fill(20000, 1), [0])]);
		let open = 0;
		const counting: ImageFolder = {
			list: () => folder.list(),
			tail: (name, length) => folder.tail(name, length),
			pathOf: (name) => folder.pathOf(name),
			async open(name) {
				const file = await folder.open(name);
				open++;
				return { ...file, close: async () => void open-- };
			},
		};
		const set = await onlySet(folder);
		const point = set.points[1]!;
		const indexes = await openIndexes(counting, set, point, { codec });
		await indexes.resolve(0, 0);
		expect(open).toBe(0);
		const lacking = { ...point, missing: [{ fileNumber: 0, name: 'x', damaged: undefined }] };
		expect((await errorOf(() => openIndexes(counting, set, lacking, { codec }))).code).toBe('file-missing');
		await (await openChain(counting, set, point, { codec })).resolve(0, 0);
		expect(open).toBe(0);
	});

	it('asks for the password', async () => {
		const folder = new MemoryFolder();
		const secret: SetKind = { ...kind, aes: 'aes-256' };
		await backUp(folder, secret, 'full', [disk(fill(20000, 1), [0])]);
		const set = await onlySet(folder);
		const open = (password?: string) => openChain(folder, set, set.points[0]!, { codec, password });
		expect((await errorOf(() => open())).code).toBe('password-needed');
		expect((await errorOf(() => open('other'))).code).toBe('wrong-password');
		expect((await open('secret')).key).toHaveLength(32);
	});

	it('stops when it is told to', async () => {
		const folder = new MemoryFolder();
		await backUp(folder, kind, 'full', [disk(fill(20000, 1), [0])]);
		const set = await onlySet(folder);
		const chain = await openChain(folder, set, set.points[0]!, { codec });
		expect((await errorOf(() => chain.resolve(0, 0, AbortSignal.abort()))).code).toBe('cancelled');
		expect((await errorOf(() => scanFolder(folder, { codec }, AbortSignal.abort()))).code).toBe('cancelled');
	});
});
