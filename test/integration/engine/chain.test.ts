import { copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BackupFolderInfo } from '../../../src/protocol/backups.ts';
import { sparseFile } from '../../support/byte-files.ts';
import { afterimage, afterimageJson, afterimageResult, type JsonLine } from '../../support/cli.ts';
import { fillFolder } from '../../support/file-trees.ts';
import { randomNumbers } from '../../support/random-numbers.ts';
import { ext4From, extract, fatFrom, makeRawDisk } from '../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import { useTempFolder } from '../../support/temp-folder.ts';

const ready = requireTools(['mkfs.ext4', 'e2fsck', 'debugfs', 'mkfs.fat', 'fsck.fat', 'mcopy', 'mdel', 'sfdisk']);
const temp = useTempFolder();
const mebibyte = 2 ** 20;
const [fatStart, extStart] = [mebibyte, 42 * mebibyte];

interface ImageLine extends JsonLine {
	readonly files: readonly string[];
	readonly imageId: string;
	readonly backupType: string;
	readonly bytesWritten: number;
	readonly partitions: readonly { storedBlocks: number; usedBlocks: number }[];
}

let original = '';

beforeAll(async () => {
	if (!ready) return;
	const files = await temp.folder('files');
	await fillFolder(files, 2, { files: 40, bytes: 4 * mebibyte });
	original = temp.file('original.img');
	await makeRawDisk(original, 'gpt', 96, [
		{ start: 1, size: 40, type: 'U', make: fatFrom(files, 32) },
		{ start: 42, size: 48, type: 'L', make: ext4From(files) },
	]);
});

/** A folder for images and a disk to change. */
async function scene(name: string): Promise<{ folder: string; disk: string }> {
	const folder = await temp.folder(name);
	const disk = temp.file(`${name}.img`);
	await run('cp', ['--sparse=always', original, disk]);
	return { folder, disk };
}

/** Writes a file of random bytes into both file systems and removes an older one, with their vendors' own tools. */
async function change(disk: string, seed: number): Promise<void> {
	const file = temp.file(`change-${seed}`);
	await writeFile(file, randomNumbers(seed).fill(new Uint8Array(300_000 + seed * 1000)));
	const ext = `${disk}?offset=${extStart}`;
	await run('debugfs', ['-w', '-R', `write ${file} change-${seed}`, ext]);
	if (seed > 1) await run('debugfs', ['-w', '-R', `rm change-${seed - 1}`, ext]);
	await run('mcopy', ['-i', `${disk}@@${fatStart}`, file, `::change-${seed}`]);
	if (seed > 1) await run('mdel', ['-i', `${disk}@@${fatStart}`, `::change-${seed - 1}`]);
	await rm(file);
}

async function image(disk: string, folder: string, type: string, ...options: string[]): Promise<ImageLine> {
	return afterimageResult<ImageLine>(['image', disk, '--to', folder, '--type', type, ...options]);
}

/** SHA-256 of what a backup restores to, as a new file. */
async function restored(file: string, ...options: string[]): Promise<string> {
	const target = temp.file(`restored-${basename(file)}`);
	await afterimageResult(['restore', file, '--to', target, ...options]);
	const hash = (await run('sha256sum', [target])).stdout.split(' ')[0]!;
	await rm(target);
	return hash;
}

/** Restores a backup and compares both file systems with the disk that was imaged: their own checks, every file. */
async function expectSameFiles(file: string, disk: string, ...options: string[]): Promise<void> {
	const target = temp.file('compare.img');
	await afterimageResult(['restore', file, '--to', target, ...options]);
	const contents = async (path: string) => {
		const fat = await extract(path, fatStart, 40 * mebibyte, temp.file('compare.fat'));
		await run('fsck.fat', ['-n', fat]);
		const ext = await extract(path, extStart, 48 * mebibyte, temp.file('compare.ext'));
		await run('e2fsck', ['-fn', ext]);
		const folder = temp.file('compare');
		await mkdir(join(folder, 'ext'), { recursive: true });
		await run('debugfs', ['-R', `rdump / ${join(folder, 'ext')}`, ext]);
		await run('mcopy', ['-s', '-n', '-i', fat, '::', join(folder, 'fat')]);
		const sums = await run('sh', ['-c', 'cd "$1" && find . -type f -exec sha256sum {} + | sort', 'sh', folder]);
		await rm(folder, { recursive: true });
		return sums.stdout;
	};
	expect(await contents(target)).toBe(await contents(disk));
	await rm(target);
}

