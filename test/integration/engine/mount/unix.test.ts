import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { afterimageResult } from '../../../support/cli.ts';
import { mounted } from '../../../support/mounted.ts';
import { whileMounted } from '../../../support/mounting.ts';
import { makeRawDisk } from '../../../support/raw-disk.ts';
import { requireFuse, requireRoot, requireTools } from '../../../support/require.ts';
import { roomAndTimes } from '../../../support/room-and-times.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { differences, fillUnixFolder, unixFacts, unixTools } from '../../../support/unix-files.ts';

const makers = ['mkfs.ext4', 'mkfs.xfs', 'mkfs.btrfs', 'sfdisk', 'findmnt', 'losetup'];
const ready = requireTools([...unixTools, ...makers, 'xfs_io']);
requireRoot();
requireFuse();
const temp = useTempFolder();

const volumes = [
	{ name: 'ext4', size: 64, make: ['mkfs.ext4', '-q', '-F', '-O', 'inline_data', '-L', 'Root/../x'] },
	{ name: 'XFS', size: 300, make: ['mkfs.xfs', '-q', '-f', '-L', 'Data'] },
	{ name: 'Btrfs', size: 128, make: ['mkfs.btrfs', '-q', '-f'] },
] as const;
const folders = ['1 Root_.._x', '2 Data', '3'];

/** What only Unix has: devices, names and targets that are no text; holes, a large file, and a folder of many. */
const odd = `
set -e
cd "$1"
mkdir odd many
mknod odd/null c 1 3; mknod odd/wide c 300 70000; mknod odd/disk b 8 1; mkfifo odd/pipe
printf x > "$(printf 'odd/\\377\\376 name')"; printf y > 'odd/\\xff\\xfe name'
ln -s "$(printf '/\\376/target')" odd/bytes; ln -s nowhere odd/dangling
truncate -s 30M odd/sparse; printf end >> odd/sparse
fallocate -l 3M odd/reserved; touch -a -d '2001-02-03 04:05:06.789' odd/reserved; truncate -s 9M odd/zeros
for at in 0 7 100 1000 7000; do printf data | dd of=odd/holes bs=4096 seek=$at conv=notrunc status=none; done
head -c 5000000 /dev/urandom > odd/large; : > odd/empty
seq -f 'many/file-%g' 3000 | xargs touch
`;

let image = '';

const fileOf = (name: string) => temp.file(`${name}.img`);

beforeAll(async () => {
	if (!ready) return;
	let next = 1;
	const partitions = volumes.map(({ name, size, make: [command, ...args] }) => {
		const start = next;
		next += size;
		const make = async (file: string) => {
			await run(command, [...args, file]);
			const more = (folder: string) => run('sh', ['-c', odd, 'sh', folder]);
			await mounted(file, ['-o', 'loop'], (folder) => fillUnixFolder(folder, { attributes: 3, long: 500, more }));
			await run('cp', ['--sparse=always', file, fileOf(name)]);
		};
		return { start, size, type: 'L', make };
	});
	const disk = temp.file('disk.img');
	await makeRawDisk(disk, 'gpt', next + 1, partitions);
	const args = ['image', disk, '--to', await temp.folder('images'), '--type', 'full'];
	image = (await afterimageResult<ImageResult>(args)).files[0]!;
});

