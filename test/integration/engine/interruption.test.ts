import type { ChildProcess } from 'node:child_process';
import { readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { sparseFile } from '../../support/byte-files.ts';
import { afterimage, afterimageJson, afterimageResult } from '../../support/cli.ts';
import { mounted } from '../../support/mounted.ts';
import { randomNumbers } from '../../support/random-numbers.ts';
import { ext4From, makeRawDisk } from '../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import { useTempFolder } from '../../support/temp-folder.ts';

const ready = requireTools(['mkfs.ext4', 'sfdisk']);
const temp = useTempFolder();
const mebibyte = 2 ** 20;
let disk = '';

interface ImageResultLine {
	readonly files: readonly string[];
	readonly partitions: readonly { badRanges: { offset: number; length: number }[] }[];
	readonly [key: string]: unknown;
	readonly type: string;
}

beforeAll(async () => {
	if (!ready) return;
	const files = await temp.folder('files');
	// Incompressible, so that a run takes long enough to be interrupted anywhere.
	for (let i = 0; i < 48; i++) {
		await writeFile(join(files, `file-${i}`), randomNumbers(i + 1).fill(new Uint8Array(4 * mebibyte)));
	}
	disk = temp.file('disk.img');
	await makeRawDisk(disk, 'gpt', 256, [{ start: 1, size: 250, type: 'L', make: ext4From(files) }]);
});

/** A folder with one good image, and what proves that it stays as it is. */
async function folderWithImage(name: string): Promise<{ folder: string; unchanged: () => Promise<void> }> {
	const folder = await temp.folder(name);
	const { files } = await afterimageResult<ImageResultLine>(['image', disk, '--to', folder]);
	const hash = async () => (await run('sha256sum', [...files])).stdout;
	const before = await hash();
	return {
		folder,
		unchanged: async () => {
			expect(await hash()).toBe(before);
		},
	};
}

async function images(folder: string): Promise<string[]> {
	return (await readdir(folder)).filter((name) => name.endsWith('.mrimgx'));
}

/** Waits until the run has something in the folder that tells that it has begun to write. */
async function untilWriting(folder: string): Promise<void> {
	while (!(await readdir(folder)).some((name) => name.endsWith('.part'))) await delay(5);
}

describe('a run that is stopped', () => {
	it('ends soon and leaves nothing when it is cancelled', async () => {
		const { folder, unchanged } = await folderWithImage('cancelled');
		for (const [signal, wait] of [
			['SIGINT', 0],
			['SIGTERM', 60],
			['SIGINT', 250],
		] as const) {
			const before = (await readdir(folder)).sort();
			let sent = 0;
			const result = await afterimage(['image', disk, '--to', folder], (child) => {
				void untilWriting(folder).then(async () => {
					await delay(wait);
					sent = Date.now();
					child.kill(signal);
				});
			});
			const took = Date.now() - sent;
			if (result.code === 0) continue;
			expect(result).toMatchObject({ code: 4, err: expect.stringContaining('Cancelled') as string });
			console.info(`${signal} after ${wait} ms: ended ${took} ms later`);
			expect((await readdir(folder)).sort()).toEqual(before);
		}
		await unchanged();
	});

	it('killed anywhere, leaves every earlier file as it was, and the next run clears up', async () => {
		const { folder, unchanged } = await folderWithImage('killed');
		const kill = (child: ChildProcess) => child.kill('SIGKILL');
		for (const wait of [0, 5, 15, 40, 80, 120, 180, 250, 350, 500, 700]) {
			const known = await images(folder);
			await afterimage(['image', disk, '--to', folder], (child) => {
				void untilWriting(folder).then(async () => {
					await delay(wait);
					kill(child);
				});
			});
			await unchanged();
			for (const name of await images(folder)) {
				if (known.includes(name)) continue;
				// It had come to its end before the signal: then it is whole.
				await afterimageResult(['verify', join(folder, name)]);
				await rm(join(folder, name));
			}
			for (const name of (await readdir(folder)).filter((one) => !known.includes(one))) {
				expect(name).toMatch(/\.part$|^\.afterimage/);
			}
		}
		await writeFile(join(folder, 'ABCDEF0123456789-00-00.mrimgx.part'), 'left over');
		const lines = await afterimageJson(['image', disk, '--to', folder]);
		expect(lines).toContainEqual(
			expect.objectContaining({ type: 'log', message: expect.stringContaining('Removed ABCDEF0123456789') as string }),
		);
		// What notes verified images stays, where a run had come to its end above.
		const left = (await readdir(folder)).filter((name) => name !== '.afterimage-verified');
		expect(left.filter((name) => name.includes('.part') || name.startsWith('.'))).toEqual([]);
		expect(await images(folder)).toHaveLength(2);
		await unchanged();
	});

	it('takes over the lock of a run that was killed, and respects a live one', async () => {
		const folder = await temp.folder('locked');
		let second: Promise<{ code: number | null }> | undefined;
		await afterimage(['image', disk, '--to', folder], (child) => {
			void untilWriting(folder).then(() => {
				child.kill('SIGSTOP');
				second = afterimage(['image', disk, '--to', folder]);
				void second.then(() => child.kill('SIGKILL'));
			});
		});
		expect((await second)?.code).toBe(3);
		const lines = await afterimageJson(['image', disk, '--to', folder]);
		expect(lines).toContainEqual(
			expect.objectContaining({ type: 'log', message: expect.stringContaining('Took over') as string }),
		);
	});

	it('completes the names of a split backup whose run died between two renames', async () => {
		const folder = await temp.folder('renaming');
		const { files } = await afterimageResult<ImageResultLine>(['image', disk, '--to', folder, '--split', '64M']);
		for (const file of files.slice(1)) await rename(file, `${file}.part`);
		await afterimageJson(['image', disk, '--to', folder]);
		await afterimageResult(['verify', files[0]!]);
	});

	it('says that the destination has gone', async () => {
		const folder = await temp.folder('vanished');
		const result = await afterimage(['image', disk, '--to', folder], () => {
			// All at once, as a share or a removed disk goes.
			void untilWriting(folder).then(() => rename(folder, temp.file('elsewhere')));
		});
		expect(result.code).toBe(8);
		expect(result.err).toContain(folder);
	});
});

describe('a destination that is full', () => {
	requireRoot();

	it('is said, and nothing of the run stays', async () => {
		const folder = await temp.folder('small');
		await run('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder]);
		try {
			const lines = await afterimageJson(['image', disk, '--to', folder], 7);
			expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'no-space' });
			expect(lines.at(-1)?.['advice']).toBeTruthy();
			expect(await readdir(folder)).toEqual([]);
		} finally {
			await run('umount', [folder]);
		}
	});
});

