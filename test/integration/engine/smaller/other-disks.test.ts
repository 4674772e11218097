import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { noiseFile, sha256 } from '../../../support/byte-files.ts';
import { afterimage, afterimageResult } from '../../../support/cli.ts';
import { hashTree } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { makeRawDisk } from '../../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { filledExt, filledNtfs, judgeExt, judgeNtfs, mebibyte, partitionFile, partitionsOf, tools, type Trees } from './scene.ts'; // prettier-ignore

const ready = requireTools(tools);
requireRoot();
const temp = useTempFolder();
const trees: Trees = new Map();
const password = () => ['--password-file', temp.file('password')];
let disk = '';

/** The increment of an encrypted chain, of a disk with logical partitions. */
let image = '';

beforeAll(async () => {
	if (!ready) return;
	disk = temp.file('disk.img');
	await makeRawDisk(disk, 'dos', 220, [
		{ start: 1, size: 60, type: '83', make: filledExt(trees, 1, 20, '-t', 'ext2') },
		{ start: 62, size: 150, type: 'E' },
		{ start: 64, size: 50, type: '07', make: filledNtfs(trees, 5, 20, 64) },
		{ start: 116, size: 60, type: '83', make: filledExt(trees, 6, 20, '-t', 'ext3') },
		{ start: 180, size: 16, type: '83', make: (file) => run('mkfs.ext4', ['-q', '-F', '-O', 'bigalloc', file]).then() },
	]);
	await writeFile(temp.file('password'), 'smaller\n');
	await temp.folder('images');
	const make = ['image', disk, '--to', temp.file('images'), ...password()];
	await afterimageResult<ImageResult>(make);
	await mounted(disk, ['-o', `loop,offset=${mebibyte},sizelimit=${60 * mebibyte}`], async (folder) => {
		await writeFile(join(folder, 'later'), 'written after the full');
		trees.set(1, await hashTree(folder));
	});
	image = (await afterimageResult<ImageResult>([...make, '--type', 'inc'])).files[0]!;
});

it('logical partitions of an encrypted chain become smaller, with the records before them', async () => {
	const target = temp.file('target.img');
	await noiseFile(target, 140 * mebibyte);
	const wishes = ['1', '5', '6'].flatMap((number) => ['--shrink', number]);
	await afterimageResult(['restore', image, '--to', target, ...wishes, ...password(), '--verify', '--zero-unused']);
	const found = await partitionsOf(target);
	expect(found.map(({ number }) => number)).toEqual([1, 2, 5, 6, 7]);
	expect((await run('sfdisk', ['--verify', target])).stdout).toContain('No errors detected');
	for (const { number, start } of found) {
		const file = await partitionFile(target, number, temp.file('judged.img'));
		if (number === 5) await judgeNtfs(file, trees.get(5)!, start);
		else if (number === 1 || number === 6) await judgeExt(file, trees.get(number)!);
		else if (number === 7) await run('e2fsck', ['-fn', file]);
	}
});

it('what its tool does not make smaller is refused before anything is written', async () => {
	const target = temp.file('refused.img');
	await noiseFile(target, 140 * mebibyte);
	const before = await sha256(target);
	const wishes = ['1=20M', '5=20M', '6=20M', '7=4M'].flatMap((wish) => ['--shrink', wish]);
	const result = await afterimage(['restore', image, '--to', target, ...wishes, ...password()]);
	expect(result.code).toBe(2);
	expect(result.err).toMatch(/Partition 7 \(ext4\) cannot shrink to 4194304 bytes .*: at least \d+ /);
	expect(await sha256(target)).toBe(before);
});
