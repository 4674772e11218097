import { cp, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PartitionDamage } from '../../../../src/engine/file-walk/results.ts';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import type { RestoreResult } from '../../../../src/engine/requests/restore.ts';
import type { VerifyResult } from '../../../../src/engine/requests/verify.ts';
import { noiseFile } from '../../../support/byte-files.ts';
import { afterimage, afterimageResult } from '../../../support/cli.ts';
import { damageBlock } from '../../../support/damage-block.ts';
import { fillFolder } from '../../../support/file-trees.ts';
import { mounted, type ForegroundMount } from '../../../support/mounted.ts';
import { ext4From, extract, fatFrom, makeRawDisk } from '../../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const ready = requireTools([
	...['mkfs.ext4', 'debugfs', 'mkfs.ntfs', 'ntfs-3g', 'ntfscluster', 'mkfs.fat', 'mcopy', 'mkfs.xfs', 'mkfs.btrfs'],
	'sfdisk',
]);
requireRoot();
const temp = useTempFolder();
const mebibyte = 2 ** 20;
const sector = 512;

const loop = ['-o', 'loop'];
const ntfs3g: ForegroundMount = { command: 'ntfs-3g', args: ['-o', 'no_detach'] };

/** The partitions of the disk, in MiB. */
const places = [
	{ name: 'ext4', start: 1, size: 32 },
	{ name: 'NTFS', start: 34, size: 24 },
	{ name: 'FAT32', start: 60, size: 40 },
	{ name: 'XFS', start: 101, size: 320 },
	{ name: 'Btrfs', start: 422, size: 128 },
] as const;

/** Below it every partition's files, which are of noise alone, so that a piece of one is found in no other. */
let sources = '';
let disk = '';
let bytes = Buffer.alloc(0);

beforeAll(async () => {
	if (!ready) return;
	sources = await temp.folder('sources');
	for (const [i, { name }] of places.entries()) {
		const folder = join(sources, name);
		await run('mkdir', [folder]);
		await fillFolder(folder, 20 + i, { files: 30, bytes: 3 * mebibyte });
	}
	disk = temp.file('disk.img');
	const filled = (make: readonly string[], how: readonly string[] | ForegroundMount, name: string) => {
		return async (file: string) => {
			await run(make[0]!, [...make.slice(1), file]);
			await mounted(file, how, async (folder) => {
				await cp(join(sources, name), folder, { recursive: true });
				// An image keeps this file, and not what is in it: that is no fault of it.
				if (name === 'NTFS') await noiseFile(join(folder, 'pagefile.sys'), 2 * mebibyte);
			});
		};
	};
	await makeRawDisk(disk, 'gpt', 552, [
		{ ...places[0], type: 'L', make: ext4From(join(sources, 'ext4')) },
		{ ...places[1], type: 'L', make: filled(['mkfs.ntfs', '-F', '-q'], ntfs3g, 'NTFS') },
		{ ...places[2], type: 'U', make: fatFrom(join(sources, 'FAT32'), 32) },
		{ ...places[3], type: 'L', make: filled(['mkfs.xfs', '-q'], loop, 'XFS') },
		{ ...places[4], type: 'L', make: filled(['mkfs.btrfs', '-q'], loop, 'Btrfs') },
	]);
	bytes = await readFile(disk);
});

async function image(name: string, ...options: string[]): Promise<string> {
	const folder = await temp.folder(name);
	return (await afterimageResult<ImageResult>(['image', disk, '--to', folder, ...options])).files[0]!;
}

async function filesOf(name: string): Promise<Map<string, Buffer>> {
	const folder = join(sources, name);
	const found = new Map<string, Buffer>();
	for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
		const path = join(entry.parentPath, entry.name);
		if (entry.isFile()) found.set(relative(folder, path), await readFile(path));
	}
	return found;
}

/** Tells whether some bytes of the disk have a piece of a file, whole sectors or what its end leaves of one. */
function piecesIn(range: Buffer): (content: Buffer) => boolean {
	const sectors = new Set<string>();
	for (let at = 0; at < range.length; at += sector) sectors.add(range.toString('latin1', at, at + sector));
	return (content) => {
		for (let at = 0; at < content.length; at += sector) {
			const piece = content.subarray(at, at + sector);
			// Zeros of a hole, or a few bytes, may stand anywhere.
			if (piece.length < 16 || piece.every((byte) => byte === 0)) continue;
			if (piece.length < sector ? range.includes(piece) : sectors.has(piece.toString('latin1'))) return true;
		}
		return false;
	};
}

/** Whether something has a name though folders cannot be read. */
function isReached(path: string, { unreadable }: PartitionDamage): boolean {
	return !unreadable.some((folder) => path.startsWith(`${folder.path}/`));
}

function volumeOf(number: number): Promise<string> {
	const { start, size } = places[number - 1]!;
	return extract(disk, start * mebibyte, size * mebibyte, temp.file(`volume-${number}`));
}

function badRanges({ bad }: VerifyResult, number: number): { start: number; end: number }[] {
	return bad.filter(({ partition }) => partition === number);
}

