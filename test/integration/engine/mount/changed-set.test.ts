import { createHash } from 'node:crypto';
import { constants, rmSync } from 'node:fs';
import { open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { afterimageResult } from '../../../support/cli.ts';
import { messagesOf, startMount } from '../../../support/mounting.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { ext4From, makeRawDisk } from '../../../support/raw-disk.ts';
import { requireFuse, requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const ready = requireTools(['mkfs.ext4', 'debugfs', 'sfdisk', 'prlimit', 'fusermount3']);
requireRoot();
requireFuse();
const temp = useTempFolder();
const mebibyte = 2 ** 20;
const fileBytes = 4 * mebibyte;
const bytesOf = (seed: number) => randomNumbers(seed).fill(new Uint8Array(fileBytes));

/** What a full and four incrementals are of; each incremental has one more file, and none that is older than it by three. */
let original = '';
/** Hashes of the files of the third incremental, by name: the backup that is looked at. */
const hashes = new Map<string, string>();

beforeAll(async () => {
	if (!ready) return;
	const files = await temp.folder('files');
	for (let i = 0; i < 8; i++) await writeFile(join(files, `file-${i}`), bytesOf(i));
	original = temp.file('original.img');
	await makeRawDisk(original, 'gpt', 98, [{ start: 1, size: 96, type: 'L', make: ext4From(files) }]);
	for (const i of [0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 13]) {
		if (i < 1 || i > 3) hashes.set(`file-${i}`, createHash('sha256').update(bytesOf(i)).digest('hex'));
	}
});

/** A set of a full and four incrementals. */
async function makeSet(name: string): Promise<{ folder: string; files: readonly string[] }> {
	const folder = await temp.folder(name);
	const disk = temp.file(`${name}.img`);
	await run('cp', ['--sparse=always', original, disk]);
	const files: string[] = [];
	for (let i = 0; i < 5; i++) {
		if (i > 0) {
			const file = temp.file('change');
			await writeFile(file, bytesOf(10 + i));
			await run('debugfs', ['-w', '-R', `rm file-${i}`, `${disk}?offset=${mebibyte}`]);
			await run('debugfs', ['-w', '-R', `write ${file} file-${10 + i}`, `${disk}?offset=${mebibyte}`]);
		}
		const args = ['image', disk, '--to', folder, '--type', i === 0 ? 'full' : 'inc'];
		files.push(...(await afterimageResult<ImageResult>(args)).files);
	}
	rmSync(disk);
	return { folder, files };
}

/** Reads past what the kernel has cached. @returns its hash, or the code of the error */
async function hashOf(path: string): Promise<string> {
	try {
		const handle = await open(path, constants.O_RDONLY | constants.O_DIRECT);
		try {
			const hash = createHash('sha256');
			const buffer = Buffer.alloc(mebibyte);
			for (let bytes; (bytes = (await handle.read(buffer)).bytesRead) > 0;) hash.update(buffer.subarray(0, bytes));
			return hash.digest('hex');
		} finally {
			await handle.close();
		}
	} catch (error) {
		return (error as NodeJS.ErrnoException).code ?? String(error);
	}
}

/** Files of a mounted backup as they are read. */
class Reading {
	right = 0;
	/** Codes of errors, and hashes of what no file ever was. */
	readonly others = new Set<string>();
	/** Milliseconds. */
	slowest = 0;
	readonly #point: string;

	constructor(point: string) {
		this.#point = point;
	}

	async all(): Promise<void> {
		for (const [name, hash] of hashes) {
			const began = performance.now();
			const found = await hashOf(join(this.#point, name));
			this.slowest = Math.max(this.slowest, performance.now() - began);
			if (found === hash) this.right++;
			else this.others.add(found);
		}
	}

	/** Reads everything over and over until `work` has ended. */
	async during(work: Promise<unknown>): Promise<void> {
		const ended = new AbortController();
		const end = () => ended.abort();
		work.then(end, end);
		while (!ended.signal.aborted) await this.all();
		await work;
	}
}

/** Milliseconds after which a mount that holds no files has closed one that nobody reads: at most twice the time that it keeps it. */
const idle = 6500;

describe('a mounted backup whose set is merged, purged and removed while it is read', () => {
	it('has all its files as they were; where too few may be open to keep its own, those or errors that say why', async () => {
		const { folder, files } = await makeSet('set');
		const points = [await temp.folder('held'), await temp.folder('not-held')];
		const mounts = [
			await startMount([files[3]!, points[0]!]),
			await startMount([files[3]!, points[1]!], ['prlimit', '--nofile=60:60']),
		];
		const [held, notHeld] = points.map((point) => new Reading(point)) as [Reading, Reading];
		const during = async (work: Promise<unknown>) => {
			await Promise.all([held.during(work), notHeld.during(work)]);
		};
		try {
			await during(afterimageResult(['merge', files[2]!, files[3]!]));
			expect(notHeld.right).toBeGreaterThan(0);
			// Where a file was, there is another now.
			await delay(idle);
			await during(afterimageResult(['merge', files[0]!, files[1]!]));
			expect([...notHeld.others]).toEqual(['EIO']);
			await during(afterimageResult(['purge', folder, '--inc', '1']));
			expect((await readdir(folder)).filter((one) => one.endsWith('.mrimgx'))).toHaveLength(2);
			rmSync(folder, { recursive: true });
			await delay(idle);
			for (const reading of [held, notHeld]) await reading.all();
		} finally {
			for (const { child } of mounts) child.kill('SIGINT');
			await Promise.all(mounts.map(({ ended }) => ended));
		}
		expect([...held.others]).toEqual([]);
		expect([...notHeld.others]).toEqual(['EIO']);
		expect(Math.max(held.slowest, notHeld.slowest)).toBeLessThan(10_000);
		const ends = await Promise.all(mounts.map(({ ended }) => ended));
		expect(ends.map(({ code }) => code)).toEqual([0, 0]);
		const [whole, told] = ends.map(({ out }) => messagesOf(out)) as [string[], string[]];
		expect(whole).toEqual([]);
		expect(told.length).toBeGreaterThan(0);
		for (const line of told) expect(line).toMatch(/mrimgx was replaced or removed while it was read/);
	});
});
