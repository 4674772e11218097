/**
 * `npm run demo`: makes a sample disk as a raw file, images it, changes it, images it again, verifies, restores both
 * backups to new files and compares them with what the disk was. Needs no root; says which tools of the machine it used.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	closeSync,
	existsSync,
	mkdirSync,
	openSync,
	readSync,
	rmSync,
	statSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { formatBytes } from '../src/base/quantity.ts';
import { makeDemoDisk, tool, type DemoDisk } from './make-demo-disk.ts';

const root = resolve(import.meta.dirname, '..');
const bundle = join(root, 'dist/afterimage.mjs');
const program = existsSync(bundle) ? bundle : join(root, 'src/cli/main.ts');
const folder = join(tmpdir(), `afterimage-demo-${process.getuid?.() ?? process.env['USERNAME'] ?? 'user'}`);

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

/** Runs `afterimage`, showing the command; gives its result. */
function afterimage(...args: string[]): Record<string, unknown> {
	say(`\n$ afterimage ${args.join(' ')}`);
	const run = spawnSync(process.execPath, [program, ...args, '--json'], { encoding: 'utf8' });
	const lines = run.stdout
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line) as Record<string, unknown>);
	for (const line of lines) if (line['type'] === 'log' || line['type'] === 'error') say(`  ${String(line['message'])}`);
	const result = lines.find((line) => line['type'] === 'result');
	if (run.status !== 0 || result === undefined) throw new Error(`It ended with ${run.status}: ${run.stderr}`);
	return result;
}

/** One new file in each file system, by the tools that made it; plain bytes where there is none. */
function changeDisk(disk: DemoDisk): void {
	const file = join(folder, 'new-file.txt');
	writeFileSync(file, 'This file was not there when the disk was imaged first.\n'.repeat(20_000));
	for (const { contents, start } of disk.partitions) {
		const how = contents.startsWith('FAT32')
			? tool('mcopy', '-i', `${disk.path}@@${start}`, file, '::') !== undefined && 'mcopy wrote a file into FAT32'
			: contents.startsWith('ext4')
				? tool('debugfs', '-w', '-R', `write ${file} new-file.txt`, `${disk.path}?offset=${start}`) !== undefined &&
					'debugfs wrote a file into ext4'
				: false;
		if (how === false) {
			const fd = openSync(disk.path, 'r+');
			writeSync(fd, Buffer.alloc(100_000, 'changed '), 0, 100_000, start + 1_000_000);
			closeSync(fd);
		}
		say(`  ${how === false ? 'bytes of the partition were overwritten' : how}`);
	}
	rmSync(file);
}

function sha256(path: string): string {
	const hash = createHash('sha256');
	const fd = openSync(path, 'r');
	const buffer = Buffer.alloc(4 * 2 ** 20);
	for (;;) {
		const count = readSync(fd, buffer, 0, buffer.length, null);
		if (count === 0) break;
		hash.update(buffer.subarray(0, count));
	}
	closeSync(fd);
	return hash.digest('hex');
}

function restoreAndCompare(image: string, target: string, expected: string): void {
	const result = afterimage('restore', image, '--to', target, '--verify');
	say(`  ${formatBytes(Number(result['bytes']))} restored, ${String(result['verifiedBlocks'])} blocks read back`);
	if (sha256(target) !== expected) throw new Error(`${target} is not what was imaged`);
	say(`  SHA-256 of the restored disk is that of the disk when it was imaged: ${expected.slice(0, 16)}…`);
}

function describeImage(result: Record<string, unknown>): string {
	const [file] = result['files'] as string[];
	say(
		`  ${formatBytes(Number(result['bytesRead']))} read, ${formatBytes(Number(result['bytesWritten']))} written ` +
			`in ${Number(result['seconds']).toFixed(1)} s with ${String(result['codec'])}`,
	);
	return file!;
}

rmSync(folder, { recursive: true, force: true });
const images = join(folder, 'images');
mkdirSync(images, { recursive: true });
say(`Afterimage demo in ${folder}, running ${relative(root, program)} on Node ${process.version}`);

const disk = makeDemoDisk(join(folder, 'disk.img'));
say(`\nMade a GPT disk of ${formatBytes(disk.size)} as a raw file, ${disk.path}:`);
for (const { number, contents, length } of disk.partitions) say(`  ${number}  ${formatBytes(length)}  ${contents}`);
const before = sha256(disk.path);

afterimage('disks', disk.path);
const full = describeImage(afterimage('image', disk.path, '--to', images));
say('\nChanging the disk:');
changeDisk(disk);
const after = sha256(disk.path);
const incremental = describeImage(afterimage('image', disk.path, '--to', images, '--type', 'inc'));
for (const image of [full, incremental]) {
	const result = afterimage('verify', image);
	say(`  ${String(result['blocks'])} blocks are sound`);
}
restoreAndCompare(full, join(folder, 'restored-before.img'), before);
restoreAndCompare(incremental, join(folder, 'restored-after.img'), after);

say(`\nAll of it agrees. What is where:`);
for (const path of [
	disk.path,
	full,
	incremental,
	join(folder, 'restored-before.img'),
	join(folder, 'restored-after.img'),
]) {
	const { size, blocks } = statSync(path);
	say(
		`  ${path}  ${formatBytes(size)}${blocks * 512 < size / 2 ? `, sparse: ${formatBytes(blocks * 512)} on disk` : ''}`,
	);
}
