import { chmod, chown, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../../../src/engine/main.ts';
import type { JobEvent } from '../../../../src/engine/job-events.ts';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { mounted } from '../../../support/mounted.ts';
import { makeRawDisk } from '../../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { differences, fillUnixFolder, unixFacts, unixTools, type UnixFiles } from '../../../support/unix-files.ts';

const makers = ['mkfs.ext2', 'mkfs.ext3', 'mkfs.ext4', 'mkfs.xfs', 'mkfs.btrfs', 'btrfs'];
const ready = requireTools([...unixTools, ...makers, 'sfdisk', 'setpriv']);
requireRoot();
const temp = useTempFolder();
const mebibyte = 2 ** 20;

interface Volume extends UnixFiles {
	readonly name: string;
	/** MiB. */
	readonly size: number;
	readonly make: readonly string[];
}

/** Subvolumes have inodes of the same numbers. */
async function subvolumes(folder: string): Promise<void> {
	for (const name of ['one', 'two']) {
		const path = join(folder, name);
		await run('btrfs', ['subvolume', 'create', path]);
		await run('sh', ['-c', 'echo "$2" > "$1"/a; ln "$1"/a "$1"/b', 'sh', path, name]);
	}
}

const few = { attributes: 3, long: 500 };
const ext4 = {
	name: 'ext4',
	size: 16,
	make: ['mkfs.ext4', '-q', '-F', '-I', '256', '-O', '64bit,metadata_csum'],
	...few,
};
const volumes: readonly Volume[] = [
	ext4,
	{ name: 'ext2', size: 16, make: ['mkfs.ext2', '-q', '-F'], ...few },
	{ name: 'ext3', size: 16, make: ['mkfs.ext3', '-q', '-F', '-b', '1024', '-I', '256'], ...few, long: 300 },
	{ name: 'ext4 with inodes of 128 bytes', size: 16, make: ['mkfs.ext4', '-q', '-F', '-I', '128'], ...few },
	{
		...{ name: 'ext4 with values in inodes', size: 16, attributes: 20, long: 20_000 },
		make: ['mkfs.ext4', '-q', '-F', '-b', '4096', '-O', 'ea_inode,metadata_csum'],
	},
	{ name: 'XFS', size: 300, make: ['mkfs.xfs', '-q', '-f'], attributes: 200, long: 60_000 },
	{
		...{ name: 'Btrfs', size: 128, attributes: 60, long: 3000, more: subvolumes },
		make: ['mkfs.btrfs', '-q', '-f'],
	},
];

let image = '';

beforeAll(async () => {
	if (!ready) return;
	let next = 1;
	const partitions = volumes.map((volume) => {
		const start = next;
		next += volume.size;
		const make = async (file: string) => {
			const [command, ...args] = volume.make;
			await run(command!, [...args, file]);
			await mounted(file, ['-o', 'loop'], (folder) => fillUnixFolder(folder, volume));
			await run('cp', ['--sparse=always', file, fileOf(volume)]);
		};
		return { start, size: volume.size, type: 'L', make };
	});
	const disk = temp.file('disk.img');
	await makeRawDisk(disk, 'gpt', next + 1, partitions);
	const folder = await temp.folder('images');
	const { files } = await afterimageResult<ImageResult>(['image', disk, '--to', folder, '--type', 'full']);
	image = files[0]!;
	await rm(disk);
	// A user may read it.
	await chmod(image, 0o644);
	await chmod(temp.path, 0o755);
});

function fileOf({ name }: Volume): string {
	return temp.file(`${name}.img`);
}

/** Extracts all of a volume, in this process. */
async function extract(volume: Volume, folder: string, options: { overwrite?: boolean; owners?: boolean } = {}) {
	const engine = await createEngine();
	const events: JobEvent[] = [];
	const control = { signal: new AbortController().signal, emit: (event: JobEvent) => void events.push(event) };
	const place = { image, disk: 0, partition: volumes.indexOf(volume) + 1, paths: ['/'], folder };
	const result = await engine.extract({ ...place, overwrite: false, password: undefined, ...options }, control);
	const told = events.flatMap((event) => (event.type === 'log' && event.level === 'warning' ? [event.message] : []));
	expect(result).toMatchObject({ skipped: [], damaged: [] });
	return { ...result, told };
}

/** Mounts the volume. */
function original<T>(volume: Volume, fn: (folder: string) => Promise<T>): Promise<T> {
	return mounted(fileOf(volume), ['-o', 'loop,ro'], fn);
}

function inMemory<T>(fn: (folder: string) => Promise<T>): Promise<T> {
	return mounted('tmpfs', ['-t', 'tmpfs', '-o', 'mode=0755'], fn);
}

async function onExt4<T>(fn: (folder: string) => Promise<T>): Promise<T> {
	const file = await sparseFile(temp.file('target.img'), 32 * mebibyte);
	await run('mkfs.ext4', ['-q', '-F', file]);
	return mounted(file, ['-o', 'loop'], fn);
}

describe('as root', () => {
	it.each(volumes)('gives all files of $name back as they were', async (volume) => {
		await inMemory(async (folder) => {
			const to = join(folder, 'files');
			const { notKept, hardLinks } = await extract(volume, to);
			expect(notKept).toEqual([]);
			await original(volume, async (source) => {
				expect(await differences(source, to)).toEqual([]);
				expect(await unixFacts(to)).toEqual(await unixFacts(source));
			});
			expect(hardLinks).toBe(volume.name === 'Btrfs' ? 6 : 4);
		});
	});

	it('so on ext4, over what was extracted before, and in a folder with a default access list', async () => {
		await onExt4(async (to) => {
			await run('setfacl', ['-d', '-m', 'u:1234:rwx', to]);
			for (const overwrite of [false, true]) {
				expect(await extract(ext4, to, { overwrite })).toMatchObject({ hardLinks: 4, notKept: [] });
				// Folders that were there keep their times.
				const facts = async (folder: string) => (await unixFacts(folder)).map((line) => line.replace(/ \d+\.\d+$/, ''));
				await original(ext4, async (source) => expect(await facts(to)).toEqual(await facts(source)));
				expect((await run('find', [to, '-name', '.afterimage-*'])).stdout).toBe('');
			}
		});
	});

	it('gives them to the owner of the folder without owners, and none of the rights of their own', async () => {
		await inMemory(async (folder) => {
			const to = join(folder, 'files');
			await mkdir(to);
			await chown(to, 4321, 4322);
			expect((await extract(ext4, to, { owners: false })).notKept).toEqual([]);
			const { stdout } = await run('find', [to, '-not', '-type', 'l', '-printf', '%U:%G %m %P\\n']);
			const lines = stdout.trimEnd().split('\n');
			expect(lines.filter((line) => !line.startsWith('4321:4322 '))).toEqual([]);
			expect(lines.filter((line) => /^\S+ [1-7]\d{3} /.test(line))).toEqual([]);
			expect((await run('getcap', ['-r', to])).stdout).toBe('');
		});
	});

	it('tells once what the file system there does not take', async () => {
		await mounted('ramfs', ['-t', 'ramfs'], async (folder) => {
			const { told } = await extract(ext4, join(folder, 'files'));
			const why = '(the file system there does not take it)';
			expect(told.filter((line) => line.startsWith('Not kept')).sort()).toEqual([
				`Not kept of 2 files and folders: attribute trusted.* ${why}`,
				`Not kept of 4 files and folders: access list ${why}`,
				`Not kept of 4 files and folders: attribute user.* ${why}`,
				`Not kept of one file or folder: attribute security.* ${why}`,
				`Not kept of one file or folder: security.capability ${why}`,
				`Not kept of one file or folder: security.selinux ${why}`,
			]);
		});
	});
});

describe('as a user', () => {
	const user = 65_534;

	it('keeps what he may set, and is told of the rest in a line for each kind', async () => {
		await inMemory(async (folder) => {
			const [to, data] = [join(folder, 'files'), join(folder, 'data')];
			for (const path of [to, data]) {
				await mkdir(path);
				await chown(path, user, user);
			}
			const ids = [`--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
			const under = ['setpriv', ...ids, 'env', `AFTERIMAGE_DATA=${data}`];
			const lines = await afterimageJson(['extract', image, '/', '--to', to, '--partition', '1'], 0, under);
			const told = lines.filter(({ type }) => type === 'log');
			expect(told.filter(({ level }) => level !== 'info')).toEqual([]);
			const kinds = told.map(
				({ message }) => /^Not kept of .*: (.*) \(only root may set it\)$/.exec(String(message))?.[1],
			);
			// Where SELinux runs, it decides of its labels.
			expect(kinds.filter((kind) => kind !== 'security.selinux').sort()).toEqual([
				'attribute security.*',
				'attribute trusted.*',
				'owner',
				'security.capability',
			]);
			expect(lines.find(({ type }) => type === 'result')).toMatchObject({ damaged: [], hardLinks: 4 });
			await original(ext4, async (source) => expect(await settable(to)).toEqual(await settable(source)));
		});
	});

	/** Beside owners and what only root may set. */
	async function settable(folder: string): Promise<string[]> {
		return (await unixFacts(folder))
			.filter((line) => !/: (trusted|security)\.|: # (owner|group|flags): |cap_net/.test(line))
			.map((line) => line.replace(/^(\S+) \d?(\d{3}) \d+:\d+ /, '$1 $2 '));
	}
});
