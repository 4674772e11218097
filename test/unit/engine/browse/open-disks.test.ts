import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBytes } from '../../../../src/base/bytes.ts';
import { openDisks } from '../../../../src/engine/browse/open-disks.ts';
import { extentsOf, type SparseSource } from '../../../../src/engine/browse/sparse-source.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { gptBytes } from '../../../support/fakes/sample-disk.ts';
import { changed, someChanges, someDisks, someKind } from '../../image/arbitrary.ts';
import { backUp, type ModelDisk, type ModelPartition } from '../../image/backups.ts';
import { MemoryFolder } from '../../image/memory-folder.ts';
import { makeChain } from '../image-files.ts';

const mebibyte = 2 ** 20;

/** Byte ranges of a source that are stored. */
function storedOf(source: SparseSource, from = 0, to = source.size): [number, number][] {
	const ranges: [number, number][] = [];
	let at = from;
	for (const { end, stored } of extentsOf(source, from, to)) {
		if (stored) ranges.push([at, end]);
		at = end;
	}
	return ranges;
}

/** The same of a partition as the test made it, and its bytes. */
function modelOf({ content, reserved, used, blockSize }: ModelPartition) {
	const bytes = new Uint8Array(content.length);
	const stored = new Uint8Array(content.length);
	const take = (from: number, to: number) => {
		bytes.set(content.subarray(from, to), from);
		stored.fill(1, from, to);
	};
	take(0, reserved);
	for (const block of used) take(reserved + block * blockSize, reserved + (block + 1) * blockSize);
	const ranges: [number, number][] = [];
	for (let at = 0; at < stored.length; at++) {
		if (stored[at] === 0) continue;
		const from = at;
		while (stored[at] === 1) at++;
		ranges.push([from, at]);
	}
	return { bytes, ranges };
}

it('has every partition in its place and a table of the same disk, at every point of every chain', async () => {
	await fc.assert(
		fc.asyncProperty(someKind, someDisks, someChanges, async (kind, first, changes) => {
			const folder = mkdtempSync(join(tmpdir(), 'afterimage-test-'));
			try {
				const memory = new MemoryFolder();
				const numbered = first.map((disk, d): ModelDisk => {
					const partitions = disk.partitions.map(({ start, content }) => ({ start, length: content.length }));
					const table = gptBytes(2 ** 30, partitions).slice(0, mebibyte);
					return { ...disk, number: d, format: 'gpt', track0: table, ept: [] };
				});
				const states: ModelDisk[][] = [numbered, changed(numbered, changes)];
				const points = [await backUp(memory, kind, 'full', numbered), await backUp(memory, kind, 'inc', states[1]!)];
				for (const [name, bytes] of memory.files) writeFileSync(join(folder, name), bytes);
				for (const [i, point] of points.entries()) {
					const file = join(folder, point.at(-1)!.path.split('/').at(-1)!);
					const opened = await openDisks(file, undefined, kind.password, new FakeMachine().context);
					const { disks } = opened;
					expect(disks.map(({ number }) => number)).toEqual([...states[i]!.keys()]);
					for (const { number, bytes, partitions, warnings } of disks) {
						expect(warnings).toEqual([]);
						const { track0, partitions: models } = states[i]![number]!;
						expect(Buffer.compare(await readBytes(bytes, 0, 34 * 512), track0.subarray(0, 34 * 512))).toBe(0);
						const backup = 2 ** 30 - 33 * 512;
						expect(storedOf(bytes, backup - mebibyte)).toEqual([[backup, 2 ** 30]]);
						expect(Buffer.from(await readBytes(bytes, 2 ** 30 - 512, 8)).toString()).toBe('EFI PART');
						for (const [p, model] of models.entries()) {
							const { bytes: expected, ranges } = modelOf(model);
							const found = await readBytes(bytes, model.start, expected.length);
							expect(Buffer.compare(found, expected)).toBe(0);
							expect(storedOf(partitions[p]!.bytes)).toEqual(ranges);
							const onDisk = storedOf(bytes, model.start, model.start + expected.length);
							expect(onDisk).toEqual(ranges.map(([from, to]) => [model.start + from, model.start + to]));
						}
					}
					await opened.close();
				}
			} finally {
				rmSync(folder, { recursive: true });
			}
		}),
		{ numRuns: 15 },
	);
});

describe('opening', () => {
	const { context } = new FakeMachine();

	it('takes one disk, and says which there are', async () => {
		const { files } = await makeChain();
		const opened = await openDisks(files[2]!, 0, undefined, context);
		expect(opened.disks.map(({ number }) => number)).toEqual([0]);
		await opened.close();
		await expect(openDisks(files[2]!, 3, undefined, context)).rejects.toMatchObject({
			code: 'invalid-argument',
			message: `${files[2]} has no disk 3; it has 0`,
		});
	});

	it('reads on when the files of the chain have gone', async () => {
		const { folder, files } = await makeChain();
		const opened = await openDisks(files[2]!, 0, undefined, context);
		for (const name of readdirSync(folder)) rmSync(join(folder, name));
		expect((await readBytes(opened.disks[0]!.bytes, mebibyte, 1))[0]).toBe(2);
		await opened.close();
	});
});
