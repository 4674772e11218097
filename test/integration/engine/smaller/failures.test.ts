import type { ChildProcess } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { noiseFile, sha256 } from '../../../support/byte-files.ts';
import { afterimage, afterimageResult, type CliResult } from '../../../support/cli.ts';
import { makeRawDisk } from '../../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run, searchPath } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { filledExt, filledNtfs, judgeExt, mebibyte, partitionFile, tools, type Trees } from './scene.ts';

const ready = requireTools([...tools, 'unshare', 'mount']);
requireRoot();
const temp = useTempFolder();
const trees: Trees = new Map();
let image = '';
let target = '';
let before = '';

beforeAll(async () => {
	if (!ready) return;
	const disk = temp.file('disk.img');
	await makeRawDisk(disk, 'gpt', 200, [
		{ start: 1, size: 100, type: 'L', make: filledExt(trees, 1, 60) },
		{ start: 101, size: 90, type: 'L', make: filledNtfs(trees, 2, 50, 101) },
	]);
	await temp.folder('images');
	image = (await afterimageResult<ImageResult>(['image', disk, '--to', temp.file('images')])).files[0]!;
	await temp.folder('copies');
	target = temp.file('target.img');
	await noiseFile(target, 104 * mebibyte);
	before = await sha256(target);
});

afterEach(async () => {
	if (!ready) return;
	// Whatever failed: nothing was written, and nothing stays.
	expect(await sha256(target)).toBe(before);
	expect(await readdir(temp.file('copies'))).toEqual([]);
});

const restore = (...more: string[]) => [
	...['restore', image, '--to', target, '--shrink', '1', '--shrink', '2', '--temporary', temp.file('copies'), ...more],
];

/** Runs with a tool that does something else. @param script of a shell */
async function withTool(name: string, script: string, started?: (child: ChildProcess) => void): Promise<CliResult> {
	const folder = temp.file(`tools-${name}`);
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
	await chmod(join(folder, name), 0o755);
	return afterimage(restore(), started, ['env', `PATH=${folder}:${searchPath}`]);
}

/** Waits until a file is there, and gives its content. */
async function content(path: string): Promise<string> {
	for (let i = 0; i < 600; i++) {
		const text = await readFile(path, 'utf8').catch(() => '');
		if (text.endsWith('\n')) return text.trim();
		await delay(50);
	}
	throw new Error(`${path} never came`);
}

describe('a restore to a smaller disk leaves its target alone when', () => {
	it('a tool is not installed', async () => {
		const empty = await temp.folder('empty');
		const script = 'mount --bind "$0" /usr/sbin && exec "$@"';
		const result = await afterimage(restore(), undefined, ['unshare', '--mount', 'sh', '-c', script, empty]);
		expect(result.code).toBe(1);
		expect(result.err).toMatch(/e2fsck, which makes the file system smaller, is not installed\s+Install the package e2fsprogs/); // prettier-ignore
	});

	it('a tool is killed, fails, or says what is not understood', async () => {
		const killed = await withTool('resize2fs', '[ "$1" = -P ] && exec /usr/sbin/resize2fs "$@"; kill -9 $$');
		expect([killed.code, killed.err]).toEqual([1, expect.stringContaining('Partition 1 (ext4) cannot be made smaller: resize2fs was ended by SIGKILL')]); // prettier-ignore
		const failed = await withTool('ntfsresize', 'echo "ERROR: Cluster 7 is nobody\'s."; exit 3');
		expect([failed.code, failed.err]).toEqual([1, expect.stringContaining("Partition 2 (NTFS) cannot be made smaller: ntfsresize ended with 3: ERROR: Cluster 7 is nobody's.")]); // prettier-ignore
		const odd = await withTool('resize2fs', 'echo "Estimated minimum size: some"');
		expect([odd.code, odd.err]).toEqual([1, expect.stringContaining('Estimated minimum size: some')]);
		const wrong = await withTool('resize2fs', '[ "$1" = -P ] && exec /usr/sbin/resize2fs "$@"; /usr/sbin/resize2fs "$@"; dd if=/dev/zero of="$1" bs=1024 seek=40 count=2000 conv=notrunc'); // prettier-ignore
		expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('Partition 1 (ext4) cannot be made smaller: e2fsck ended with')]); // prettier-ignore
	});

	it('a tool needs more than there is', async () => {
		const huge = `[ "$1" = -P ] && { echo "Estimated minimum size of the filesystem: ${99 * 1024}"; exit; }; exec /usr/sbin/resize2fs "$@"`;
		const result = await withTool('resize2fs', huge);
		expect(result.code).toBe(7);
		expect(result.err).toContain(
			'are needed even where partitions are as small as they can be (Partition 1 (ext4) 99.00 MB',
		);
		const asked = await afterimage([...restore().map((one) => (one === '1' ? '1=16M' : one))]);
		expect(asked.code).toBe(2);
		expect(asked.err).toMatch(/Partition 1 \(ext4\) cannot shrink to 16777216 bytes .*: at least \d+ \(/);
	});

	it('the folder for copies has no room', async () => {
		const small = await temp.folder('small');
		await run('mount', ['-t', 'tmpfs', '-o', 'size=8M', 'tmpfs', small]);
		try {
			const result = await afterimage(restore('--temporary', small));
			expect(result.code).toBe(7);
			expect(result.err).toMatch(
				/small has \d+ bytes free .*; the copies in which file systems are made smaller may take \d+/,
			);
			expect(result.err).toContain('Name another folder with --temporary.');
			expect(await readdir(small)).toEqual([]);
		} finally {
			await run('umount', [small]);
		}
	});

	it('it is cancelled, within a second, and the tool with it', async () => {
		const pid = temp.file('cancelled.pid');
		let child: ChildProcess | undefined;
		const ended = withTool('resize2fs', `echo $$ > ${pid}; exec sleep 600`, (started) => (child = started));
		const tool = Number(await content(pid));
		const [folder] = await readdir(temp.file('copies'));
		const path = temp.file(join('copies', folder!));
		expect((await lstat(path)).mode & 0o777).toBe(0o700);
		expect((await lstat(join(path, 'partition-1.raw'))).mode & 0o777).toBe(0o600);
		const at = Date.now();
		child!.kill('SIGINT');
		expect((await ended).code).toBe(4);
		expect(Date.now() - at).toBeLessThan(3000);
		expect(() => process.kill(tool, 0)).toThrow('ESRCH');
	});

	it('it is killed: the next run removes the copies', async () => {
		const pid = temp.file('killed.pid');
		let child: ChildProcess | undefined;
		const ended = withTool('resize2fs', `echo $$ > ${pid}; exec sleep 600`, (started) => (child = started));
		const tool = Number(await content(pid));
		child!.kill('SIGKILL');
		await ended;
		process.kill(tool, 'SIGKILL');
		const [left] = await readdir(temp.file('copies'));
		expect(left).toMatch(/^afterimage-shrink-/);
		// What is none of its own stays.
		const foreign = temp.file(join('copies', 'afterimage-shrink-abcdef'));
		await mkdir(foreign, { mode: 0o755 });
		const other = temp.file('other.img');
		await noiseFile(other, 104 * mebibyte);
		await afterimageResult(restore('--to', other));
		expect(await readdir(temp.file('copies'))).toEqual(['afterimage-shrink-abcdef']);
		await run('rmdir', [foreign]);
		await judgeExt(await partitionFile(other, 1, temp.file('judged.img')), trees.get(1)!);
	});
});