describe('a mounted backup of several partitions', () => {
	it('holds their files with all that Unix keeps of them, and the bytes of the disk', async () => {
		const folder = await temp.folder('all');
		const log = await whileMounted([image, folder], async ({ partitions, raw, shared }) => {
			expect(partitions.map(({ path }) => path)).toEqual(folders);
			expect({ raw, shared }).toEqual({ raw: 'raw', shared: true });
			for (const [i, { name }] of volumes.entries()) {
				const copy = join(folder, folders[i]!);
				await mounted(fileOf(name), ['-o', 'loop,ro'], async (source) => {
					// First of all: what the kernel has read of a reserved extent it takes for data.
					expect(await holes(copy)).toEqual(await holes(source));
					expect(await differences(source, copy)).toEqual([]);
					expect(await unixFacts(copy)).toEqual(await unixFacts(source));
					expect((await run('diff', ['-r', '--no-dereference', `${source}/etc`, `${copy}/etc`])).stdout).toBe('');
					expect(await inodes(copy)).toEqual(await inodes(source));
					expect(await roomAndTimes(copy)).toEqual(await roomAndTimes(source));
				});
			}
			const raws = await run('sh', ['-c', 'ls -l "$1"/raw | sed 1d', 'sh', folder]);
			expect(raws.stdout.split('\n').map((line) => line.split(/ +/).slice(0, 1).join())).toEqual([
				...new Array<string>(4).fill('-r--------'),
				'',
			]);
			const dump = (disk: string) => run('sfdisk', ['--dump', disk]);
			const [here, there] = [await dump(temp.file('disk.img')), await dump(`${folder}/raw/disk.raw`)];
			expect(there.stdout.replaceAll(`${folder}/raw/disk.raw`, temp.file('disk.img'))).toBe(here.stdout);
			await run('e2fsck', ['-fn', `${folder}/raw/partition-1.raw`]);
			await mounted(`${folder}/raw/partition-1.raw`, ['-o', 'loop,ro'], async (again) =>
				expect(await differences(again, join(folder, folders[0]!))).toEqual([]),
			);
			const found = await run('findmnt', ['-n', '-o', 'SOURCE,FSTYPE,OPTIONS', folder]);
			expect(found.stdout).toMatch(/ fuse\.afterimage +ro,nosuid,nodev,/);
			expect(found.stdout.startsWith(`${image} `)).toBe(true);
		});
		expect(log).toEqual([]);
		expect((await run('findmnt', [folder], { codes: [1] })).stdout).toBe('');
	});

	it('has the same inode numbers each time, also of one partition alone and where the kernel has forgotten them', async () => {
		const folder = await temp.folder('numbers');
		const numbers = async () => (await run('find', [folder, '-printf', '%i %P\n'])).stdout;
		const seen: string[] = [];
		for (let i = 0; i < 2; i++) {
			await whileMounted([image, folder, '--partition', '1'], async () => {
				seen.push(await numbers());
				await writeFile('/proc/sys/vm/drop_caches', '2');
				seen.push(await numbers());
			});
		}
		expect(seen[0]!.split('\n').length).toBeGreaterThan(3000);
		expect(new Set(seen).size).toBe(1);
	});

	it('refuses to be changed in any way', async () => {
		const folder = await temp.folder('writes');
		await whileMounted([image, folder, '--partition', '1'], async () => {
			const tries = ['touch new', 'rm etc/plain', 'chmod 600 etc/plain', 'mkdir a', 'ln etc/plain b', 'mv etc e'];
			for (const words of [...tries, 'setfattr -n user.a -v b etc/plain', 'sh -c "echo >> etc/plain"']) {
				const { stderr } = await run('sh', ['-c', words], { cwd: folder, codes: [1, 2] });
				expect({ words, stderr }).toMatchObject({ stderr: expect.stringContaining('Read-only') as string });
			}
		});
	});
});

/** Where data and holes begin. */
async function holes(folder: string): Promise<string[]> {
	const files = ['holes', 'sparse', 'zeros', 'reserved', 'large', 'empty'];
	const command = 'for name; do xfs_io -r -c "seek -a -r 0" "$name" 2>&1; done';
	return (await run('sh', ['-c', command, 'sh', ...files], { cwd: join(folder, 'odd') })).stdout.split('\n');
}

/** Which names are of one file. */
async function inodes(folder: string): Promise<string[]> {
	const { stdout } = await run('find', [folder, '-not', '-type', 'd', '-links', '+1', '-printf', '%i %P\n']);
	const byNumber = new Map<string, string[]>();
	for (const line of stdout.trimEnd().split('\n')) {
		const [number, path] = line.split(/ (.*)/);
		byNumber.set(number!, [...(byNumber.get(number!) ?? []), path!]);
	}
	return [...byNumber.values()].map((paths) => paths.sort().join()).sort();
}
