import { copyFile, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { btrfsDriver } from '../../../../src/disk/btrfs/driver.ts';
import { fileSource, sparseFile } from '../../../support/byte-files.ts';
import { copyUsed } from '../../../support/copy-used.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

requireRoot();
requireTools(['mkfs.btrfs', 'btrfs', 'btrfs-map-logical', 'fsfreeze', 'mount']);
const temp = useTempFolder();
const mebibyte = 1024 * 1024;
const forget = () => run('btrfs', ['device', 'scan', '--forget'], { codes: [0, 1] });

async function describe(path: string, frozen = false) {
	const source = await fileSource(path);
	try {
		return (await btrfsDriver.open(source, { frozen }))!.info;
	} finally {
		await source.close();
	}
}

test('a tree log is a reason to store everything; a freeze leaves none', async () => {
	const image = await sparseFile(temp.file('source'), 256 * mebibyte);
	await run('mkfs.btrfs', ['-q', image]);
	const live = temp.file('live');
	const frozen = temp.file('frozen');
	const tree = await mounted(image, ['-o', 'loop,commit=300'], async (folder) => {
		await fillFolder(folder, 5, { files: 200, bytes: 20 * mebibyte });
		await run('sync', ['-f', folder]);
		await writeFile(join(folder, 'logged'), 'written to the tree log'.repeat(1000), { flush: true });
		await copyFile(image, live);
		await run('fsfreeze', ['-f', folder]);
		try {
			await run('cp', ['--sparse=always', image, frozen]);
		} finally {
			await run('fsfreeze', ['-u', folder]);
		}
		return hashTree(folder);
	});
	expect((await run('btrfs', ['inspect-internal', 'dump-super', live])).stdout).toMatch(/log_root\s+[1-9]/);
	for (const frozenFlag of [false, true]) expect((await describe(live, frozenFlag)).dirty).toMatch(/tree log/);
	const whole = await copyUsed(btrfsDriver, live, temp.file('target'), { blockSize: 65536 });
	expect(whole.used.usedBytes()).toBe(256 * mebibyte);

	const target = temp.file('target');
	const { fileSystem, used } = await copyUsed(btrfsDriver, frozen, target, { blockSize: 4096, frozen: true });
	expect(fileSystem.info.dirty).toBeUndefined();
	expect(used.usedBytes()).toBeLessThan(128 * mebibyte);
	await forget();
	await run('btrfs', ['check', '--readonly', '--check-data-csum', target]);
	expect(await mounted(target, ['-o', 'loop,ro'], hashTree)).toEqual(tree);
	await forget();
});

test('the second copy of a damaged node is taken', async () => {
	const image = await sparseFile(temp.file('source'), 256 * mebibyte);
	await run('mkfs.btrfs', ['-q', image]);
	const good = await copyUsed(btrfsDriver, image, temp.file('target'), { blockSize: 4096 });
	const { stdout } = await run('btrfs', ['inspect-internal', 'dump-tree', '-t', 'extent', image]);
	const logical = /^leaf (\d+)/m.exec(stdout)![1]!;
	const places = (await run('btrfs-map-logical', ['-l', logical, image])).stdout;
	const handle = await open(image, 'r+');
	const [first] = [...places.matchAll(/physical (\d+)/g)].map(([, place]) => Number(place));
	await handle.write(Buffer.from('damage'), 0, 6, first! + 200);
	await handle.close();
	const mended = await copyUsed(btrfsDriver, image, temp.file('target'), { blockSize: 4096 });
	expect(mended.used.usedBytes()).toBe(good.used.usedBytes());
});

test('what this driver cannot follow is stored whole, with the reason', async () => {
	const pair = [await sparseFile(temp.file('one'), 128 * mebibyte), await sparseFile(temp.file('two'), 128 * mebibyte)];
	await run('mkfs.btrfs', ['-q', '-m', 'raid1', '-d', 'single', ...pair]);
	for (const member of pair) expect((await describe(member)).dirty).toMatch(/spreads over 2 devices/);

	const striped = await sparseFile(temp.file('striped'), 300 * mebibyte);
	await forget();
	await run('mkfs.btrfs', ['-q', striped]);
	await mounted(striped, ['-o', 'loop'], async (folder) => {
		await writeFile(join(folder, 'file'), new Uint8Array(mebibyte).fill(1));
		await run('sync', ['-f', folder]);
		await run('btrfs', ['balance', 'start', '-f', '-dconvert=raid0', folder]);
	});
	expect((await describe(striped)).dirty).toMatch(/profile RAID0/);
	await forget();

	const short = await sparseFile(temp.file('short'), 256 * mebibyte);
	await run('mkfs.btrfs', ['-q', short]);
	const handle = await open(short, 'r+');
	await handle.truncate(200 * mebibyte);
	await handle.close();
	expect((await describe(short)).dirty).toMatch(/longer than its partition/);
});
