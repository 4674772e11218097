import { createHash } from 'node:crypto';
import { mkdir, open, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ByteSource, MemoryBytes } from '../../../../src/base/bytes.ts';
import { isAfterimageError } from '../../../../src/base/errors.ts';
import { extDriver } from '../../../../src/disk/ext/driver.ts';
import type { FolderNode } from '../../../../src/disk/files.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { askExtents, decompressors } from '../../../support/walk-tree.ts';

const temp = useTempFolder();
requireRoot();
requireTools(['mke2fs']);

const megabyte = 1024 * 1024;

/** Damaged volumes of each kind. */
const cases = 300;

/** Bytes of a file that are read: a damaged size may be one of terabytes. */
const readLength = 64 * 1024;

/** Remembers what is read apart from the contents of files, and refuses to be read without end. */
class WatchedVolume implements ByteSource {
	readonly size: number;
	readonly contents = new Uint8Array(readLength);
	readonly structures: [number, number][] = [];
	#left = 20_000;
	readonly #bytes: MemoryBytes;

	constructor(bytes: Uint8Array) {
		this.#bytes = new MemoryBytes(bytes);
		this.size = bytes.length;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		if (--this.#left < 0) throw new Error('too many reads');
		if (target.buffer !== this.contents.buffer) this.structures.push([offset, offset + target.length]);
		await this.#bytes.read(offset, target);
	}
}

/** What every path gives: a digest, a target, `folder`, or the code of the error. Anything else thrown fails the test. */
async function walk(volume: WatchedVolume): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	const attempt = async (path: string, work: () => Promise<string>): Promise<void> => {
		if (found.size > 3000) throw new Error('too many files');
		try {
			found.set(path, await work());
		} catch (error) {
			if (!isAfterimageError(error)) throw error;
			expect(['structure-damaged', 'not-supported', 'read-error']).toContain(error.code);
			found.set(path, `! ${error.message}`);
		}
	};
	const visit = async (folder: FolderNode, path: string): Promise<void> => {
		for (const node of await folder.list()) {
			const inner = `${path}/${node.name}`;
			await askExtents(node, volume.size);
			expect(node.name).toMatch(/^[^/\0]+$/);
			await attempt(inner, async () => {
				if (node.kind === 'damaged') return `! ${node.reason}`;
				if (node.kind === 'special') return node.what;
				if (node.kind === 'link') return `-> ${await node.target()}`;
				if (node.kind === 'folder') {
					await visit(node, inner);
					return 'folder';
				}
				const source = await node.open();
				const length = Math.min(source.size, readLength);
				const hash = createHash('sha256').update(String(source.size));
				const part = volume.contents.subarray(0, length);
				for (const from of [0, Math.floor((source.size - length) / 2), source.size - length]) {
					await source.read(from, part);
					hash.update(part);
				}
				return hash.digest('hex');
			});
		}
	};
	await attempt('', async () => {
		const fileSystem = await extDriver.open(volume, {});
		if (fileSystem === undefined) return '! not recognised';
		const tree = await fileSystem.openFiles!({ decompressors });
		await visit(tree.root, '');
		return 'folder';
	});
	return found;
}

/** A small volume of all that has structures of its own: folders with and without index, long maps, links, short files. */
async function make(args: readonly string[]): Promise<Uint8Array> {
	const image = await sparseFile(temp.file('image.img'), 4 * megabyte);
	await run('mke2fs', ['-q', '-F', '-b', '1024', '-N', '512', ...args, image]);
	const random = randomNumbers(1);
	await mounted(image, ['-o', 'loop'], async (folder) => {
		for (const path of ['a', 'a/b', 'a/b/c', 'many']) await mkdir(join(folder, path));
		for (let i = 0; i < 120; i++) await writeFile(join(folder, `many/a name of some length ${i}`), `${i}`);
		for (const length of [10, 100, 5000, 30_000, 400_000])
			await writeFile(join(folder, `a/b/${length}`), random.fill(new Uint8Array(length)));
		const pieces = await open(join(folder, 'a/pieces'), 'w');
		for (let i = 0; i < 200; i++) await pieces.write(random.fill(new Uint8Array(1000)), 0, 1000, i * 3000);
		await pieces.close();
		await symlink('short', join(folder, 'a/b/c/short'));
	});
	return new Uint8Array(await readFile(image));
}

/** Changes 1 to 4 bytes at some of the places; returns those. */
function spoil(bytes: Uint8Array, places: readonly number[], random: ReturnType<typeof randomNumbers>): number[] {
	return Array.from({ length: 1 + random.below(4) }, () => {
		const place = places[random.below(places.length)]!;
		bytes[place]! ^= random.below(3) === 0 ? 1 << random.below(8) : 1 + random.below(255);
		return place;
	});
}

test.each([
	{ name: 'ext4 with checksums', args: ['-t', 'ext4', '-O', '^has_journal'], checksums: true },
	{ name: 'ext4 with inline data', args: ['-t', 'ext4', '-O', '^has_journal,inline_data'], checksums: true },
	{ name: 'ext4 without checksums', args: ['-t', 'ext4', '-O', '^has_journal,^metadata_csum'], checksums: false },
	{
		name: 'ext4 with inline data, without checksums',
		args: ['-t', 'ext4', '-O', '^has_journal,inline_data,^metadata_csum'],
		checksums: false,
	},
	{ name: 'ext2', args: ['-t', 'ext2'], checksums: false },
])('$name: damage is found or harmless, and never more', { timeout: 120_000 }, async ({ args, checksums }) => {
	const bytes = await make(args);
	const sound = new WatchedVolume(bytes);
	const expected = await walk(sound);
	expect(expected.size).toBeGreaterThan(130);
	expect([...expected.values()].filter((value) => value.startsWith('!'))).toEqual([]);
	const structures = new Set<number>();
	for (const [start, end] of sound.structures) for (let at = start; at < end; at++) structures.add(at);
	// Zeros are mostly room that nobody looks at.
	const places = [...structures].filter((place) => bytes[place] !== 0);
	const random = randomNumbers(places.length);
	let damaged = 0;
	for (let i = 0; i < cases; i++) {
		const spoilt = bytes.slice();
		const changed = spoil(spoilt, places, random);
		const found = await walk(new WatchedVolume(spoilt));
		if ([...found.values()].some((value) => value.startsWith('!'))) damaged++;
		if (!checksums) continue;
		for (const [path, value] of found) {
			if (!value.startsWith('!')) expect([changed, path, value]).toEqual([changed, path, expected.get(path)]);
		}
	}
	console.log(`${args.join(' ')}: damage seen in ${damaged} of ${cases}`);
	expect(damaged).toBeGreaterThan(checksums ? cases * 0.95 : cases * 0.05);
});
