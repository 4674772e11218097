import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { sparseFile } from '../../support/byte-files.ts';
import { afterimage, afterimageJson, afterimageResult } from '../../support/cli.ts';
import { fillFolder } from '../../support/file-trees.ts';
import { randomNumbers } from '../../support/random-numbers.ts';
import { allocated, ext4From, extract, fatFrom, makeRawDisk, patch } from '../../support/raw-disk.ts';
import { requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import { useTempFolder } from '../../support/temp-folder.ts';

const ready = requireTools(['mkfs.ext4', 'e2fsck', 'mkfs.fat', 'fsck.fat', 'mcopy', 'sfdisk', 'sgdisk']);
const temp = useTempFolder();
const mebibyte = 2 ** 20;

interface ImageResultLine {
	readonly files: readonly string[];
	readonly imageId: string;
	readonly partitions: readonly { storedBlocks: number; usedBlocks: number; badRanges: unknown[] }[];
}
interface RestoreResultLine {
	readonly blocks: number;
	readonly writtenBlocks: number;
	readonly verifiedBlocks?: number;
	readonly diskId: string;
}

let files = '';
let disk = '';
let image = '';

beforeAll(async () => {
	if (!ready) return;
	files = await temp.folder('files');
	await fillFolder(files, 1, { files: 60, bytes: 6 * mebibyte });
	disk = temp.file('disk.img');
	await makeRawDisk(disk, 'gpt', 128, [
		{ start: 1, size: 40, type: 'U', make: fatFrom(files, 32) },
		{ start: 42, size: 80, type: 'L', make: ext4From(files) },
	]);
	await temp.folder('images');
	const result = await afterimageResult<ImageResultLine & Record<string, unknown>>([
		'image',
		disk,
		'--to',
		temp.file('images'),
		'--comment',
		'round trip',
	]);
	image = result.files[0]!;
});

async function hash(path: string): Promise<string> {
	return (await run('sha256sum', [path])).stdout.split(' ')[0]!;
}

/** A copy of a raw disk without what lies in its unused blocks is judged by the file systems' own checks. */
async function checkFileSystems(path: string): Promise<void> {
	const fat = await extract(path, mebibyte, 40 * mebibyte, temp.file('check.fat'));
	await run('fsck.fat', ['-n', fat]);
	const ext = await extract(path, 42 * mebibyte, 80 * mebibyte, temp.file('check.ext'));
	await run('e2fsck', ['-fn', ext]);
	const listed = async (file: string) => (await run('debugfs', ['-R', 'ls -l -p /', file])).stdout;
	const original = await extract(disk, 42 * mebibyte, 80 * mebibyte, temp.file('check.original'));
	expect(await listed(ext)).toBe(await listed(original));
}

async function noise(path: string, size: number): Promise<void> {
	await sparseFile(path, size);
	const data = randomNumbers(size).fill(new Uint8Array(mebibyte));
	for (let at = 0; at < size; at += data.length)
		await patch(path, at, data.subarray(0, Math.min(data.length, size - at)));
}

describe('a GPT disk with FAT32 and ext4', () => {
	it('is imaged with the blocks in use alone', async () => {
		const info = await afterimageResult<Record<string, unknown> & { disks: Record<string, unknown>[] }>([
			'inspect',
			image,
		]);
		expect(info['file']).toMatchObject({ type: 'full', comment: 'round trip', fileNumber: 0, incrementNumber: 0 });
		expect(info.disks).toEqual([
			expect.objectContaining({
				table: 'gpt',
				size: 128 * mebibyte,
				partitions: [
					expect.objectContaining({ number: 1, fileSystem: 'FAT32', start: mebibyte }),
					expect.objectContaining({ number: 2, fileSystem: 'ext', start: 42 * mebibyte }),
				],
			}),
		]);
		expect((await stat(image)).size).toBeLessThan(40 * mebibyte);
	});

	it('comes back bit for bit as a new file, sparse', async () => {
		const target = temp.file('new.img');
		const result = await afterimageResult<RestoreResultLine & Record<string, unknown>>([
			'restore',
			image,
			'--to',
			target,
			'--verify',
		]);
		expect(result.verifiedBlocks).toBe(result.blocks);
		expect(await hash(target)).toBe(await hash(disk));
		expect(await allocated(target)).toBeLessThan(60 * mebibyte);
	});

	it('comes back onto a larger target of random bytes, with its backup table at the end', async () => {
		const target = temp.file('larger.img');
		await noise(target, 160 * mebibyte);
		await afterimageResult(['restore', image, '--to', target, '--verify']);
		expect((await run('sgdisk', ['-v', target])).stdout).toContain('No problems found');
		await checkFileSystems(target);
	});

	it('is refused by a smaller target before anything is written, with the size that is needed', async () => {
		const target = temp.file('smaller.img');
		await noise(target, 100 * mebibyte);
		const before = await hash(target);
		const lines = await afterimageJson(['restore', image, '--to', target], 7);
		expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'target-too-small' });
		expect(lines.at(-1)?.['message']).toContain(String(122 * mebibyte));
		expect(await hash(target)).toBe(before);
	});

	it('fits a target that is smaller than the disk but holds its partitions', async () => {
		const target = temp.file('tight.img');
		await noise(target, 123 * mebibyte);
		await afterimageResult(['restore', image, '--to', target]);
		expect((await run('sgdisk', ['-v', target])).stdout).toContain('No problems found');
		await checkFileSystems(target);
	});

	it('gets an id of its own when asked', async () => {
		const target = temp.file('new-id.img');
		const result = await afterimageResult<RestoreResultLine & Record<string, unknown>>([
			'restore',
			image,
			'--to',
			target,
			'--new-disk-id',
		]);
		const idOf = async (path: string) => /\(GUID\): (\S+)/.exec((await run('sgdisk', ['-p', path])).stdout)?.[1];
		expect(await idOf(target)).toBe(result.diskId);
		expect(await idOf(target)).not.toBe(await idOf(disk));
		expect((await run('sgdisk', ['-v', target])).stdout).toContain('No problems found');
		const partitionGuid = async (path: string) => (await run('sgdisk', ['-i', '2', path])).stdout;
		expect(await partitionGuid(target)).toBe(await partitionGuid(disk));
	});

	it('writes only what differs with --delta', async () => {
		const target = temp.file('delta.img');
		await afterimageResult(['restore', image, '--to', target]);
		const again = ['restore', image, '--to', target, '--delta', '--verify'];
		expect((await afterimageResult<RestoreResultLine & Record<string, unknown>>(again)).writtenBlocks).toBe(0);
		// The superblock of the ext4 partition is always in use.
		await patch(target, 42 * mebibyte + 1024, new Uint8Array(1024));
		expect((await afterimageResult<RestoreResultLine & Record<string, unknown>>(again)).writtenBlocks).toBe(1);
		expect(await hash(target)).toBe(await hash(disk));
	});

	it('leaves, zeroes or punches what is not in the image, as asked', async () => {
		for (const [option, whole] of [
			['', false],
			['--zero-unused', true],
			['--discard', true],
		] as const) {
			const target = temp.file(`free${option}.img`);
			await noise(target, 128 * mebibyte);
			await afterimageResult(['restore', image, '--to', target, ...(option === '' ? [] : [option])]);
			const same = await Promise.all(
				[disk, target].map(async (path, i) =>
					hash(await extract(path, 42 * mebibyte, 80 * mebibyte, temp.file(`part-${i}`))),
				),
			);
			expect(same[0] === same[1]).toBe(whole);
			if (option === '--discard') expect(await allocated(target)).toBeLessThan(100 * mebibyte);
		}
	});

	it('gives one partition to a target that has its place, to a blank one, and to no other', async () => {
		const copy = temp.file('copy.img');
		await run('cp', ['--sparse=always', disk, copy]);
		await patch(copy, 42 * mebibyte, randomNumbers(5).fill(new Uint8Array(2 * mebibyte)));
		await afterimageResult(['restore', image, '--to', copy, '--partition', '2', '--verify']);
		expect(await hash(copy)).toBe(await hash(disk));

		const blank = await sparseFile(temp.file('blank.img'), 128 * mebibyte);
		await afterimageResult(['restore', image, '--to', blank, '--partition', '2']);
		const table = (await run('sfdisk', ['--dump', blank])).stdout;
		expect(table).toContain(`start=       ${42 * 2048}`);
		expect(table).not.toContain('start=        2048');

		const other = temp.file('other.img');
		await makeRawDisk(other, 'gpt', 128, [{ start: 1, size: 100, type: 'L' }]);
		const before = await hash(other);
		const lines = await afterimageJson(['restore', image, '--to', other, '--partition', '2'], 2);
		expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'invalid-argument' });
		expect(await hash(other)).toBe(before);
	});

	it('verifies, whole or a sample of it', async () => {
		const whole = await afterimageResult<Record<string, unknown> & { blocks: number }>(['verify', image]);
		expect(whole).toMatchObject({ bad: [], sampled: false });
		const sample = await afterimageResult<Record<string, unknown> & { blocks: number }>([
			'verify',
			image,
			'--sample',
			'10%',
		]);
		expect(sample.sampled).toBe(true);
		expect(sample.blocks).toBeGreaterThan(0);
		expect(sample.blocks).toBeLessThan(whole.blocks / 5);
	});

	it('names each bad block of a damaged image, and is not restored from it', async () => {
		const damaged = temp.file('damaged.mrimgx');
		await writeFile(damaged, await readFile(image));
		// Somewhere within the data blocks, which begin the file.
		await patch(damaged, 2 * mebibyte, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
		const result = await afterimageResult<Record<string, unknown> & { bad: Record<string, unknown>[] }>(
			['verify', damaged],
			6,
		);
		expect(result.bad).toHaveLength(1);
		expect(result.bad[0]).toMatchObject({ disk: 0, file: damaged, reserved: false });
		const { start, end, block } = result.bad[0] as { start: number; end: number; block: number };
		expect(end - start).toBe(65536);
		expect(start % 512).toBe(0);
		expect(block).toBeGreaterThan(0);
		const lines = await afterimageJson(['restore', damaged, '--to', temp.file('never.img')], 6);
		expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'image-damaged' });
		await expect(stat(temp.file('never.img'))).rejects.toThrow();

		await truncate(damaged, mebibyte);
		const cut = await afterimageJson(['verify', damaged], 6);
		expect(cut.at(-1)).toMatchObject({ type: 'error', code: 'image-damaged' });
	});
});