async function sets(folder: string): Promise<BackupFolderInfo> {
	return (await afterimageResult(['sets', folder])) as unknown as BackupFolderInfo;
}

describe('a chain', () => {
	it('of fulls, differentials and incrementals restores at every point, with and without a password', async () => {
		const password = temp.file('password');
		await writeFile(password, 'Secret\n', { mode: 0o600 });
		for (const options of [[], ['--password-file', password]]) {
			const { folder, disk } = await scene(`points-${options.length}`);
			const points = new Map<string, string>();
			let previous = 0;
			for (const [i, type] of ['auto', 'inc', 'inc', 'diff', 'inc', 'auto', 'diff', 'inc'].entries()) {
				if (i > 0) await change(disk, i);
				const result = await image(disk, folder, type, ...options);
				expect(result.backupType).toBe(i === 0 ? 'full' : type === 'auto' ? 'inc' : type);
				const [file] = result.files;
				expect(basename(file!)).toBe(`${result.imageId}-0${i}-0${i}.mrimgx`);
				if (i === 0) previous = result.bytesWritten;
				else expect(result.bytesWritten).toBeLessThan(previous / 2);
				await expectSameFiles(file!, disk, ...options);
				points.set(file!, await restored(file!, ...options));
			}
			for (const [file, hash] of points) {
				expect(await restored(file, ...options)).toBe(hash);
				expect(await afterimageResult(['verify', file, ...options])).toMatchObject({ bad: [] });
			}
			const listed = await sets(folder);
			expect(listed.sets).toHaveLength(1);
			expect(listed.sets[0]).toMatchObject({ damage: [] });
			expect(listed.sets[0]!.files.map((file) => file.type)).toEqual([
				'full',
				'inc',
				'inc',
				'diff',
				'inc',
				'inc',
				'diff',
				'inc',
			]);
			expect(listed.sets[0]!.files.every((file) => file.verifiedOn !== undefined)).toBe(true);
		}
	});

	it('costs next to nothing without a change', async () => {
		const { folder, disk } = await scene('unchanged');
		await image(disk, folder, 'full');
		const result = await image(disk, folder, 'inc');
		expect(result.partitions.map((partition) => partition.storedBlocks)).toEqual([0, 0]);
		expect(result.bytesWritten).toBeLessThan(16 * 1024);
	});

	it('goes on after a restore onto the same disk', async () => {
		const { folder, disk } = await scene('restored-first');
		const { files } = await image(disk, folder, 'full');
		await change(disk, 1);
		await image(disk, folder, 'inc');
		await afterimageResult(['restore', files[0]!, '--to', disk, '--delta']);
		const result = await image(disk, folder, 'inc');
		expect(result.backupType).toBe('inc');
		await expectSameFiles(result.files[0]!, disk);
	});

	it('names a missing file', async () => {
		const { folder, disk } = await scene('missing');
		await image(disk, folder, 'full');
		await change(disk, 1);
		const lost = (await image(disk, folder, 'inc')).files[0]!;
		await change(disk, 2);
		const last = (await image(disk, folder, 'inc')).files[0]!;
		await rm(lost);
		const lines = await afterimageJson(['verify', last], 6);
		expect(lines.at(-1)).toMatchObject({ code: 'file-missing' });
		expect(lines.at(-1)?.['message']).toContain(lost);
		expect((await sets(folder)).sets[0]!.damage.join()).toContain(lost);
		// And the next backup starts anew, saying why.
		const next = await afterimageJson(['image', disk, '--to', folder, '--type', 'inc']);
		expect(next.find((line) => line.type === 'result')).toMatchObject({ backupType: 'full' });
		expect(next).toContainEqual(
			expect.objectContaining({ type: 'log', level: 'warning', message: expect.stringContaining(lost) as string }),
		);
	});

	it('splits incrementals too', async () => {
		const { folder, disk } = await scene('split');
		await image(disk, folder, 'full', '--split', '2M');
		await change(disk, 1);
		const { files } = await image(disk, folder, 'inc', '--split', '1M');
		for (const file of files) expect((await stat(file)).size).toBeLessThanOrEqual(mebibyte);
		await expectSameFiles(files.at(-1)!, disk);
	});
});

