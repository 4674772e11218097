import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBytes } from '../../../../src/base/bytes.ts';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { ChangedFile, ImageFiles } from '../../../../src/engine/browse/image-files.ts';
import { PartitionBytes } from '../../../../src/engine/browse/partition-bytes.ts';
import { findPoint, openNamed } from '../../../../src/engine/load/open-image.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { changed, fill, someChanges, someDisks, someKind } from '../../image/arbitrary.ts';
import { backUp, codec, type ModelDisk, type ModelPartition } from '../../image/backups.ts';
import { MemoryFolder } from '../../image/memory-folder.ts';
import { plainSet } from '../image-files.ts';

function written(memory: MemoryFolder, folder: string): void {
	for (const [name, bytes] of memory.files) writeFileSync(join(folder, name), bytes);
}

/** What a partition holds: its reserved bytes and used blocks, zeros elsewhere. */
function expectedBytes({ content, reserved, used, blockSize }: ModelPartition): Uint8Array {
	const bytes = new Uint8Array(content.length);
	bytes.set(content.subarray(0, reserved));
	for (const block of used) {
		const from = reserved + block * blockSize;
		bytes.set(content.subarray(from, from + blockSize), from);
	}
	return bytes;
}

async function opened(file: string, d: number, p: number, password?: string) {
	const named = await findPoint(file, codec);
	const chain = await openNamed(named, codec, password);
	const files = await ImageFiles.of([...chain.files], 20);
	const disk = chain.manifest.disks[d]!._header.disk_number;
	const tools = new FakeMachine().context.createBlockTools();
	return { files, bytes: new PartitionBytes(await chain.resolve(d, p), files, tools, { disk, partition: p + 1 }) };
}

it('gives the bytes of every point of every chain, whatever ranges are read beside each other', async () => {
	await fc.assert(
		fc.asyncProperty(someKind, someDisks, someChanges, fc.nat(), async (kind, first, changes, seed) => {
			const folder = mkdtempSync(join(tmpdir(), 'afterimage-test-'));
			try {
				const memory = new MemoryFolder();
				const states: ModelDisk[][] = [first, changed(first, changes)];
				const full = await backUp(memory, kind, 'full', first);
				const inc = await backUp(memory, kind, 'inc', states[1]!);
				written(memory, folder);
				for (const [i, point] of [full, inc].entries()) {
					const file = join(folder, point.at(-1)!.path.split('/').at(-1)!);
					for (const [d, disk] of states[i]!.entries()) {
						for (const [p, partition] of disk.partitions.entries()) {
							const { bytes, files } = await opened(file, d, p, kind.password);
							const expected = expectedBytes(partition);
							const at = seed % expected.length;
							const ranges = [
								[0, expected.length],
								[at, expected.length],
								[at, Math.min(expected.length, at + 700)],
							] as const;
							const read = await Promise.all(ranges.map(([from, to]) => readBytes(bytes, from, to - from)));
							for (const [r, [from, to]] of ranges.entries()) {
								expect(Buffer.compare(read[r]!, expected.subarray(from, to))).toBe(0);
							}
							await files.close();
						}
					}
				}
			} finally {
				rmSync(folder, { recursive: true });
			}
		}),
		{ numRuns: 60 },
	);
});

