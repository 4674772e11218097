import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import {
	lstat,
	mkdir,
	mkdtemp,
	open,
	readFile,
	readdir,
	readlink,
	rm,
	rmdir,
	symlink,
	truncate,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { checkRange, type ByteSource } from '../../src/base/bytes.ts';
import type { FileSystem, FileSystemDriver } from '../../src/disk/filesystem.ts';
import { UsedBlocks } from '../../src/disk/used-blocks.ts';

/** Vendors' tools may live where an ordinary user's PATH does not look. */
const searchPath = [process.env['PATH'] ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter);

const debianPackages: Record<string, string> = {
	e2fsprogs: 'mkfs.ext2 mkfs.ext3 mkfs.ext4 mke2fs e2fsck dumpe2fs debugfs tune2fs resize2fs e2image',
	xfsprogs: 'mkfs.xfs xfs_repair xfs_db xfs_io xfs_freeze',
	'btrfs-progs': 'mkfs.btrfs btrfs btrfstune',
	'ntfs-3g': 'mkntfs mkfs.ntfs ntfs-3g ntfsfix ntfsinfo ntfsresize ntfscluster ntfsclone ntfscp ntfscat',
	dosfstools: 'mkfs.fat fsck.fat fatlabel',
	exfatprogs: 'mkfs.exfat fsck.exfat dump.exfat tune.exfat',
	'exfat-fuse': 'mount.exfat-fuse',
	mtools: 'mcopy mdir mmd mdel mattrib minfo',
	partclone: 'partclone.extfs partclone.ntfs partclone.fat partclone.exfat partclone.xfs partclone.btrfs',
	'util-linux': 'fsfreeze losetup blkid mkswap fallocate',
	mount: 'mount umount',
	gdisk: 'sgdisk gdisk',
	fdisk: 'sfdisk fdisk',
	'qemu-utils': 'qemu-img',
	attr: 'setfattr getfattr',
};

function onPath(tool: string): boolean {
	return searchPath.split(delimiter).some((folder) => {
		try {
			accessSync(join(folder, tool), constants.X_OK);
			return folder !== '';
		} catch {
			return false;
		}
	});
}

/** The tests of this file or `describe` fail where CI is set, and are skipped with the printed reason elsewhere. */
function skipOrFail(reason: string | undefined): boolean {
	beforeEach((context) => {
		if (reason === undefined) return;
		if (process.env['CI']) throw new Error(reason);
		console.warn(`Skipped: ${reason}`);
		context.skip(reason);
	});
	return reason === undefined;
}

/**
 * Call it at the top of a file or `describe`. Returns whether all tools are there, for the sake of `beforeAll` hooks,
 * which run before the tests can be skipped.
 */
export function requireTools(tools: readonly string[]): boolean {
	const missing = tools.filter((tool) => !onPath(tool));
	const named = missing.map((tool) => {
		const owner = Object.entries(debianPackages).find(([, names]) => names.split(' ').includes(tool));
		return owner === undefined ? tool : `${tool} (Debian package ${owner[0]})`;
	});
	return skipOrFail(missing.length === 0 ? undefined : `missing on this machine: ${named.join(', ')}`);
}

/** As {@link requireTools}, for what only root may do (mounts, loop devices, freezes). */
export function requireRoot(): boolean {
	return skipOrFail(process.getuid?.() === 0 ? undefined : 'only root can mount and use loop devices');
}

export interface TempFolder {
	/** Set while the tests run. */
	readonly path: string;
	/** A path in the folder. */
	file(name: string): string;
	/** An empty folder of this name: what an earlier try of the test left there is removed. */
	folder(name: string): Promise<string>;
}

/** A folder for the tests of this file or `describe`, removed after the last of them. */
export function useTempFolder(): TempFolder {
	let path = '';
	beforeAll(async () => {
		path = await mkdtemp(join(tmpdir(), 'afterimage-test-'));
	});
	afterAll(async () => {
		if (path !== '') await rm(path, { recursive: true, force: true });
	});
	return {
		get path() {
			return path;
		},
		file: (name) => join(path, name),
		folder: async (name) => {
			await rm(join(path, name), { recursive: true, force: true });
			await mkdir(join(path, name));
			return join(path, name);
		},
	};
}

export interface RunOptions {
	/** Exit codes that are no failure; [0] when absent. */
	readonly codes?: readonly number[];
	readonly cwd?: string;
	readonly input?: string;
	readonly env?: Readonly<Record<string, string>>;
}

export interface RunResult {
	readonly stdout: string;
	readonly stderr: string;
	readonly code: number;
}

/** Runs a program in the C locale. @throws Error with all it printed when its exit code is not an allowed one */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
	const child = spawn(command, args, {
		cwd: options.cwd,
		env: { ...process.env, PATH: searchPath, LC_ALL: 'C.UTF-8', ...options.env },
	});
	const out: Buffer[] = [];
	const err: Buffer[] = [];
	child.stdout.on('data', (data: Buffer) => out.push(data));
	child.stderr.on('data', (data: Buffer) => err.push(data));
	child.stdin.on('error', () => undefined);
	child.stdin.end(options.input ?? '');
	const ended = await new Promise<number | string>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code, signal) => resolve(code ?? signal ?? -1));
	});
	const stdout = Buffer.concat(out).toString();
	const stderr = Buffer.concat(err).toString();
	if (typeof ended === 'string' || !(options.codes ?? [0]).includes(ended)) {
		throw new Error(`${[command, ...args].join(' ')} ended with ${ended}\n${stdout}\n${stderr}`);
	}
	return { stdout, stderr, code: ended };
}