describe('the set that a backup joins', () => {
	it('is the newest one with exactly the same partitions, whatever its files are called', async () => {
		const { folder, disk } = await scene('joins');
		const whole = await image(disk, folder, 'full', '--name', 'mine');
		const one = await image(disk, folder, 'full', '--partition', '2');
		await rename(whole.files[0]!, join(folder, 'renamed.mrimgx'));
		await change(disk, 1);
		const inc = await image(disk, folder, 'inc');
		expect(inc.imageId).toBe(whole.imageId);
		await expectSameFiles(inc.files[0]!, disk);
		expect((await image(disk, folder, 'inc', '--partition', '2')).imageId).toBe(one.imageId);
		const other = await image(disk, folder, 'auto', '--partition', '1');
		expect(other).toMatchObject({ backupType: 'full' });
	});

	it('keeps its password and its way of compression', async () => {
		const { folder, disk } = await scene('keeps');
		const [right, wrong] = [temp.file('right'), temp.file('wrong')];
		await writeFile(right, 'right', { mode: 0o600 });
		await writeFile(wrong, 'wrong', { mode: 0o600 });
		await image(disk, folder, 'full', '--password-file', right, '--compression', 'none');
		await change(disk, 1);
		const before = await readdir(folder);
		for (const options of [[], ['--password-file', wrong]]) {
			await afterimageJson(['image', disk, '--to', folder, '--type', 'inc', ...options], 5);
			expect(await readdir(folder)).toEqual(before);
		}
		const inc = await image(disk, folder, 'inc', '--password-file', right, '--compression', 'high');
		expect(inc.backupType).toBe('inc');
		await expectSameFiles(inc.files[0]!, disk, '--password-file', right);
	});

	it('is a new one when a partition was formatted anew at the same place', async () => {
		const { folder, disk } = await scene('anew');
		await image(disk, folder, 'full');
		const fat = await sparseFile(temp.file('anew.fat'), 40 * mebibyte);
		await run('mkfs.fat', ['-F', '32', '-s', '2', fat]);
		await run('dd', [`if=${fat}`, `of=${disk}`, 'bs=1M', 'seek=1', 'conv=notrunc', 'status=none']);
		expect((await image(disk, folder, 'inc')).backupType).toBe('full');
	});
});