describe('a partition of three blocks', () => {
	/** A full whose three blocks lie one after the other from the file's start on. */
	async function made(used = [0, 1, 4]) {
		const folder = tempFolder();
		const memory = new MemoryFolder();
		const content = fill(5 * 4096, 1);
		const disk: ModelDisk = {
			...{ number: 3, format: 'gpt', signature: 'ABCDEF01', track0: fill(1024, 1), ept: [] },
			partitions: [{ start: 1 << 20, blockSize: 4096, content, reserved: 0, used: new Set(used) }],
		};
		await backUp(memory, plainSet, 'full', [disk]);
		written(memory, folder);
		const file = join(folder, [...memory.files.keys()][0]!);
		return { file, content, ...(await opened(file, 0, 0)) };
	}

	function damage(file: string, position: number): void {
		const { atime, mtime } = statSync(file);
		const bytes = readFileSync(file);
		bytes[position]! ^= 0xff;
		writeFileSync(file, bytes);
		utimesSync(file, atime, mtime);
	}

	it('names file, block and range of one that is damaged, and gives the others', async () => {
		const { file, content } = await made();
		damage(file, 4096 + 17);
		const { bytes } = await opened(file, 0, 0);
		const error: unknown = await readBytes(bytes, 0, bytes.size).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({
			code: 'read-error',
			cause: {
				code: 'image-damaged',
				message: expect.stringContaining(
					`Disk 3, partition 1, block 1: bytes 4096 to 8191, at byte 4096 of ${file}: MD5`,
				) as string,
			},
		});
		expect(await readBytes(bytes, 0, 4096)).toEqual(content.slice(0, 4096));
		expect(await readBytes(bytes, 4 * 4096, 4096)).toEqual(content.slice(4 * 4096));
	});

	it('reads neighbours by one call, and what it has read no second time', async () => {
		const { bytes, files } = await made();
		const calls: number[] = [];
		const read = files.read.bind(files);
		files.read = (number, position, target) => {
			calls.push(target.length);
			return read(number, position, target);
		};
		await Promise.all([readBytes(bytes, 0, bytes.size), readBytes(bytes, 100, 5000)]);
		await readBytes(bytes, 0, bytes.size);
		expect(calls).toEqual([3 * 4096]);
	});

	it('reads ahead where blocks are read one after the other, and only there', async () => {
		const { bytes, files, content } = await made([0, 1, 2, 3, 4]);
		const calls: number[] = [];
		const read = files.read.bind(files);
		files.read = (number, position, target) => {
			calls.push(target.length);
			return read(number, position, target);
		};
		for (const block of [2, 0, 1, 3, 4]) {
			expect(await readBytes(bytes, block * 4096, 4096)).toEqual(content.slice(block * 4096, (block + 1) * 4096));
		}
		await bytes.quiet();
		expect(calls).toEqual([4096, 4096, 4096, 2 * 4096]);
	});

	it('tells of damage in a block that was read ahead only those who read it', async () => {
		const { file, content } = await made([0, 1, 2, 3, 4]);
		damage(file, 3 * 4096 + 5);
		const { bytes } = await opened(file, 0, 0);
		await readBytes(bytes, 0, 4096);
		expect(await readBytes(bytes, 4096, 4096)).toEqual(content.slice(4096, 2 * 4096));
		await bytes.quiet();
		await expect(readBytes(bytes, 3 * 4096, 4096)).rejects.toMatchObject({ code: 'read-error' });
		expect(await readBytes(bytes, 4 * 4096, 4096)).toEqual(content.slice(4 * 4096));
	});

	it('writes nothing into memory any more when a read has failed', async () => {
		const { bytes, files } = await made();
		const read = files.read.bind(files);
		files.read = async (number, position, target) => {
			if (position === 0) throw new AfterimageError('read-error', 'no');
			await new Promise((wake) => setTimeout(wake, 20));
			await read(number, position, target);
		};
		const target = new Uint8Array(bytes.size);
		await expect(bytes.read(0, target)).rejects.toMatchObject({ code: 'read-error' });
		target.fill(9);
		await bytes.quiet();
		expect(target.every((byte) => byte === 9)).toBe(true);
	});

	it('takes a file in whose place another has come for no damage, and never reads it', async () => {
		const { file, bytes, files } = await made();
		await readBytes(bytes, 0, 10);
		while (files.open > 0) await new Promise((wake) => setTimeout(wake, 10));
		const copy = readFileSync(file);
		rmSync(file);
		await expect(readBytes(bytes, 4 * 4096, 10)).rejects.toBeInstanceOf(ChangedFile);
		writeFileSync(file, copy);
		await expect(readBytes(bytes, 4 * 4096, 10)).rejects.toBeInstanceOf(ChangedFile);
	});

	it('is read to the end when its files are held, though they are removed', async () => {
		const { file, bytes, files, content } = await made();
		await files.hold();
		rmSync(file);
		expect(await readBytes(bytes, 0, 8192)).toEqual(content.slice(0, 8192));
		await files.close();
	});
});
