import { createCipheriv, createHash } from 'node:crypto';
import { copyFileSync, lstatSync, mkdirSync, openSync, closeSync, readdirSync, writeSync, existsSync } from 'node:fs';
import { extname, join } from 'node:path';

/** Where real files come from: programs, libraries, documents, fonts, JavaScript. */
const roots = ['/usr/bin', '/usr/lib', '/usr/sbin', '/usr/share', '/usr/include', '/opt', 'node_modules'];
const largestFile = 64 << 20;
const filesPerFolder = 200;
const incompressibleShare = 0.2;
/** What is compressed already stays out, so that the noise alone is what nothing compresses. */
const compressed = /\.(?:7z|br|bz2|deb|gif|gz|jar|jmod|jpe?g|mp[34]|png|rpm|tgz|vsix|webp|whl|woff2?|xz|zip|zst)$/i;
/** Distance of folders that change; a prime, so that all of them come before any comes again. */
const folderStep = 13;

export interface FileTrees {
	/** The first day's files. */
	readonly day1: string;
	/** What changed until the second day: files of the same names, with other contents. */
	readonly day2: string;
}

/**
 * Makes two folders of files: the first holds `bytes`, a fifth of them noise, the second replaces `changed` of them.
 * The same machine gives the same folders: the choice depends on paths alone. Names are plain, so that FAT takes them.
 */
export function makeFileTrees(folder: string, bytes: number, changed: number): FileTrees {
	const day1 = join(folder, 'day1');
	const day2 = join(folder, 'day2');
	const real = shuffledFiles();
	const stream = new Noise();
	const first: Tree = { folder: day1, files: [], bytes: 0 };
	let next = 0;
	while (first.bytes < bytes * (1 - incompressibleShare)) {
		const file = real[next++];
		if (file === undefined) throw new Error(`The folders ${roots.join(', ')} hold less than ${bytes} bytes`);
		copyInto(first, file);
	}
	while (first.bytes < bytes)
		noiseInto(first, stream, Math.min(bytes - first.bytes, 4096 << (first.files.length % 13)));
	mkdirSync(day2);
	const second: Tree = { folder: day2, files: [], bytes: 0 };
	// Whole folders change, as when programs are updated or people work: changes lie together and are scattered in groups.
	const folders = Math.ceil(first.files.length / filesPerFolder);
	for (let folder = 0; second.bytes < changed; folder = (folder + folderStep) % folders) {
		for (const file of first.files.slice(folder * filesPerFolder, (folder + 1) * filesPerFolder)) {
			if (second.bytes >= changed) break;
			if (file.noise) noiseInto(second, stream, file.size, file.name);
			else copyInto(second, real[next++]!, file.name);
		}
	}
	return { day1, day2 };
}

interface Tree {
	readonly folder: string;
	readonly files: { readonly name: string; readonly size: number; readonly noise: boolean }[];
	bytes: number;
}

interface RealFile {
	readonly path: string;
	readonly size: number;
	/** Order of the choice. */
	readonly key: string;
}

function shuffledFiles(): RealFile[] {
	const found: RealFile[] = [];
	const walk = (folder: string) => {
		for (const entry of readdirSync(folder, { withFileTypes: true })) {
			const path = join(folder, entry.name);
			if (entry.isDirectory()) walk(path);
			else if (entry.isFile()) {
				const { size } = lstatSync(path);
				const key = createHash('sha1').update(path).digest('hex');
				if (size > 0 && size <= largestFile && !compressed.test(entry.name)) found.push({ path, size, key });
			}
		}
	};
	for (const root of roots) if (existsSync(root)) walk(root);
	return found.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function placeFor(tree: Tree, extension: string): string {
	const n = tree.files.length;
	const name = join(
		`d${Math.floor(n / filesPerFolder)}`,
		`f${n}${/^\.[A-Za-z0-9]{1,8}$/.test(extension) ? extension : ''}`,
	);
	return name;
}

function copyInto(tree: Tree, file: RealFile, name = placeFor(tree, extname(file.path))): void {
	copyFileSync(file.path, prepared(tree, name));
	tree.files.push({ name, size: file.size, noise: false });
	tree.bytes += file.size;
}

function noiseInto(tree: Tree, noise: Noise, size: number, name = placeFor(tree, '.bin')): void {
	const fd = openSync(prepared(tree, name), 'w');
	writeSync(fd, noise.take(size));
	closeSync(fd);
	tree.files.push({ name, size, noise: true });
	tree.bytes += size;
}

function prepared(tree: Tree, name: string): string {
	mkdirSync(join(tree.folder, name, '..'), { recursive: true });
	return join(tree.folder, name);
}

/** An endless stream that nothing compresses, the same in every run. */
class Noise {
	readonly #cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16));

	take(size: number): Buffer {
		return this.#cipher.update(Buffer.alloc(size));
	}
}