describe('consolidation', () => {
	it('merges incrementals and rolls the full forward, and every other point stays as it was', async () => {
		const { folder, disk } = await scene('merge');
		const password = temp.file('merge-password');
		await writeFile(password, 'Secret\n', { mode: 0o600 });
		const options = ['--password-file', password];
		const files: string[] = [];
		const hashes: string[] = [];
		for (let i = 0; i < 7; i++) {
			if (i > 0) await change(disk, i);
			const [file] = (await image(disk, folder, i === 0 ? 'full' : 'inc', ...options)).files;
			files.push(file!);
			hashes.push(await restored(file!, ...options));
		}
		const before = (await readdir(folder)).sort();
		const planned = await afterimageResult(['merge', files[2]!, files[4]!, files[3]!, '--dry-run']);
		expect(planned).toMatchObject({ file: files[2], dryRun: true });
		expect((await readdir(folder)).sort()).toEqual(before);
		expect((await afterimageJson(['merge', files[2]!, files[4]!], 2)).at(-1)?.['message']).toContain(files[3]);

		// 2 + 3 + 4 under the name of 2; then a merge of the merged one with 5; then the full with 1.
		await afterimageResult(['merge', files[2]!, files[3]!, files[4]!]);
		await expectPoints([files[0]!, 0], [files[1]!, 1], [files[2]!, 4], [files[5]!, 5], [files[6]!, 6]);
		await afterimageResult(['merge', files[2]!, files[5]!]);
		await expectPoints([files[0]!, 0], [files[1]!, 1], [files[2]!, 5], [files[6]!, 6]);
		await afterimageResult(['merge', files[0]!, files[1]!]);
		await expectPoints([files[0]!, 1], [files[2]!, 5], [files[6]!, 6]);

		async function expectPoints(...points: [file: string, hash: number][]): Promise<void> {
			const present = (await readdir(folder)).filter((name) => name.endsWith('.mrimgx')).sort();
			expect(present).toEqual(points.map(([file]) => basename(file)).sort());
			for (const [file, number] of points) expect(await restored(file, ...options)).toBe(hashes[number]);
		}

		await change(disk, 7);
		const next = (await image(disk, folder, 'inc', ...options)).files[0]!;
		await expectSameFiles(next, disk, ...options);
	});

	it('refuses to go across a differential, and to touch split files', async () => {
		const { folder, disk } = await scene('refused');
		const full = (await image(disk, folder, 'full')).files[0]!;
		await change(disk, 1);
		const inc = (await image(disk, folder, 'inc')).files[0]!;
		await change(disk, 2);
		const diff = (await image(disk, folder, 'diff')).files[0]!;
		const across = await afterimageJson(['merge', inc, diff], 1);
		expect(across.at(-1)).toMatchObject({ code: 'not-supported' });
		const under = await afterimageJson(['merge', full, inc], 1);
		expect(under.at(-1)).toMatchObject({ code: 'not-supported' });
	});

	it('killed anywhere leaves a chain that restores, and the next purge clears up', async () => {
		const { folder, disk } = await scene('merge-killed');
		const big = temp.file('big');
		const files: string[] = [(await image(disk, folder, 'full', '--compression', 'none')).files[0]!];
		for (let i = 1; i < 4; i++) {
			await writeFile(big, randomNumbers(100 + i).fill(new Uint8Array(12 * mebibyte)));
			await run('debugfs', ['-w', '-R', `write ${big} big-${i}`, `${disk}?offset=${extStart}`]);
			files.push((await image(disk, folder, 'inc', '--compression', 'none')).files[0]!);
		}
		const hashes = await Promise.all(files.map((file) => restored(file)));
		for (const wait of [0, 30, 60, 90, 120, 160, 200, 260]) {
			const copy = await temp.folder('merge-killed-copy');
			for (const file of files) await copyFile(file, join(copy, basename(file)));
			const named = files.map((file) => join(copy, basename(file)));
			await afterimage(['merge', named[1]!, named[2]!, named[3]!], (child) => {
				void (async () => {
					while (!(await readdir(copy)).some((name) => name.endsWith('.part'))) {
						if (child.exitCode !== null) return;
						await new Promise((resume) => setTimeout(resume, 2));
					}
					await new Promise((resume) => setTimeout(resume, wait));
					child.kill('SIGKILL');
				})();
			});
			await afterimageResult(['purge', copy, '--full', '10']);
			const left = (await sets(copy)).sets[0]!;
			expect(left.damage).toEqual([]);
			expect((await readdir(copy)).filter((name) => /part|lock/.test(name))).toEqual([]);
			const merged = left.files.length === 2;
			expect(left.files.map((file) => file.name)).toEqual(
				(merged ? named.slice(0, 2) : named).map((file) => basename(file)),
			);
			expect(await restored(left.files[0]!.path)).toBe(hashes[0]);
			expect(await restored(left.files.at(-1)!.path)).toBe(hashes[3]);
			if (!merged) expect(await restored(left.files[1]!.path)).toBe(hashes[1]);
			await rm(copy, { recursive: true });
		}
	});
});