/** Makes (or empties) a file of `size` bytes that takes no room until it is written. */
export async function sparseFile(path: string, size: number): Promise<string> {
	await (await open(path, 'w')).close();
	await truncate(path, size);
	return path;
}

/** A file or block device as a source; close it. `size` is for devices, whose length `stat` does not tell. */
export async function fileSource(path: string, size?: number): Promise<ByteSource & { close(): Promise<void> }> {
	const handle = await open(path, 'r');
	const length = size ?? (await handle.stat()).size;
	return {
		size: length,
		async read(offset, target) {
			checkRange(path, offset, target.length, length);
			for (let done = 0; done < target.length;) {
				const { bytesRead } = await handle.read(target, done, target.length - done, offset + done);
				if (bytesRead === 0) throw new Error(`${path}: end of file at byte ${offset + done}`);
				done += bytesRead;
			}
		},
		close: () => handle.close(),
	};
}

/** A mount program that stays in the foreground until it is unmounted (`ntfs-3g -o no_detach`); it gets image and folder. */
export interface ForegroundMount {
	readonly command: string;
	readonly args: readonly string[];
}

async function isMounted(folder: string): Promise<boolean> {
	return (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').some((line) => line.split(' ')[4] === folder);
}

async function unmount(folder: string): Promise<void> {
	for (let attempt = 0; attempt < 20 && (await isMounted(folder)); attempt++) {
		if ((await run('umount', [folder], { codes: [0, 1, 32] })).code !== 0) await delay(100);
	}
	if (await isMounted(folder)) await run('umount', ['-l', folder]);
}

/**
 * Mounts an image (`mount ...how image folder`, so `how` is `['-o', 'loop']`, or a foreground program), calls `fn` with
 * the folder, and unmounts whatever happens. When it returns, everything is in the image.
 */
export async function mounted<T>(
	image: string,
	how: readonly string[] | ForegroundMount,
	fn: (folder: string) => Promise<T>,
): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), 'afterimage-mount-'));
	let server: Promise<unknown> = Promise.resolve();
	try {
		if ('command' in how) {
			let ended: unknown;
			server = run(how.command, [...how.args, image, folder]).catch((error: unknown) => (ended = error));
			while (!(await isMounted(folder))) {
				if (ended !== undefined) throw ended as Error;
				await delay(20);
			}
		} else {
			await run('mount', [...how, image, folder]);
		}
		return await fn(folder);
	} finally {
		await unmount(folder);
		const failure = await server;
		await rmdir(folder);
		if (failure instanceof Error) expect.fail(failure.message);
	}
}

/** A small deterministic generator (xorshift32): the same seed gives the same numbers everywhere. */
export function randomNumbers(seed: number): { below(limit: number): number; fill(target: Uint8Array): Uint8Array } {
	let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
	const next = () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return state >>> 0;
	};
	return {
		below: (limit) => next() % limit,
		fill(target) {
			const words = new Uint32Array(Math.ceil(target.length / 4));
			for (let i = 0; i < words.length; i++) words[i] = next();
			target.set(new Uint8Array(words.buffer, 0, target.length));
			return target;
		},
	};
}

export interface FillOptions {
	/** Number of files before the deletions. */
	readonly files: number;
	/** About how many bytes they hold together. */
	readonly bytes: number;
	/** Names outside ASCII too; false when absent. */
	readonly unicode?: boolean;
	/** Symbolic links too; false when absent. */
	readonly links?: boolean;
}

async function writeWhole(path: string, data: Uint8Array, at = 0): Promise<void> {
	const handle = await open(path, 'w');
	await handle.write(data, 0, data.length, at);
	await handle.close();
}

/**
 * Fills a folder with files that depend on the seed alone: empty, small and large ones, nested folders, names of up to
 * 200 characters (unique without regard to case, legal on FAT and NTFS), one with a hole. Then deletes about a third and
 * writes new ones into the gaps, so that the free space is in pieces.
 */
