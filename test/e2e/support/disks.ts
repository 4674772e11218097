import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs a tool that must succeed; gives what it printed. */
export function tool(name: string, ...args: readonly string[]): string {
	const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
	const result = spawnSync(name, args, { encoding: 'utf8', env: { ...process.env, PATH: path } });
	if (result.status === 0) return result.stdout;
	throw new Error(`${name} ${args.join(' ')}: ${result.stderr ?? result.error?.message ?? ''}`);
}

const mebibyte = 2 ** 20;

/** Where the partition of {@link makeDisk} begins, in bytes. */
const start = mebibyte;

/**
 * A raw disk file made by sgdisk and mkfs.ext4: GPT and one ext4 partition labelled DATA.
 * @param used about how many MiB of it hold files that no compression makes smaller
 */
export function makeDisk(path: string, used = 3): string {
	const files = `${path}.files`;
	const volume = `${path}.ext4`;
	mkdirSync(files);
	for (let number = 0; number < used; number++) {
		writeFileSync(join(files, `file-${number}`), noise(number + 1, mebibyte));
	}
	const size = used + 30;
	tool('mkfs.ext4', '-q', '-L', 'DATA', '-d', files, volume, `${size}M`);
	tool('truncate', '-s', `${size + 3}M`, path);
	tool('sgdisk', '-n', `1:2048:${2048 * (size + 1) - 1}`, '-c', '1:data', path);
	tool('dd', `if=${volume}`, `of=${path}`, 'bs=1M', 'seek=1', 'conv=notrunc,sparse', 'status=none');
	rmSync(files, { recursive: true });
	rmSync(volume);
	return path;
}

/** Writes one more file into the partition, as a mounted file system would. */
export function changeDisk(disk: string, name: string): void {
	writeToDisk(disk, name, noise(name.length + 1000, 300_000));
}

/** Writes a file into the root of the partition, in the place of what it may be already. */
export function writeToDisk(disk: string, name: string, data: string | Uint8Array): void {
	const file = `${disk}.new`;
	writeFileSync(file, data);
	for (const request of [`rm ${name}`, `write ${file} ${name}`]) {
		tool('debugfs', '-w', '-R', request, `${disk}?offset=${start}`);
	}
	rmSync(file);
}

/** Deterministic bytes without any pattern (xorshift32). */
function noise(seed: number, length: number): Buffer {
	const words = new Uint32Array(Math.ceil(length / 4));
	let state = (seed * 0x9e37_79b9) >>> 0 || 1;
	for (let i = 0; i < words.length; i++) {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		words[i] = state >>> 0;
	}
	return Buffer.from(words.buffer, 0, length);
}