describe('retention', () => {
	it('prints the steps with their reasons first, and then does them', async () => {
		const { folder, disk } = await scene('purge');
		const hashes = new Map<string, string>();
		for (const [i, type] of ['full', 'inc', 'full', 'diff', 'inc', 'inc', 'inc'].entries()) {
			await change(disk, i + 1);
			const [file] = (await image(disk, folder, type)).files;
			hashes.set(file!, await restored(file!));
		}
		const files = [...hashes.keys()];
		const before = (await readdir(folder)).sort();
		const rules = ['--full', '1', '--inc', '2'];
		const planned = await afterimage(['purge', folder, ...rules, '--dry-run']);
		expect(planned.code).toBe(0);
		expect(planned.out).toContain(files[0]!);
		expect((await readdir(folder)).sort()).toEqual(before);

		const result = await afterimageResult<JsonLine & { steps: { kind: string; reason: string; freedBytes: number }[] }>(
			[...['purge', folder, ...rules]],
		);
		expect(result.steps.map((step) => step.kind)).toEqual(['delete-set', 'merge']);
		expect(result.steps.every((step) => step.reason !== '')).toBe(true);
		const left = (await sets(folder)).sets;
		expect(left).toHaveLength(1);
		expect(left[0]!.files.map((file) => file.type)).toEqual(['full', 'diff', 'inc', 'inc']);
		const [full, diff, merged, last] = left[0]!.files;
		expect(await restored(full!.path)).toBe(hashes.get(files[2]!));
		expect(await restored(diff!.path)).toBe(hashes.get(files[3]!));
		expect(await restored(merged!.path)).toBe(hashes.get(files[5]!));
		expect(await restored(last!.path)).toBe(hashes.get(files[6]!));
		const again = await afterimageResult<JsonLine & { steps: unknown[] }>(['purge', folder, ...rules]);
		expect(again.steps).toEqual([]);
	});

	it('removes what a merge that was interrupted has left', async () => {
		const { folder, disk } = await scene('leftovers');
		await image(disk, folder, 'full');
		await change(disk, 1);
		const one = (await image(disk, folder, 'inc')).files[0]!;
		await change(disk, 2);
		const two = (await image(disk, folder, 'inc')).files[0]!;
		const kept = temp.file('absorbed');
		await copyFile(two, kept);
		const hash = await restored(two);
		await afterimageResult(['merge', one, two]);
		await copyFile(kept, two);
		expect(await restored(one)).toBe(hash);
		expect((await afterimageJson(['verify', two], 6)).at(-1)?.['message']).toContain('merged into');
		await afterimageResult(['purge', folder, '--full', '9']);
		await expect(stat(two)).rejects.toThrow();
		expect(await restored(one)).toBe(hash);
	});
});

describe('little room', () => {
	requireRoot();

	it('makes a running backup pause and delete the oldest sets', async () => {
		const { folder: mountPoint, disk } = await scene('room');
		const file = await sparseFile(temp.file('room.ext4'), 3 * 1024 * mebibyte);
		await run('mkfs.ext4', ['-q', '-F', '-m', '0', file]);
		await run('mount', ['-o', 'loop', file, mountPoint]);
		try {
			const first = await image(disk, mountPoint, 'full');
			await image(disk, mountPoint, 'full');
			const newest = await image(disk, mountPoint, 'full');
			const { free } = await sets(mountPoint);
			await run('fallocate', ['-l', String(free - 1024 * mebibyte - 4 * mebibyte), join(mountPoint, 'ballast')]);
			const lines = await afterimageJson(['image', disk, '--to', mountPoint, '--min-free', '1']);
			expect(lines).toContainEqual(
				expect.objectContaining({ type: 'log', message: expect.stringContaining('paused') as string }),
			);
			const left = (await sets(mountPoint)).sets.map((set) => set.imageId);
			expect(left).not.toContain(first.imageId);
			expect(left).toContain(newest.imageId);
			expect(left).toContain((lines.find((line) => line.type === 'result') as ImageLine).imageId);
		} finally {
			await run('umount', [mountPoint]);
		}
	});
});