describe('a source that cannot be read everywhere', () => {
	requireRoot();

	const lost = 16 * 1024;

	/** A loop device whose file is shorter than the device: the kernel answers EIO behind its end. */
	async function withFaultyDisk(fn: (device: string, good: number) => Promise<void>): Promise<void> {
		const file = await sparseFile(temp.file('faulty.img'), 64 * mebibyte);
		await run('sh', ['-c', 'head -c 67108864 /dev/urandom > "$1"', 'sh', file]);
		const device = (await run('losetup', ['--find', '--show', file])).stdout.trim();
		try {
			await truncate(file, 64 * mebibyte - lost);
			await fn(device, 64 * mebibyte - lost);
		} finally {
			await run('losetup', ['-d', device]);
		}
	}

	it('fails with the offset, or stores zeros there and lists them', async () => {
		const folder = await temp.folder('faulty');
		await withFaultyDisk(async (device, good) => {
			const lines = await afterimageJson(['image', device, '--to', folder], 1);
			expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'read-error' });
			expect((lines.at(-1)?.['details'] as { offset: number }).offset).toBeGreaterThanOrEqual(good);
			expect(await readdir(folder)).toEqual([]);

			const result = await afterimageResult<ImageResultLine>(['image', device, '--to', folder, '--skip-bad-sectors']);
			const { badRanges } = result.partitions[0]!;
			expect(badRanges[0]?.offset).toBe(good);
			expect(badRanges.reduce((sum, range) => sum + range.length, 0)).toBe(lost);
			const target = temp.file('faulty-back.img');
			await afterimageResult(['restore', result.files[0]!, '--to', target]);
			await run('cmp', ['-n', String(good), target, temp.file('faulty.img')]);
			await run('cmp', ['-n', String(lost), '-i', `${good}:0`, target, '/dev/zero']);
		});
	});
});