/** Names of what has blocks in the bad ranges of the first partition. */
async function namesByDebugfs(result: VerifyResult): Promise<string[]> {
	const volume = await volumeOf(1);
	const { stdout: facts } = await run('debugfs', ['-R', 'stats', volume]);
	const blockSize = Number(/^Block size: +(\d+)/m.exec(facts)![1]);
	const blocks = badRanges(result, 1).flatMap(({ start, end }) => {
		return Array.from({ length: (end - start) / blockSize }, (_, i) => start / blockSize + i);
	});
	const { stdout: found } = await run('debugfs', ['-R', `icheck ${blocks.join(' ')}`, volume]);
	const inodes = new Set([...found.matchAll(/^\d+\t(\d+)$/gm)].map(([, inode]) => inode!));
	const { stdout: names } = await run('debugfs', ['-R', `ncheck ${[...inodes].join(' ')}`, volume]);
	return [...names.matchAll(/^\d+\t\/+(.*)$/gm)].map(([, name]) => name!).sort();
}

/** The same of the second one. */
async function namesByNtfscluster(result: VerifyResult): Promise<string[]> {
	const volume = await volumeOf(2);
	const names = new Set<string>();
	for (const { start, end } of badRanges(result, 2)) {
		const range = `${start / 4096}-${end / 4096 - 1}`;
		const { stdout } = await run('ntfscluster', ['-c', range, volume], { codes: [0, 1] });
		for (const [, name] of stdout.matchAll(/^Inode \d+ \/(.*)\/\$(?:DATA|INDEX_ALLOCATION|BITMAP)/gm)) {
			if (!name!.startsWith('$')) names.add(name!);
		}
	}
	return [...names].sort();
}

describe.each([
	['as it is', undefined, ['--compression', 'none']],
	['encrypted', 'a secret', []],
] as const)('an image of five file systems, stored %s', (name, password, options) => {
	it('tells the names of all files that lie in damaged blocks, and of no others', async () => {
		const secret = temp.file('password');
		await run('sh', ['-c', `printf '%s' "$1" > "$2"`, 'sh', password ?? '', secret]);
		const given = password === undefined ? [] : ['--password-file', secret];
		const file = await image(name, ...options, ...given);
		const sound = await afterimageResult<VerifyResult>(['verify', file, '--file-systems', ...given]);
		expect(sound.damage).toEqual([]);
		expect(sound.fileSystems).toMatchObject(
			places.map((place, i) => ({ partition: i + 1, fileSystem: place.name, problemCount: 0, warningCount: 0 })),
		);

		for (const [i, place] of places.entries()) {
			const start = place.start * mebibyte;
			const whole = bytes.subarray(start, start + place.size * mebibyte);
			const files = [...(await filesOf(place.name)).values()].filter(({ length }) => length > 1000);
			const pagingFiles = place.name === 'NTFS' ? 1 : 0;
			expect(sound.fileSystems![i]!.files).toBe((await filesOf(place.name)).size + pagingFiles);
			for (const content of [files[1]!, files[5]!, files.toSorted((a, b) => b.length - a.length)[0]!]) {
				const at = whole.indexOf(content.subarray(0, sector));
				expect(at).toBeGreaterThan(0);
				await damageBlock(file, i, at, password);
			}
		}
		const result = await afterimageResult<VerifyResult>(['verify', file, ...given], 6);
		expect(result.damage).toHaveLength(places.length);
		for (const [i, place] of places.entries()) {
			const found = result.damage[i]!;
			const bad = result.bad.filter(({ partition }) => partition === i + 1);
			expect(found).toMatchObject({ partition: i + 1, badBlocks: bad.length, fileSystem: place.name });
			expect({ place, objection: found.objection }).toEqual({ place });
			const from = place.start * mebibyte;
			const ranges = bad.map(({ start, end }) => piecesIn(bytes.subarray(from + start, from + end)));
			const expected: string[] = [];
			for (const [path, content] of await filesOf(place.name)) {
				if (ranges.some((lies) => lies(content)) && isReached(path, found)) expected.push(path);
			}
			const named = found.files.filter(({ kind }) => kind === 'file').map(({ path }) => path);
			expect({ place, named }).toEqual({ place, named: expected.sort() });
			expect(named.length).toBeGreaterThan(0);
			for (const { path } of found.unreadable) expect(found.files.map((one) => one.path)).toContain(path);
		}

		if (password !== undefined) return;
		expect(result.damage[0]!.files.map(({ path }) => path)).toEqual(
			(await namesByDebugfs(result)).filter((path) => isReached(path, result.damage[0]!)),
		);
		expect(result.damage[1]!.files.map(({ path }) => path)).toEqual(
			(await namesByNtfscluster(result)).filter((path) => isReached(path, result.damage[1]!)),
		);
		const told = await afterimage(['verify', file]);
		for (const { kind, path } of result.damage[0]!.files) expect(told.out).toContain(`${kind} ${path}: `);
		const restore = ['restore', file, '--to', temp.file('restored.img'), '--skip-bad-blocks'];
		const restored = await afterimageResult<RestoreResult>(restore, 6);
		expect(restored.damage).toEqual(result.damage);
	});
});