describe('ways to store', () => {
	it('encrypts, and tells a wrong password from none', async () => {
		const password = temp.file('password');
		await writeFile(password, 'Grüße, Welt\nsecond line\n', { mode: 0o600 });
		const wrong = temp.file('wrong-password');
		await writeFile(wrong, 'something else', { mode: 0o600 });
		await temp.folder('encrypted');
		for (const bits of ['128', '192', '256']) {
			const result = await afterimageResult<ImageResultLine & Record<string, unknown>>([
				...['image', disk, '--to', temp.file('encrypted'), '--password-file', password, '--aes', bits],
			]);
			const [file] = result.files;
			expect((await afterimageJson(['verify', file!], 5)).at(-1)).toMatchObject({ code: 'password-needed' });
			expect((await afterimageJson(['verify', file!, '--password-file', wrong], 5)).at(-1)).toMatchObject({
				code: 'wrong-password',
			});
			const target = temp.file(`aes-${bits}.img`);
			await afterimageResult(['restore', file!, '--to', target, '--password-file', password]);
			expect(await hash(target)).toBe(await hash(disk));
		}
	});

	it('says when others may read the password', async () => {
		const password = temp.file('open-password');
		await writeFile(password, 'secret\n', { mode: 0o644 });
		const lines = await afterimageJson(['verify', image, '--password-file', password]);
		expect(lines).toContainEqual(expect.objectContaining({ type: 'log', level: 'warning' }));
	});

	it('splits into files that are no larger than asked, and names a missing one', async () => {
		await temp.folder('split');
		const result = await afterimageResult<ImageResultLine & Record<string, unknown>>([
			...['image', disk, '--to', temp.file('split'), '--split', '4M', '--name', 'parts'],
		]);
		expect(result.files.length).toBeGreaterThan(2);
		for (const file of result.files) expect((await stat(file)).size).toBeLessThanOrEqual(4 * mebibyte);
		expect(result.files.map((file) => /-parts-00-(\d\d)\.mrimgx$/.exec(file)?.[1])).toEqual(
			result.files.map((_, i) => String(i).padStart(2, '0')),
		);
		const target = temp.file('from-split.img');
		await afterimageResult(['restore', result.files[0]!, '--to', target]);
		expect(await hash(target)).toBe(await hash(disk));
		await run('rm', [result.files[1]!]);
		const lines = await afterimageJson(['verify', result.files.at(-1)!], 6);
		expect(lines.at(-1)).toMatchObject({ code: 'file-missing' });
		expect(lines.at(-1)?.['message']).toContain(result.files[1]);
	});

	it('stores without compression, with more of it, and every sector', async () => {
		await temp.folder('ways');
		for (const options of [
			['--compression', 'none'],
			['--compression', 'high'],
			['--all-sectors', '--verify'],
		]) {
			const result = await afterimageResult<ImageResultLine & Record<string, unknown>>([
				...['image', disk, '--to', temp.file('ways'), ...options],
			]);
			const target = temp.file(`way${options[1]}.img`);
			await afterimageResult(['restore', result.files[0]!, '--to', target]);
			expect(await hash(target)).toBe(await hash(disk));
		}
	});

	it('images chosen partitions and several disks', async () => {
		await temp.folder('several');
		const second = temp.file('second.img');
		await makeRawDisk(second, 'gpt', 32, [{ start: 1, size: 24, type: 'L', make: ext4From(files) }]);
		const one = await afterimageResult<ImageResultLine & Record<string, unknown>>([
			...['image', disk, '--to', temp.file('several'), '--partition', '1'],
		]);
		expect(one.partitions).toHaveLength(1);
		const both = await afterimageResult<ImageResultLine & Record<string, unknown>>([
			...['image', disk, second, '--to', temp.file('several')],
		]);
		expect(both.partitions).toHaveLength(3);
		const lines = await afterimageJson(['restore', both.files[0]!, '--to', temp.file('which.img')], 2);
		expect(lines.at(-1)?.['message']).toContain('disks 0, 1');
		await afterimageResult(['restore', both.files[0]!, '--disk', '1', '--to', temp.file('second-back.img')]);
		expect(await hash(temp.file('second-back.img'))).toBe(await hash(second));
	});
});