describe('devices', () => {
	requireRoot();

	/** The disk file as a loop device with partition nodes. */
	async function withDevice(file: string, fn: (device: string) => Promise<void>): Promise<void> {
		const device = (await run('losetup', ['--find', '--show', file])).stdout.trim();
		try {
			await run('partx', ['--add', device]);
			await fn(device);
		} finally {
			await run('partx', ['--delete', device]);
			await run('losetup', ['-d', device]);
		}
	}

	it('are listed with what is mounted, and imaged while it is, frozen for the run', async () => {
		const folder = await temp.folder('device-images');
		const copy = temp.file('device.img');
		await run('cp', ['--sparse=always', disk, copy]);
		await withDevice(copy, async (device) => {
			const node = `${device}p1`;
			await mounted(node, [], async (mountPoint) => {
				await writeFile(join(mountPoint, 'before'), 'written just before the run');
				const listed = await afterimageResult<{ type: string; disks: { partitions: { mountedAt: string[] }[] }[] }>([
					'disks',
					device,
				]);
				expect(listed.disks[0]?.partitions[0]?.mountedAt).toEqual([mountPoint]);

				const lines = await afterimageJson(['image', node, '--to', folder]);
				expect(lines).toContainEqual(
					expect.objectContaining({ type: 'log', message: expect.stringContaining('Froze') as string }),
				);
				// It is thawed again: a write comes through.
				await writeFile(join(mountPoint, 'after'), 'written after the run');
				const refused = await afterimageJson(['image', device, '--to', mountPoint], 2);
				expect(refused.at(-1)?.['message']).toContain('which is to be imaged');
				const file = join(folder, (await images(folder))[0]!);
				const inUse = await afterimageJson(['restore', file, '--to', device, '--yes'], 1);
				expect(inUse.at(-1)).toMatchObject({ code: 'target-in-use' });
				expect(inUse.at(-1)?.['message']).toContain(mountPoint);
			});
		});
		const image = join(folder, (await images(folder))[0]!);
		const target = temp.file('from-device.img');
		await afterimageResult(['restore', image, '--to', target]);
		await run('dd', [`if=${target}`, `of=${temp.file('p1')}`, 'bs=1M', 'skip=1', 'count=250', 'status=none']);
		await run('e2fsck', ['-fn', temp.file('p1')]);
		const content = await run('debugfs', ['-R', 'cat /before', temp.file('p1')]);
		expect(content.stdout).toBe('written just before the run');
	});

	it('thaw when the engine is killed while they are frozen', async () => {
		const folder = await temp.folder('thaw-images');
		const copy = temp.file('thaw.img');
		await run('cp', ['--sparse=always', disk, copy]);
		await withDevice(copy, async (device) => {
			await mounted(`${device}p1`, [], async (mountPoint) => {
				await afterimage(['image', device, '--to', folder], (child) => {
					void untilWriting(folder).then(() => child.kill('SIGKILL'));
				});
				// Would hang, and run into the test's own limit, were it still frozen.
				await run('sh', [
					'-c',
					'for i in 1 2 3; do touch "$1/thawed" && sync && exit 0; sleep 1; done',
					'sh',
					mountPoint,
				]);
			});
		});
	});

	it('are written after their name was confirmed, and read back', async () => {
		const folder = await temp.folder('to-device-images');
		const { files } = await afterimageResult<ImageResultLine>(['image', disk, '--to', folder]);
		const file = await sparseFile(temp.file('to-device.img'), 260 * mebibyte);
		const device = (await run('losetup', ['--find', '--show', file])).stdout.trim();
		try {
			const asked = await afterimageJson(['restore', files[0]!, '--to', device], 2);
			expect(asked.at(-1)?.['advice']).toContain('--yes');
			await afterimageResult(['restore', files[0]!, '--to', device, '--yes', '--verify', '--discard']);
		} finally {
			await run('losetup', ['-d', device]);
		}
		expect((await run('sgdisk', ['-v', file])).stdout).toContain('No problems found');
		await run('cmp', ['-i', '20480', '-n', String(250 * mebibyte), file, disk]);
	});

	it('take one partition into a partition of another place', async () => {
		const folder = await temp.folder('one-partition');
		const { files } = await afterimageResult<ImageResultLine>(['image', disk, '--to', folder]);
		const other = temp.file('elsewhere.img');
		await makeRawDisk(other, 'gpt', 300, [{ start: 40, size: 255, type: 'L' }]);
		await withDevice(other, async (device) => {
			await afterimageResult(['restore', files[0]!, '--to', `${device}p1`, '--yes', '--verify']);
		});
		await run('dd', [`if=${other}`, `of=${temp.file('p2')}`, 'bs=1M', 'skip=40', 'count=250', 'status=none']);
		await run('e2fsck', ['-fn', temp.file('p2')]);
	});
});
