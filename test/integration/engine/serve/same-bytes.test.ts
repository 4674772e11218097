import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import type { Served } from '../../../../src/engine/requests/serve.ts';
import type { RestorePreview } from '../../../../src/protocol/restore.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { afterimageResult } from '../../../support/cli.ts';
import { fillFolder } from '../../../support/file-trees.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { copyInto, ext4From, extract, fatFrom, makeRawDisk } from '../../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { whileServing } from '../../../support/serving.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const ready = requireTools([
	...['mkfs.ext4', 'debugfs', 'mkfs.fat', 'mcopy', 'sfdisk', 'sgdisk', 'e2fsck', 'losetup'],
	...['qemu-img', 'nbdinfo', 'nbdcopy'],
]);
requireRoot();
const temp = useTempFolder();
const mebibyte = 2 ** 20;

/** Judges two disks of any kind. */
const same = ['compare', '-f', 'raw', '-F', 'raw'];

let files = '';

beforeAll(async () => {
	if (!ready) return;
	files = await temp.folder('files');
	await fillFolder(files, 5, { files: 30, bytes: 3 * mebibyte });
});

async function imageOf(name: string, ...args: string[]): Promise<string> {
	const folder = temp.file(name);
	mkdirSync(folder, { recursive: true });
	const result = await afterimageResult<ImageResult>(['image', ...args, '--to', folder]);
	return result.files.at(-1)!;
}

async function restored(image: string, ...options: string[]): Promise<string> {
	const target = temp.file('restored.img');
	await run('rm', ['-f', target]);
	await afterimageResult(['restore', image, '--to', target, ...options]);
	return target;
}

interface MapEntry {
	readonly start: number;
	readonly length: number;
	readonly zero: boolean;
	readonly data: boolean;
}

/** What QEMU is told of a device: bytes that are stored; the others it is told are zeros. */
async function storedBytes(uri: string): Promise<number> {
	const { stdout } = await run('qemu-img', ['map', '--output=json', '-f', 'raw', uri]);
	const map = JSON.parse(stdout) as MapEntry[];
	for (const { zero, data } of map) expect(zero).toBe(!data);
	return map.reduce((sum, { data, length }) => sum + (data ? length : 0), 0);
}

/** Holds that the one disk that is served is what a restore makes. @returns the path of that */
async function expectRestored({ uri, disks }: Served, image: string, ...options: string[]): Promise<string> {
	const target = await restored(image, ...options);
	const copy = temp.file('copy.img');
	await run('qemu-img', ['convert', '-f', 'raw', '-O', 'raw', uri!, copy]);
	await run('cmp', [copy, target]);
	await run('rm', [copy]);
	await run('nbdcopy', [disks[0]!.uri, copy]);
	await run('cmp', [copy, target]);
	return target;
}

/** Holds that the partitions of the served disk are parts of the restored one, and stored where the image says. */
async function expectParts({ disks }: Served, target: string, image: string, ...options: string[]): Promise<void> {
	const dryRun = ['restore', image, '--to', temp.file('not-made'), '--dry-run', ...options];
	const { partitions } = await afterimageResult<RestorePreview>(dryRun);
	expect(disks[0]!.partitions.map(({ partition }) => partition)).toEqual(partitions.map(({ number }) => number));
	const copy = temp.file('copy.img');
	for (const [p, { start, length, bytes }] of partitions.entries()) {
		const { uri } = disks[0]!.partitions[p]!;
		expect(await storedBytes(uri)).toBe(bytes);
		await run('qemu-img', ['convert', '-f', 'raw', '-O', 'raw', uri, copy]);
		await run('cmp', [copy, await extract(target, start, length, temp.file('part.img'))]);
	}
}