describe('other partition tables', () => {
	it('keeps an MBR with logical partitions', async () => {
		const path = temp.file('mbr.img');
		await makeRawDisk(path, 'dos', 128, [
			{ start: 1, size: 20, type: '06', make: fatFrom(files, 16) },
			{ start: 24, size: 100, type: '05' },
			{ start: 25, size: 30, type: '83', make: ext4From(files) },
			{ start: 60, size: 40, type: '83', make: ext4From(files, '-b', '4096') },
		]);
		await temp.folder('mbr');
		const result = await afterimageResult<ImageResultLine & Record<string, unknown>>([
			'image',
			path,
			'--to',
			temp.file('mbr'),
		]);
		expect(result.partitions).toHaveLength(3);
		const target = temp.file('mbr-back.img');
		await afterimageResult(['restore', result.files[0]!, '--to', target, '--verify']);
		expect(await hash(target)).toBe(await hash(path));

		const larger = temp.file('mbr-larger.img');
		await noise(larger, 140 * mebibyte);
		const restored = await afterimageResult<RestoreResultLine & Record<string, unknown>>([
			...['restore', result.files[0]!, '--to', larger, '--new-disk-id'],
		]);
		const dump = async (file: string) => (await run('sfdisk', ['--dump', file])).stdout.replaceAll(file, 'disk');
		expect((await dump(larger)).replace(/label-id: .*/, '')).toBe((await dump(path)).replace(/label-id: .*/, ''));
		expect(await dump(larger)).toContain(`label-id: 0x${restored.diskId.toLowerCase()}`);
	});

	it('keeps a file system without a table', async () => {
		const path = await sparseFile(temp.file('bare.img'), 32 * mebibyte);
		await ext4From(files)(path);
		await temp.folder('bare');
		const result = await afterimageResult<ImageResultLine & Record<string, unknown>>([
			'image',
			path,
			'--to',
			temp.file('bare'),
		]);
		const target = temp.file('bare-back.img');
		await afterimageResult(['restore', result.files[0]!, '--to', target, '--verify']);
		expect(await hash(target)).toBe(await hash(path));
	});
});

