import { once } from 'node:events';
import { chmod, mkdir, open, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fillFolder } from '../../../support/file-trees.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { run } from '../../../support/run.ts';

const mebibyte = 1024 * 1024;

/** Writes into a file that is there. */
export async function writeAt(path: string, data: Uint8Array, at: number): Promise<void> {
	const handle = await open(path, 'r+');
	await handle.write(data, 0, data.length, at);
	await handle.close();
}

/**
 * What a Btrfs can hold: files of all sizes, shared extents, holes, subvolumes in subvolumes and what became of them.
 * @param folder where it is mounted
 * @param entries of one folder
 */
export async function fill(folder: string, seed: number, entries: number): Promise<void> {
	const random = randomNumbers(seed);
	const volume = join(folder, 'volume');
	const subvolume = (...args: string[]) => run('btrfs', ['-q', 'subvolume', ...args]);
	await subvolume('create', volume);
	await fillFolder(volume, seed, { files: 150, bytes: 12 * mebibyte, unicode: true, links: true });
	const text = join(volume, 'text');
	const words = Array.from({ length: 300_000 }, () => `word${random.below(500)}`).join(' ');
	await writeFile(text, words);
	await writeFile(join(volume, 'zeros'), new Uint8Array(3 * mebibyte));
	for (const size of [1, 100, 2000, 2048, 3900, 4095, 4096, 4097, 70_000]) {
		await writeFile(join(volume, `text of ${size}`), words.slice(0, size));
	}
	await run('sync', ['-f', folder]);

	// Pieces of shared extents: what is written into one of two files leaves the rest shared.
	await run('cp', ['--reflink=always', text, join(volume, 'text, cloned')]);
	for (const at of [10_000, 131_072, 400_001]) {
		await writeAt(join(volume, 'text, cloned'), random.fill(new Uint8Array(9000)), at);
	}
	await subvolume('create', join(volume, 'nested'));
	await writeFile(join(volume, 'nested', 'in the nested one'), words.slice(500, 9000));
	await subvolume('create', join(volume, 'nested', 'deeper'));
	await symlink('/no/where', join(volume, 'nested', 'deeper', 'link'));
	await subvolume('create', join(folder, 'deleted'));
	await subvolume('snapshot', folder, join(folder, 'snapshot of all'));
	await subvolume('snapshot', '-r', volume, join(folder, 'snapshot'));
	await subvolume('delete', '-c', join(folder, 'deleted'));
	await writeAt(text, random.fill(new Uint8Array(50_000)), 60_000);

	const plain = join(folder, 'plain');
	await mkdir(plain);
	const preallocated = join(plain, 'preallocated');
	await run('fallocate', ['-l', '5M', preallocated]);
	await writeAt(preallocated, random.fill(new Uint8Array(100_000)), mebibyte + 77);
	const beyond = join(plain, 'preallocated beyond its end');
	await writeFile(beyond, 'short');
	await run('fallocate', ['-n', '-l', '2M', beyond]);
	const punched = join(plain, 'punched');
	await writeFile(punched, random.fill(new Uint8Array(2 * mebibyte)));
	await run('sync', ['-f', folder]);
	await run('fallocate', ['-p', '-o', '300000', '-l', '700000', punched]);
	const grown = join(plain, 'cut, then grown');
	await writeFile(grown, words.slice(0, 300_000));
	await run('sync', ['-f', folder]);
	await truncate(grown, 150_001);
	await truncate(grown, 500_000);
	await run('fallocate', ['-l', '4096', join(plain, 'tail')]);
	const unchecked = join(plain, 'without checksums');
	await writeFile(unchecked, '');
	await run('chattr', ['+C', unchecked]);
	await writeFile(unchecked, words);
	await writeFile(join(plain, 'unwritten'), '');
	await truncate(join(plain, 'unwritten'), 3 * mebibyte + 5);

	await run('mkfifo', [join(plain, 'pipe')]);
	await run('mknod', [join(plain, 'character'), 'c', '1', '3']);
	await run('mknod', [join(plain, 'block'), 'b', '7', '0']);
	const server = createServer().listen(join(plain, 'socket'));
	await once(server, 'listening');
	// Closed, it would remove the socket.
	await run('mv', [join(plain, 'socket'), join(plain, 'socket that stays')]);
	server.close();
	for (const [i, mode] of [0o4755, 0o1777, 0, 0o640].entries()) {
		const path = join(plain, `mode ${i}`);
		await writeFile(path, 'x');
		await chmod(path, mode);
		await utimes(path, 0, [-123456789.25, 0, 1e9 + 0.123, 2 ** 33][i]!);
	}
	const many = join(folder, 'many');
	await mkdir(many);
	for (let i = 0; i < entries; i++) await (await open(join(many, `entry ${i} with some more of a name`), 'w')).close();
}