describe('a served disk has the bytes of a restored one', () => {
	it('with a GPT, FAT with its reserved sectors, and encrypted', async () => {
		const disk = temp.file('gpt.img');
		await makeRawDisk(disk, 'gpt', 128, [
			{ start: 1, size: 40, type: 'U', make: fatFrom(files, 32) },
			{ start: 42, size: 80, type: 'L', make: ext4From(files) },
		]);
		const password = ['--password-file', temp.file('password')];
		writeFileSync(password[1]!, 'secret\n');
		const image = await imageOf('gpt', disk, '--aes', '256', ...password);
		await whileServing([image, ...password], async ({ served }) => {
			const target = await expectRestored(served, image, ...password);
			await expectParts(served, target, image, ...password);
			const { stdout } = await run('qemu-img', ['info', '--output=json', served.uri!]);
			expect(JSON.parse(stdout)).toMatchObject({ format: 'raw', 'virtual-size': 128 * mebibyte });
			await run('sgdisk', ['-v', temp.file('copy.img')]);
			await run('e2fsck', ['-fn', temp.file('part.img')]);
		});
	});

	it('with an MBR and logical partitions', async () => {
		const disk = temp.file('mbr.img');
		await makeRawDisk(disk, 'dos', 128, [
			{ start: 1, size: 20, type: '06', make: fatFrom(files, 16) },
			{ start: 24, size: 100, type: '05' },
			{ start: 25, size: 30, type: '83', make: ext4From(files) },
			{ start: 60, size: 40, type: '83', make: ext4From(files, '-b', '4096') },
		]);
		const image = await imageOf('mbr', disk);
		await whileServing([image, '--port', '0'], async ({ served }) => {
			expect(served.uri).toMatch(/^nbd:\/\/127\.0\.0\.1:\d+\/$/);
			await expectParts(served, await expectRestored(served, image), image);
		});
	});

	it('with sectors of 4096 bytes', async () => {
		const disk = await sparseFile(temp.file('4096.img'), 160 * mebibyte);
		await withLoopDevice(disk, { sectorSize: 4096 }, async (device) => {
			await run('sfdisk', ['--quiet', device], { input: 'label: gpt\nstart=256, size=25600, type=L\n' });
		});
		const ext = await sparseFile(temp.file('4096.ext4'), 100 * mebibyte);
		await ext4From(files)(ext);
		await copyInto(ext, disk, mebibyte);
		const image = await imageOf('4096', disk);
		await whileServing([image], async ({ served }) => {
			expect(served.disks).toMatchObject([{ sectorSize: 4096 }]);
			await expectRestored(served, image);
			const { stdout } = await run('nbdinfo', ['--json', served.uri!]);
			expect(JSON.parse(stdout)).toMatchObject({
				exports: [{ block_size_minimum: 4096, is_read_only: true, can_multi_conn: true }],
			});
		});
	});

	it('at a point in the middle of a chain, also when the set is merged meanwhile', async () => {
		const disk = temp.file('chain.img');
		await makeRawDisk(disk, 'gpt', 64, [{ start: 1, size: 60, type: 'L', make: ext4From(files) }]);
		const points: string[] = [];
		for (const type of ['full', 'inc', 'inc', 'inc']) {
			const file = temp.file('change');
			writeFileSync(file, `${points.length} `.repeat(200_000));
			await run('debugfs', ['-w', '-R', `write ${file} change-${points.length}`, `${disk}?offset=${mebibyte}`]);
			points.push(await imageOf('chain', disk, '--type', type));
		}
		await whileServing([points[1]!], async ({ served }) => {
			const target = await expectRestored(served, points[1]!);
			await afterimageResult(['merge', ...points.slice(0, 3)]);
			expect(existsSync(points[1]!)).toBe(false);
			const compared = await run('qemu-img', [...same, served.uri!, target]);
			expect(compared.stdout).toContain('identical');
		});
	});

	it('of several disks each by its name', async () => {
		const disks = [temp.file('first.img'), temp.file('second.img')];
		for (const [i, disk] of disks.entries()) {
			await makeRawDisk(disk, i === 0 ? 'gpt' : 'dos', 32, [{ start: 1, size: 24, type: 'L', make: ext4From(files) }]);
		}
		const image = await imageOf('several', ...disks);
		await whileServing([image], async ({ served }) => {
			expect(served.uri).toBeUndefined();
			expect(served.disks.map(({ name }) => name)).toEqual(['disk-0', 'disk-1']);
			for (const { disk, uri } of served.disks) {
				const target = await restored(image, '--disk', String(disk));
				const compared = await run('qemu-img', [...same, uri, target]);
				expect(compared.stdout).toContain('identical');
			}
			const nameless = await run('qemu-img', ['info', `nbd+unix:///?socket=${served.socket}`], { codes: [1] });
			expect(nameless.stderr).toContain('Several disks are served: name one');
			const { stdout } = await run('nbdinfo', ['--list', '--json', served.disks[0]!.uri]);
			const { exports } = JSON.parse(stdout) as { exports: { 'export-name': string }[] };
			expect(exports.map((one) => one['export-name'])).toEqual([
				...['disk-0', 'disk-0/partition-1', 'disk-1', 'disk-1/partition-1'],
			]);
		});
		await whileServing([image, '--disk', '1'], async ({ served }) => {
			expect(served.disks.map(({ name }) => name)).toEqual(['disk-1']);
			const compared = await run('qemu-img', [...same, served.uri!, temp.file('restored.img')]);
			expect(compared.stdout).toContain('identical');
		});
	});
});
