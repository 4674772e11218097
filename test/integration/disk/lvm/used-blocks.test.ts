import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { SubSource } from '../../../../src/base/bytes.ts';
import { planDisks } from '../../../../src/engine/backup/sources/plan-partitions.ts';
import { layoutOf } from '../../../../src/engine/disk-layout.ts';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import type { DiskInfo } from '../../../../src/protocol/disks.ts';
import { noiseFile, sparseFile } from '../../../support/byte-files.ts';
import { afterimage, afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { mounted } from '../../../support/mounted.ts';
import { copyInto, copyOver, extract, makeRawDisk } from '../../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { LvmTools } from './group.ts';

const ready = requireTools([
	'lvm',
	'sfdisk',
	'mkfs.ext4',
	'mkfs.xfs',
	'mkswap',
	'losetup',
	'mount',
	'cmp',
	'xfs_repair',
]);
const root = requireRoot();
const temp = useTempFolder();
const mebibyte = 2 ** 20;
const start = 2 * mebibyte;
const size = 200 * mebibyte;
/** Makes mkfs.xfs take less than 300 MiB, as for its own tests. */
const lenient = { TEST_DEV: '1', TEST_DIR: '1', QA_CHECK_FS: '1' };
const group = 'group';
let lvm: LvmTools;
const disk = () => temp.file('disk.img');
/** Hashes of the files in each volume. */
const expected = new Map<string, Map<string, string>>();

async function fileSystem(name: string, mebibytes: number, make: (file: string) => Promise<unknown>): Promise<string> {
	const file = await sparseFile(temp.file(name), mebibytes * mebibyte);
	await make(file);
	await mounted(file, ['-o', 'loop'], async (folder) => {
		await fillFolder(folder, mebibytes, { files: 40, bytes: (mebibytes * mebibyte) / 5, unicode: true, links: true });
		expected.set(name, await hashTree(folder));
	});
	return file;
}

/** XFS as it lies on the disk while it is frozen: its log has been written to its place, and does not say so. */
async function frozen(name: string, mebibytes: number): Promise<string> {
	const file = await fileSystem(name, mebibytes, (at) => run('mkfs.xfs', ['-q', at], { env: lenient }));
	const copy = temp.file(`${name}.frozen`);
	await mounted(file, ['-o', 'loop'], async (folder) => {
		await mkdir(join(folder, 'late'));
		await run('fsfreeze', ['-f', folder]);
		try {
			await copyFile(file, copy);
		} finally {
			await run('fsfreeze', ['-u', folder]);
		}
	});
	return copy;
}

/** Volumes on a partition full of noise, which all that they do not use keeps. */
async function makeGroup(partition: string): Promise<void> {
	await noiseFile(partition, size);
	await run('dd', ['if=/dev/zero', `of=${partition}`, 'bs=1M', 'count=1', 'conv=notrunc', 'status=none']);
	await withLoopDevice(partition, {}, async (device) => {
		await lvm.allow([device]);
		await lvm.run('pvcreate', '-q', '--metadatacopies', '2', device);
		await lvm.run('vgcreate', '-q', '-s', '1m', group, device);
		await lvm.create('root', '-L', '20m', group);
		await lvm.create('swap', '-L', '8m', group);
		await lvm.create('data', '-L', '48m', group);
		await lvm.run('lvextend', '-q', '-L', '40m', `${group}/root`, device);
		await lvm.create('stripes', '-i', '2', '-I', '64k', '-L', '16m', '--alloc', 'anywhere', group, device);
		await lvm.create('dirty', '-L', '48m', group);
		await lvm.create('machine', '-L', '4m', group);
		const swap = await sparseFile(temp.file('swap'), 8 * mebibyte);
		await run('mkswap', ['-q', swap]);
		const files = {
			root: await fileSystem('root', 40, (at) => run('mkfs.ext4', ['-q', '-F', at])),
			data: await fileSystem('data', 48, (at) => run('mkfs.xfs', ['-q', at], { env: lenient })),
			stripes: await fileSystem('stripes', 16, (at) => run('mkfs.ext4', ['-q', '-F', '-b', '1024', at])),
			dirty: await frozen('dirty', 48),
			swap,
		};
		for (const [name, file] of Object.entries(files))
			await lvm.write(file, `${group}/${name}`, device, temp.file('piece'));
		await run('sync', [device]);
	});
}

/** Each volume of the group in a partition, as a file of its own. */
async function volumesOf(
	partition: string,
	ask: (volume: (name: string) => Promise<string>) => Promise<void>,
): Promise<void> {
	await withLoopDevice(partition, {}, async (device) => {
		await lvm.allow([device]);
		await ask(async (name) => {
			const file = temp.file(`${name}.volume`);
			await writeFile(file, '');
			for (const { from, to, length } of await lvm.pieces(`${group}/${name}`, device)) {
				await copyInto(await extract(device, to, length, temp.file('piece')), file, from);
			}
			await run('truncate', ['-s', `%${mebibyte}`, file]);
			return file;
		});
	});
}

describe('a physical volume of LVM', () => {
	let result: ImageResult;

	beforeAll(async () => {
		if (!ready || !root) return;
		lvm = new LvmTools(await temp.folder('settings'));
		await makeRawDisk(disk(), 'gpt', 204, [
			{ start: 2, size: 200, type: 'E6D6D379-F507-44C2-A23C-238F2A3DF928', make: makeGroup },
		]);
		result = await afterimageResult<ImageResult>(['image', disk(), '--to', await temp.folder('images')]);
	});

	it('is imaged by what its volumes use', async () => {
		const [imaged] = result.partitions;
		expect(imaged).toMatchObject({ fileSystem: 'LVM2 physical volume', label: group });
		expect(imaged).not.toHaveProperty('wholeReason');
		// All of the two that have no map, a fifth of three others, and the journals and tables of these.
		expect(imaged!.usedBytes).toBeGreaterThan((52 + 104 / 5) * mebibyte);
		expect(imaged!.usedBytes).toBeLessThan(115 * mebibyte);
		const { disks } = await afterimageResult<{ disks: readonly DiskInfo[] }>(['disks', disk()]);
		expect(Math.abs(disks[0]!.partitions[0]!.used! - imaged!.usedBytes)).toBeLessThan(8 * mebibyte);
	});

	it('is listed with its volumes', async () => {
		const { out } = await afterimage(['disks', disk()]);
		expect(out).toMatch(/^ {2}1 +2\.00 MB +200\.00 MB +LVM2 physical volume +\d+\.\d+ MB +group +Linux LVM$/m);
		expect(out).toMatch(/^ {4}root +40\.00 MB +ext4 +\d+\.\d+ MB$/m);
		expect(out).toMatch(/^ {4}machine +4\.00 MB +unknown +all$/m);
	});

	it('tells which volumes are stored whole, and why', async () => {
		const lines = await afterimageJson(['image', disk(), '--to', await temp.folder('told')]);
		const said = lines
			.filter(({ type }) => type === 'log')
			.map(({ level, message }) => `${String(level)} ${String(message)}`);
		expect(said.filter((line) => line.includes('is stored whole'))).toEqual([
			expect.stringMatching(/^warning Volume dirty in partition 1 of .* \(XFS\) is stored whole: .*log/),
			expect.stringMatching(/^info Volume machine in partition 1 of .* \(unknown\) is stored whole: /),
		]);
	});

	it.each([
		['is stored whole with another volume of the partition frozen', false],
		['is mapped where it is read from a snapshot', true],
	])('has a volume whose journal is to be replayed; it %s', async (_, copied) => {
		const memory = new MemoryDisk('/dev/fake', await readFile(disk()));
		const opened = memory.open();
		const layout = await layoutOf(opened, opened);
		const [partition] = layout.partitions;
		const inside = new SubSource(opened, start, size);
		const copy = { name: 'copy', fd: -1, size, read: inside.read.bind(inside) };
		const overlays = copied ? [{ start: 0, length: size, at: 0, source: copy }] : [];
		const quiet = {
			isFrozen: () => true,
			overlaysOf: () => overlays,
			check: async () => undefined,
			thaw: async () => undefined,
		};
		const source = { disk: opened, source: opened, layout, number: 1, partitions: [partition!], opened: new Map() };
		const { context } = new FakeMachine(memory);
		const [planned] = await planDisks([source], quiet, { allSectors: false, skipBadSectors: false }, context);
		const dirty = planned!.partitions[0]!.volumes.find(({ name }) => name === 'dirty')!;
		expect(dirty.wholeReason === undefined).toBe(copied);
	});

	it('comes back over noise: volumes, their files, and what has no map bit for bit', async () => {
		const target = temp.file('target.img');
		await noiseFile(target, 204 * mebibyte);
		await afterimageResult(['restore', result.files.at(-1)!, '--to', target, '--verify', '--yes']);
		await run('sgdisk', ['-v', target]);
		const [before, after] = [temp.file('before'), temp.file('after')];
		await extract(disk(), start, size, before);
		await extract(target, start, size, after);
		const list = async (partition: string) =>
			withLoopDevice(partition, {}, async (device) => {
				await lvm.allow([device]);
				await lvm.run('pvck', device);
				await lvm.run('vgck', group);
				return lvm.run('lvs', '--noheadings', '-o', 'lv_name,lv_uuid,lv_size,seg_count', group);
			});
		expect(await list(after)).toBe(await list(before));
		const originals = new Map<string, string>();
		await volumesOf(before, async (volume) => {
			for (const name of ['dirty', 'machine', 'swap']) {
				await run('mv', [await volume(name), temp.file(`${name}.before`)]);
				originals.set(name, temp.file(`${name}.before`));
			}
		});
		await volumesOf(after, async (volume) => {
			for (const name of ['root', 'stripes']) await run('e2fsck', ['-fn', await volume(name)]);
			await run('xfs_repair', ['-n', await volume('data')]);
			for (const name of ['root', 'data', 'stripes']) {
				await mounted(await volume(name), ['-o', 'loop,ro'], async (folder) => {
					expect(expected.get(name)!.size).toBeGreaterThan(30);
					expect(await hashTree(folder)).toEqual(expected.get(name));
				});
			}
			for (const name of ['dirty', 'machine']) await run('cmp', [originals.get(name)!, await volume(name)]);
			await run('cmp', ['-n', '4096', originals.get('swap')!, await volume('swap')]);
		});
	});

	it('has increments of what changed in its volumes', async () => {
		const partition = temp.file('changed');
		await extract(disk(), start, size, partition);
		let root = '';
		await volumesOf(partition, async (volume) => {
			root = await volume('root');
		});
		await mounted(root, ['-o', 'loop'], async (folder) => {
			await writeFile(join(folder, 'new'), Buffer.alloc(mebibyte, 'new '));
			expected.set('root', await hashTree(folder));
		});
		await withLoopDevice(partition, {}, (device) => lvm.write(root, `${group}/root`, device, temp.file('piece')));
		await copyOver(partition, disk(), start);
		const next = await afterimageResult<ImageResult>(['image', disk(), '--type', 'inc', '--to', temp.file('images')]);
		expect(next.backupType).toBe('inc');
		expect(next.partitions[0]!.storedBlocks).toBeLessThan(60);
		const to = temp.file('files');
		expect((await afterimage(['verify', next.files.at(-1)!])).code).toBe(0);
		await afterimageResult(['extract', next.files.at(-1)!, '/root', '--to', to]);
		expect(await hashTree(join(to, 'root'))).toEqual(expected.get('root'));
	});
});