describe('what is asked wrongly', () => {
	it.each([
		[['image', '/nowhere.img', '--to', '/tmp'], 8],
		[['image', 'DISK', '--to', '/nowhere/at/all'], 8],
		[['image', 'DISK'], 2],
		[['image', 'DISK', '--to', '/tmp', '--partition', '9'], 2],
		[['image', 'DISK', '--to', '/tmp', '--compression', 'best'], 2],
		[['image', 'DISK', '--to', '/tmp', '--split', 'some'], 2],
		[['image', 'DISK', '--to', '/tmp', '--name', 'a/b'], 2],
		[['verify', '/nowhere.mrimgx'], 8],
		[['verify', 'DISK'], 6],
		[['verify', 'DISK', '--sample', '0%'], 2],
		[['restore', '/nowhere.mrimgx', '--to', '/tmp/x'], 8],
		[['disks', '/nowhere'], 8],
		[['disks', '/dev/null'], 2],
		[['nonsense'], 2],
		[['image', '--nonsense'], 2],
	] as const)('%j exits with %i and a message without a stack', async (args, code) => {
		const result = await afterimage(args.map((arg) => (arg === 'DISK' ? disk : arg)));
		expect(result.err).toMatch(/^Error: /m);
		expect(result.err).not.toMatch(/\n\s+at /);
		expect(result.code).toBe(code);
	});

	it('makes no file below /dev', async () => {
		const lines = await afterimageJson(['restore', image, '--to', '/dev/afterimage-test', '--yes'], 8);
		expect(lines.at(-1)).toMatchObject({ code: 'destination-missing' });
		await expect(stat('/dev/afterimage-test')).rejects.toThrow();
	});
});