export async function fillFolder(folder: string, seed: number, options: FillOptions): Promise<void> {
	const random = randomNumbers(seed);
	const folders = [folder];
	for (let i = 0; i < 3 + options.files / 40; i++) {
		const path = join(folders[random.below(folders.length)]!, options.unicode ? `Ordner-ü-${i}` : `folder ${i}`);
		await mkdir(path);
		folders.push(path);
	}
	const large = Math.max(1, Math.floor(options.files / 20));
	const size = (i: number) => {
		if (i % 20 === 0) return Math.floor((options.bytes / large) * (0.5 + random.below(1000) / 2000));
		if (i % 7 === 0) return 0;
		return random.below(i % 3 === 0 ? 60_000 : 4_000);
	};
	const name = (i: number) => {
		if (i % 17 === 3) return `${i}-${'long name '.repeat(19)}.data`;
		return options.unicode && i % 11 === 5 ? `${i}-日本語-éß.txt` : `file${i}.bin`;
	};
	const paths: string[] = [];
	const add = async (i: number, length: number) => {
		const path = join(folders[random.below(folders.length)]!, name(i));
		await writeWhole(path, random.fill(new Uint8Array(length)));
		paths.push(path);
	};
	for (let i = 0; i < options.files; i++) await add(i, size(i));
	const kept = paths.filter(() => random.below(3) !== 0);
	const doomed = new Set(paths);
	for (const path of kept) doomed.delete(path);
	for (const path of doomed) await rm(path);
	for (let i = 0; i < options.files / 10; i++) await add(options.files + i, random.below(200_000));
	await writeWhole(join(folder, 'sparse.bin'), random.fill(new Uint8Array(5000)), Math.floor(options.bytes / 10));
	if (options.links) {
		await symlink('sparse.bin', join(folder, 'short link'));
		await symlink(`${'./'.repeat(100)}sparse.bin`, join(folder, 'long link'));
	}
}

/**
 * Every path below the folder with the SHA-256 of its content; `folder` for folders, `-> target` for links. The
 * top folder's `lost+found` is left out.
 */
export async function hashTree(folder: string): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	const visit = async (relative: string): Promise<void> => {
		for (const name of (await readdir(join(folder, relative))).sort()) {
			const path = join(relative, name);
			if (path === 'lost+found') continue;
			const full = join(folder, path);
			const stat = await lstat(full);
			if (stat.isDirectory()) {
				found.set(path, 'folder');
				await visit(path);
			} else if (stat.isSymbolicLink()) {
				found.set(path, `-> ${await readlink(full)}`);
			} else if (stat.isFile()) {
				const hash = createHash('sha256');
				const handle = await open(full, 'r');
				for await (const data of handle.createReadStream()) hash.update(data as Buffer);
				found.set(path, hash.digest('hex'));
			}
		}
	};
	await visit('');
	return found;
}

/**
 * Copies what the driver calls used, in whole blocks as an image stores them, onto a target that holds random bytes
 * everywhere else. The bytes before the first cluster (FAT) are copied as they are.
 */
export async function copyUsed(
	driver: FileSystemDriver,
	sourcePath: string,
	targetPath: string,
	options: { readonly blockSize: number; readonly frozen?: boolean },
): Promise<{ fileSystem: FileSystem; used: UsedBlocks }> {
	const source = await fileSource(sourcePath);
	const target = await open(targetPath, 'w');
	try {
		const fileSystem = await driver.open(source, { frozen: options.frozen ?? false });
		if (fileSystem === undefined) throw new Error(`${driver.name} does not know ${sourcePath}`);
		const start = fileSystem.info.reservedBytes;
		const used = new UsedBlocks(start, source.size - start, options.blockSize);
		await fileSystem.collectUsed(used);
		const noise = randomNumbers(source.size).fill(new Uint8Array(4 * 1024 * 1024 + 4096));
		const buffer = new Uint8Array(4 * 1024 * 1024);
		const move = async (from: number, to: number, keep: boolean) => {
			for (let at = from; at < to; at += buffer.length) {
				const piece = buffer.subarray(0, Math.min(buffer.length, to - at));
				if (keep) await source.read(at, piece);
				// Shifted a little each time, so that no two unused places look alike.
				const data = keep ? piece : noise.subarray((at / 512) % 4096).subarray(0, piece.length);
				await target.write(data, 0, data.length, at);
			}
		};
		await move(0, start, true);
		for (let block = 0; block < used.count;) {
			const keep = used.has(block);
			let end = block + 1;
			if (keep) while (end < used.count && used.has(end)) end++;
			else end = used.next(end);
			await move(start + block * used.blockSize, Math.min(source.size, start + end * used.blockSize), keep);
			block = end;
		}
		return { fileSystem, used };
	} finally {
		await source.close();
		await target.close();
	}
}
