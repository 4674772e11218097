import { copyFile, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { xfsDriver } from '../../../../src/disk/xfs/driver.ts';
import { fileSource, sparseFile } from '../../../support/byte-files.ts';
import { copyUsed } from '../../../support/copy-used.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

requireRoot();
requireTools(['mkfs.xfs', 'xfs_repair', 'xfs_admin', 'xfs_db', 'xfs_logprint', 'fsfreeze', 'mount']);
const temp = useTempFolder();
const mebibyte = 1024 * 1024;

/** Makes mkfs.xfs, which refuses less than 300 MiB today, lenient as for its own tests. */
const lenient = { TEST_DEV: '1', TEST_DIR: '1', QA_CHECK_FS: '1' };

async function describe(path: string, frozen: boolean) {
	const source = await fileSource(path);
	try {
		return (await xfsDriver.open(source, { frozen }))!.info;
	} finally {
		await source.close();
	}
}

/** Copies the image below a mounted volume while no write can reach it. */
async function copyFrozen(folder: string, from: string, to: string): Promise<void> {
	await run('fsfreeze', ['-f', folder]);
	try {
		await run('cp', ['--sparse=always', from, to]);
	} finally {
		await run('fsfreeze', ['-u', folder]);
	}
}

test.each([
	['with the defaults', '-m rmapbt=1'],
	['with sectors of 4 KiB and a striped log', '-s size=4096 -l su=256k'],
])('mounted, frozen and unmounted %s', async (_, options) => {
	const image = await sparseFile(temp.file('source'), 320 * mebibyte);
	await run('mkfs.xfs', ['-q', ...options.split(' '), image]);
	expect((await describe(image, false)).dirty).toBeUndefined();
	const live = temp.file('live');
	const fresh = temp.file('fresh');
	const frozen = temp.file('frozen');
	const tree = await mounted(image, ['-o', 'loop'], async (folder) => {
		await copyFrozen(folder, image, fresh);
		await fillFolder(folder, 7, { files: 200, bytes: 30 * mebibyte });
		// A file that is open and deleted is in use until recovery takes it away.
		const doomed = await open(join(folder, 'doomed'), 'w');
		await doomed.write(new Uint8Array(100_000).fill(1));
		await rm(join(folder, 'doomed'));
		await run('sync', []);
		await copyFile(image, live);
		await copyFrozen(folder, image, frozen);
		await writeFile(join(folder, 'later'), 'not in the copies');
		await doomed.close();
		const all = await hashTree(folder);
		all.delete('later');
		return all;
	});

	expect((await describe(live, false)).dirty).toMatch(/log is not clean/);
	expect((await describe(live, true)).dirty).toMatch(/did not bring to their places/);
	const whole = await copyUsed(xfsDriver, live, temp.file('target'), { blockSize: 65536 });
	expect(whole.used.usedBytes()).toBe(320 * mebibyte);

	expect((await describe(fresh, true)).dirty).toBeUndefined();
	expect((await describe(frozen, false)).dirty).toMatch(/log is not clean/);
	expect((await run('xfs_logprint', ['-t', frozen])).stdout).toContain('<DIRTY>');
	const target = temp.file('target');
	const { fileSystem, used } = await copyUsed(xfsDriver, frozen, target, { blockSize: 4096, frozen: true });
	expect(fileSystem.info.dirty).toBeUndefined();
	expect(used.usedBytes()).toBeLessThan(160 * mebibyte);
	// Until the log is replayed, xfs_repair sees an outdated count of free blocks and the deleted file, nothing else.
	const before = await run('xfs_repair', ['-n', target], { codes: [0, 1] });
	const lines = (before.stdout + before.stderr).split('\n');
	const counted = lines.flatMap((line) => /sb_fdblocks \d+, counted (\d+)/.exec(line)?.[1] ?? []);
	expect(counted).toEqual([String(fileSystem.info.freeClusters)]);
	const steps = /^\s+- |^Phase/;
	const complaints = lines.filter((line) => !steps.test(line) && /\b(bad|would|corrupt|claim\w*|missing)\b/.test(line));
	expect(complaints.sort()).toEqual([
		expect.stringMatching(/^disconnected inode \d+/),
		expect.stringMatching(/^would have reset inode \d+ nlinks from 0 to 1/),
	]);
	const restored = await mounted(target, ['-o', 'loop,nouuid'], hashTree);
	expect(restored).toEqual(tree);
	await run('xfs_repair', ['-n', target]);
	expect((await describe(target, false)).dirty).toBeUndefined();

	expect((await describe(image, false)).dirty).toBeUndefined();
});

test.each(['size=6m', 'size=6m,su=32k'])(
	'a log (%s) that goes round is read at every place of its head',
	async (log) => {
		const image = await sparseFile(temp.file('round'), 64 * mebibyte);
		await run('mkfs.xfs', ['-q', '-l', log, image], { env: lenient });
		const heads: number[] = [];
		for (let round = 0; round < 5; round++) {
			await mounted(image, ['-o', 'loop,logbsize=32k'], async (folder) => {
				for (let i = 0; i < 300; i++) await writeFile(join(folder, `${round}-${i}`), 'x', { flush: true });
				await run('sync', []);
				await run('cp', ['--sparse=always', image, temp.file('live')]);
				await copyFrozen(folder, image, temp.file('frozen'));
			});
			expect((await describe(temp.file('live'), false)).dirty).toMatch(/log is not clean/);
			expect((await describe(temp.file('live'), true)).dirty).toMatch(/did not bring to their places/);
			expect((await describe(temp.file('frozen'), true)).dirty).toBeUndefined();
			expect((await describe(image, false)).dirty).toBeUndefined();
			const { stdout } = await run('xfs_logprint', ['-t', image]);
			expect(stdout).toContain('<CLEAN>');
			heads.push(Number(/head: (\d+)/.exec(stdout)![1]));
		}
		expect(heads.filter((head, i) => i > 0 && head < heads[i - 1]!).length).toBeGreaterThan(0);
	},
);

test.each([
	['a repair that cleared its log', 'xfs_repair -L'],
	['a new UUID', 'xfs_admin -U generate'],
])('clean after %s', async (_, command) => {
	const image = await sparseFile(temp.file('source'), 64 * mebibyte);
	await run('mkfs.xfs', ['-q', '-d', 'agcount=2', image], { env: lenient });
	const tree = await mounted(image, ['-o', 'loop'], async (folder) => {
		await fillFolder(folder, 3, { files: 40, bytes: 2 * mebibyte });
		return hashTree(folder);
	});
	const [program, ...args] = command.split(' ');
	await run(program!, [...args, image]);
	expect((await run('xfs_logprint', ['-t', image])).stdout).toContain('<CLEAN>');
	expect((await describe(image, false)).dirty).toBeUndefined();
	const target = temp.file('target');
	await copyUsed(xfsDriver, image, target, { blockSize: 4096 });
	await run('xfs_repair', ['-n', target]);
	expect(await mounted(target, ['-o', 'loop,nouuid'], hashTree)).toEqual(tree);
});

test('what cannot be judged from this device alone is stored whole, with the reason', async () => {
	const image = await sparseFile(temp.file('external'), 320 * mebibyte);
	const log = await sparseFile(temp.file('external-log'), 80 * mebibyte);
	await run('mkfs.xfs', ['-q', '-l', `logdev=${log},size=64m`, image]);
	expect((await describe(image, true)).dirty).toMatch(/log .* on another device/);

	const realtime = await sparseFile(temp.file('realtime'), 320 * mebibyte);
	const section = await sparseFile(temp.file('realtime-section'), 100 * mebibyte);
	await run('mkfs.xfs', ['-q', '-f', '-m', 'rmapbt=0,reflink=0', '-r', `rtdev=${section}`, realtime]);
	expect((await describe(realtime, true)).dirty).toMatch(/realtime section/);

	const marked = await sparseFile(temp.file('marked'), 320 * mebibyte);
	await run('mkfs.xfs', ['-q', marked]);
	const setFeatures = (bits: string) =>
		run('xfs_db', ['-x', '-c', 'sb 0', '-c', `write -d features_incompat ${bits}`, marked]);
	await setFeatures('0x1b');
	expect((await run('xfs_db', ['-r', '-c', 'version', marked])).stdout).toMatch(/NEEDSREPAIR/);
	expect((await describe(marked, true)).dirty).toMatch(/xfs_repair/);
	await setFeatures('0x40000b');
	expect((await describe(marked, true)).dirty).toMatch(/unknown XFS features .*0x400000/);
	await run('xfs_db', ['-x', '-c', 'sb 0', '-c', 'write -d features_incompat 0xb', '-c', 'write inprogress 1', marked]);
	expect((await describe(marked, true)).dirty).toMatch(/mkfs.xfs did not finish/);
});
