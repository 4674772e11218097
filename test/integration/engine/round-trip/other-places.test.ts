import { copyFile, open, rm, stat, truncate } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { bootChecksum } from '../../../../src/disk/exfat/boot-sector.ts';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import type { RestoreResult } from '../../../../src/engine/requests/restore.ts';
import { noiseFile, sparseFile } from '../../../support/byte-files.ts';
import { afterimage, afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { mounted } from '../../../support/mounted.ts';
import { ext4From, extract, makeRawDisk, patch } from '../../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const mebibyte = 2 ** 20;
const ready = requireTools([
	...['mkfs.ext4', 'e2fsck', 'resize2fs', 'mkntfs', 'ntfs-3g', 'ntfsfix', 'mkfs.fat', 'fsck.fat', 'mcopy'],
	...['mkfs.exfat', 'fsck.exfat', 'sfdisk', 'sgdisk', 'cmp'],
]);
requireRoot();
const temp = useTempFolder();

/** MiB on the imaged disk, by number. */
const source = {
	1: { start: 1, size: 16 },
	2: { start: 20, size: 34 },
	3: { start: 60, size: 10 },
	4: { start: 71, size: 40 },
} as const;
/** MiB on targets. */
const gpt = { 1: { start: 2, size: 35 }, 2: { start: 38, size: 10 }, 3: { start: 50, size: 48 } } as const;
const mbr = { 5: { start: 30, size: 20 }, 6: { start: 60, size: 16 } } as const;

let files = '';
let image = '';
let gptTarget = '';
let mbrTarget = '';
let hashes = new Map<string, string>();

/** Boot sectors know where they lie, as Windows has them; mkfs of a file cannot. */
const ntfsAt = (start: number) => async (file: string) => {
	await run('mkntfs', ['-q', '-F', '-s', '512', '-p', String(start * 2048), '-H', '255', '-S', '63', file]);
	await mounted(file, ntfs, async (folder) => void (await run('cp', ['-a', `${files}/.`, folder])));
};
const fatAt = (start: number) => async (file: string) => {
	await run('mkfs.fat', ['-F', '32', '-h', String(start * 2048), file]);
	await run('sh', ['-c', 'mcopy -s -i "$1" "$2"/* ::', 'sh', file, files]);
};
const exfatAt = (start: number) => async (file: string) => {
	await run('mkfs.exfat', [file]);
	const handle = await open(file, 'r+');
	for (const region of [0, 12]) {
		const sectors = Buffer.alloc(12 * 512);
		await handle.read(sectors, 0, sectors.length, region * 512);
		sectors.writeBigUInt64LE(BigInt(start * 2048), 64);
		const sum = bootChecksum(sectors.subarray(0, 11 * 512));
		for (let at = 11 * 512; at < sectors.length; at += 4) sectors.writeUInt32LE(sum, at);
		await handle.write(sectors, 0, sectors.length, region * 512);
	}
	await handle.close();
};
const ntfs = { command: 'ntfs-3g', args: ['-o', 'no_detach'] };

/** A disk full of noise but for its table. */
async function noisyDisk(path: string, table: 'gpt' | 'dos', lines: readonly string[]): Promise<string> {
	await noiseFile(path, 100 * mebibyte);
	await run('sfdisk', ['--quiet', '--wipe', 'never', path], { input: `label: ${table}\n${lines.join('\n')}\n` });
	return path;
}
const line = ({ start, size }: { start: number; size: number }, type: string) =>
	`start=${start * 2048}, size=${size * 2048}, type=${type}`;

beforeAll(async () => {
	if (!ready) return;
	files = await temp.folder('files');
	await fillFolder(files, 1, { files: 40, bytes: 4 * mebibyte });
	hashes = await hashTree(files);
	const disk = temp.file('disk.img');
	await makeRawDisk(disk, 'gpt', 112, [
		{ ...source[1], type: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7', make: ntfsAt(source[1].start) },
		{ ...source[2], type: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7', make: fatAt(source[2].start) },
		{ ...source[3], type: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7', make: exfatAt(source[3].start) },
		{ ...source[4], type: 'L', make: ext4From(files) },
	]);
	await temp.folder('images');
	image = (await afterimageResult<ImageResult>(['image', disk, '--to', temp.file('images')])).files[0]!;
	const basic = 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7';
	gptTarget = await noisyDisk(temp.file('gpt.img'), 'gpt', [
		line(gpt[1], basic),
		line(gpt[2], basic),
		line(gpt[3], 'L'),
	]);
	const extended = line({ start: 20, size: 70 }, '5');
	const first = line({ start: 1, size: 18 }, '83');
	mbrTarget = await noisyDisk(temp.file('mbr.img'), 'dos', [first, extended, line(mbr[5], '7'), line(mbr[6], '83')]);
});

/**
 * Restores a partition into another of a copy of a target, where nothing else may change.
 * @returns the partition as a file of its own
 */
async function restored(
	target: string,
	number: number,
	place: { start: number; size: number },
	into: number,
	...options: string[]
) {
	const copy = temp.file('target.img');
	await copyFile(target, copy);
	const partition = ['--partition', String(number), '--into', String(into)];
	const lines = await afterimageJson(['restore', image, '--to', copy, ...partition, '--verify', ...options]);
	await expectOutside(copy, target, place);
	const part = await extract(copy, place.start * mebibyte, place.size * mebibyte, temp.file('part.img'));
	return { copy, part, lines };
}

/** Every byte outside of the partition is that of the original. */
async function expectOutside(copy: string, original: string, { start, size }: { start: number; size: number }) {
	await run('cmp', ['-n', String(start * mebibyte), copy, original]);
	await run('cmp', ['-i', String((start + size) * mebibyte), copy, original]);
}

async function wordAt(file: string, offset: number): Promise<number> {
	const handle = await open(file, 'r');
	const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, offset);
	await handle.close();
	return buffer.readUInt32LE();
}

describe('a partition goes into another', () => {
	it('ext4 into a larger one of a GPT, where resize2fs grows it', async () => {
		const { copy, part, lines } = await restored(gptTarget, 4, gpt[3], 3);
		expect((await run('sgdisk', ['-v', copy])).stdout).toContain('No problems found');
		await run('e2fsck', ['-fn', part]);
		await mounted(part, ['-o', 'loop,ro'], async (folder) => expect(await hashTree(folder)).toEqual(hashes));
		expect(lines.map(({ message }) => message).join('\n')).toContain(
			'8.00 MB larger than what is restored to it (ext4)',
		);
		await run('resize2fs', [part]);
		await run('e2fsck', ['-fn', part]);
	});

	it('NTFS into a larger logical one of an MBR, cleared of all that was there', async () => {
		const { copy, part } = await restored(mbrTarget, 1, mbr[5], 5, '--zero-unused');
		expect((await run('sfdisk', ['--verify', copy])).stdout).toContain('No errors detected');
		expect((await run('ntfsfix', ['-n', part])).stdout).toContain('Checking the alternate boot sector... OK');
		for (const sector of [0, source[1].size * 2048 - 1, mbr[5].size * 2048 - 1]) {
			expect(await wordAt(part, sector * 512 + 0x1c)).toBe(mbr[5].start * 2048);
		}
		await mounted(part, ntfs, async (folder) => expect(await hashTree(folder)).toEqual(hashes));
		const behind = await extract(part, source[1].size * mebibyte, 4 * mebibyte - 512, temp.file('behind'));
		await run('cmp', ['-n', String(4 * mebibyte - 512), behind, '/dev/zero']);
	});

	it('NTFS into one of the same length', async () => {
		const { part } = await restored(mbrTarget, 1, mbr[6], 6);
		expect((await run('ntfsfix', ['-n', part])).stdout).toContain('Checking the alternate boot sector... OK');
		expect(await wordAt(part, 0x1c)).toBe(mbr[6].start * 2048);
	});

	it('FAT32, and again only what differs', async () => {
		const { copy, part } = await restored(gptTarget, 2, gpt[1], 1);
		await run('fsck.fat', ['-n', part]);
		for (const sector of [0, 6]) expect(await wordAt(part, sector * 512 + 0x1c)).toBe(gpt[1].start * 2048);
		await temp.folder('copied');
		await run('sh', ['-c', 'mcopy -s -n -i "$1" ::/* "$2"', 'sh', part, temp.file('copied')]);
		expect(await hashTree(temp.file('copied'))).toEqual(hashes);
		const again = ['restore', image, '--to', copy, '--partition', '2', '--into', '1', '--delta', '--verify'];
		expect((await afterimageResult<RestoreResult>(again)).writtenBlocks).toBe(1);
		const same = await extract(copy, gpt[1].start * mebibyte, gpt[1].size * mebibyte, temp.file('same.img'));
		await run('cmp', [part, same]);
	});

	it('exFAT, whose boot checksums are right', async () => {
		const { part } = await restored(gptTarget, 3, gpt[2], 2);
		expect((await run('fsck.exfat', ['-n', part])).stdout).toContain('clean');
		for (const region of [0, 12]) expect(await wordAt(part, region * 512 + 64)).toBe(gpt[2].start * 2048);
	});
});

describe('a partition becomes a volume', () => {
	it('that is a new raw file of its length', async () => {
		const file = temp.file('volume.img');
		await afterimageResult(['restore', image, '--to', file, '--partition', '1', '--into', 'volume', '--verify']);
		expect((await stat(file)).size).toBe(source[1].size * mebibyte);
		expect((await run('ntfsfix', ['-n', file])).stdout).toContain('Checking the alternate boot sector... OK');
		expect(await wordAt(file, 0x1c)).toBe(0);
		await mounted(file, ntfs, async (folder) => expect(await hashTree(folder)).toEqual(hashes));
		await rm(file);
	});

	it('that is a device without a table', async () => {
		const file = temp.file('device.img');
		await noiseFile(file, 42 * mebibyte);
		await withLoopDevice(file, {}, async (device) => {
			const options = ['--partition', '4', '--into', 'volume', '--verify', '--yes'];
			await afterimageResult(['restore', image, '--to', device, ...options]);
		});
		await run('e2fsck', ['-fn', file]);
		await mounted(file, ['-o', 'loop,ro'], async (folder) => expect(await hashTree(folder)).toEqual(hashes));
		// Of a file that is too small nothing is written.
		await truncate(file, 39 * mebibyte);
		const refused = await afterimageJson(['restore', image, '--to', file, '--partition', '4', '--into', 'volume'], 7);
		expect(refused.at(-1)).toMatchObject({ code: 'target-too-small', details: { needed: 40 * mebibyte } });
	});
});

it('the last partition takes what a larger disk has more, and its file system can be grown', async () => {
	const target = await sparseFile(temp.file('larger.img'), 160 * mebibyte);
	await afterimageResult(['restore', image, '--to', target, '--grow', '4', '--verify']);
	expect((await run('sgdisk', ['-v', target])).stdout).toContain('No problems found');
	expect((await run('sgdisk', ['-i', '4', target])).stdout).toMatch(/Last sector: 325631 /);
	const [start, size] = [source[4].start * mebibyte, (159 - source[4].start) * mebibyte];
	const part = await extract(target, start, size, temp.file('grown.img'));
	await run('e2fsck', ['-fn', part]);
	await run('resize2fs', [part]);
	await run('e2fsck', ['-fn', part]);
	await mounted(part, ['-o', 'loop,ro'], async (folder) => expect(await hashTree(folder)).toEqual(hashes));
});

it('a dry run tells the places, and wrong ones are refused', async () => {
	const restore = (...options: string[]) => afterimage(['restore', image, '--to', gptTarget, ...options]);
	const told = await restore('--partition', '4', '--into', '3', '--dry-run');
	expect(told.out).toContain(`Would overwrite partition 3 of ${gptTarget}, 48.00 MB`);
	expect(told.out).toContain(`Partition 4: from byte ${71 * mebibyte} to byte ${50 * mebibyte}`);
	for (const [options, code, message] of [
		[['--partition', '4', '--into', '9'], 2, 'has no partition 9; it has 1, 2, 3'],
		[['--partition', '4', '--into', '2'], 7, 'are needed'],
		[['--partition', '4', '--into', 'third'], 2, 'expected the number of a partition'],
	] as const) {
		const result = await restore(...options);
		expect([result.code, result.err]).toEqual([code, expect.stringContaining(message)]);
	}
});

it('a restore that is killed anywhere leaves everything outside of the partition as it was', async () => {
	const copy = temp.file('killed.img');
	const options = ['restore', image, '--to', copy, '--partition', '4', '--into', '3', '--delta'];
	for (const wait of [0, 5, 20, 50]) {
		await copyFile(gptTarget, copy);
		const before = (await stat(copy)).mtimeMs;
		await afterimage(options, (child) => {
			void (async () => {
				while ((await stat(copy)).mtimeMs === before && child.exitCode === null) await delay(1);
				await delay(wait);
				child.kill('SIGKILL');
			})();
		});
		await expectOutside(copy, gptTarget, gpt[3]);
	}
	// What it left half done is completed by the next.
	await patch(copy, gpt[3].start * mebibyte + 5000, Uint8Array.of(1, 2, 3));
	await afterimageResult([...options, '--verify']);
	const part = await extract(copy, gpt[3].start * mebibyte, gpt[3].size * mebibyte, temp.file('after.img'));
	await run('e2fsck', ['-fn', part]);
	await expectOutside(copy, gptTarget, gpt[3]);
});
