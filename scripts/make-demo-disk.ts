/**
 * A sample disk as a raw file: GPT, one ext4 and one FAT32 partition with files in them. Needs no root: the file
 * systems are made in files of their own and copied to their places. Without the tools of a file system its partition
 * holds plain bytes.
 */
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
	closeSync,
	ftruncateSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readSync,
	rmSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { guidToBytes } from '../src/base/guid.ts';
import { planGpt } from '../src/disk/partition-table/gpt/rebuild.ts';
import { GptEntry } from '../src/disk/partition-table/gpt/structures.ts';
import type { GptTable } from '../src/disk/partition-table/gpt/table.ts';
import { gptTypes } from '../src/disk/partition-table/gpt/types.ts';

const sectorSize = 512;
const mebibyte = 2 ** 20;
const linuxFilesystem = '0FC63DAF-8483-4772-8E79-3D69D8477DE4';

export interface DemoPartition {
	readonly number: number;
	/** What it holds, and with which tools it was made. */
	readonly contents: string;
	/** Bytes on the disk. */
	readonly start: number;
	readonly length: number;
}

export interface DemoDisk {
	readonly path: string;
	readonly size: number;
	readonly partitions: readonly DemoPartition[];
}

/** Tools of an administrator are often not on an ordinary user's PATH. */
const searchPath = [process.env['PATH'] ?? '', '/usr/sbin', '/sbin', '/usr/local/sbin'].join(delimiter);

/** Runs a tool; undefined when it is not installed. @throws Error when it fails */
export function tool(name: string, ...args: string[]): string | undefined {
	const result = spawnSync(name, args, { encoding: 'utf8', env: { ...process.env, PATH: searchPath } });
	if (result.error !== undefined) return undefined;
	if (result.status !== 0) throw new Error(`${name} ${args.join(' ')}: ${result.stderr}`);
	return result.stdout;
}

/** Reproducible bytes: every other file repeats itself, as documents do, the rest does not compress at all. */
function fileContents(seed: string, length: number, repetitive: boolean): Buffer {
	const pieces: Buffer[] = [];
	for (let made = 0, i = 0; made < length; i++) {
		const digest = createHash('sha512').update(`${seed}/${i}`).digest();
		const piece = repetitive
			? Buffer.from(`${digest.toString('hex').slice(0, 16)} lorem ipsum dolor sit amet\n`)
			: digest;
		pieces.push(piece);
		made += piece.length;
	}
	return Buffer.concat(pieces).subarray(0, length);
}

/** Fills a folder with about `mebibytes` MiB of files; returns their names, relative to it. */
function makeFiles(folder: string, seed: string, mebibytes: number): string[] {
	const names: string[] = [];
	for (let i = 0; i < mebibytes; i++) {
		const name = `${i % 2 === 0 ? 'documents' : 'pictures'}/${seed}-${i}.dat`;
		mkdirSync(join(folder, name, '..'), { recursive: true });
		writeFileSync(join(folder, name), fileContents(`${seed}-${i}`, mebibyte - i * 997, i % 2 === 0));
		names.push(name);
	}
	return names;
}

function makeExt4(file: string, length: number, folder: string): string | undefined {
	const made = tool('mkfs.ext4', '-q', '-F', '-L', 'DEMO-ROOT', '-d', folder, file, `${length / 1024}k`);
	return made === undefined ? undefined : 'ext4 "DEMO-ROOT", made with mkfs.ext4 -d';
}

function makeFat32(file: string, length: number, folder: string): string | undefined {
	const made = tool('mkfs.fat', '-C', '-F', '32', '-n', 'DEMO-BOOT', file, String(length / 1024));
	if (made === undefined) return undefined;
	const copied = tool('mcopy', '-s', '-i', file, join(folder, 'documents'), join(folder, 'pictures'), '::');
	return `FAT32 "DEMO-BOOT", made with mkfs.fat${copied === undefined ? ' (empty: mtools are not installed)' : ' and mcopy'}`;
}

/** Makes the disk. @param size bytes, at least 256 MiB */
export function makeDemoDisk(path: string, size = 512 * mebibyte): DemoDisk {
	const fatLength = 64 * mebibyte;
	const plan = [
		{ type: gptTypes.efiSystem, name: 'Demo boot', start: mebibyte, length: fatLength, make: makeFat32, files: 8 },
		{
			type: linuxFilesystem,
			name: 'Demo root',
			start: mebibyte + fatLength,
			length: size - fatLength - 2 * mebibyte,
			make: makeExt4,
			files: 96,
		},
	];
	const work = mkdtempSync(join(tmpdir(), 'afterimage-demo-'));
	const disk = openSync(path, 'w+');
	try {
		ftruncateSync(disk, size);
		const partitions = plan.map(({ start, length, name, make, files }, i) => {
			const folder = join(work, `files-${i}`);
			mkdirSync(folder);
			makeFiles(folder, name.replace(' ', '-').toLowerCase(), files);
			const file = join(work, `partition-${i}`);
			const made = make(file, length, folder);
			if (made === undefined) writeFileSync(file, fileContents(name, 4 * mebibyte, false));
			copyUsed(file, disk, start);
			return { number: i + 1, contents: made ?? 'no file system: its tools are not installed', start, length };
		});
		writeTable(disk, size, plan);
		return { path, size, partitions };
	} finally {
		closeSync(disk);
		rmSync(work, { recursive: true, force: true });
	}
}

/** Copies what is not zero, so that the disk file stays sparse. */
function copyUsed(from: string, disk: number, start: number): void {
	const fd = openSync(from, 'r');
	const buffer = Buffer.alloc(mebibyte);
	try {
		for (let at = 0; ; at += buffer.length) {
			const count = readSync(fd, buffer, 0, buffer.length, at);
			if (count === 0) return;
			const piece = buffer.subarray(0, count);
			if (piece.some((byte) => byte !== 0)) writeSync(disk, piece, 0, count, start + at);
		}
	} finally {
		closeSync(fd);
	}
}

function writeTable(
	disk: number,
	size: number,
	partitions: readonly { type: string; name: string; start: number; length: number }[],
): void {
	const entries = new Uint8Array(128 * GptEntry.size);
	partitions.forEach(({ type, name, start, length }, i) => {
		const entry = new GptEntry(entries, i * GptEntry.size);
		entry.typeGuid = guidToBytes(type);
		entry.partitionGuid = guidToBytes(randomUUID());
		entry.firstLba = start / sectorSize;
		entry.lastLba = (start + length) / sectorSize - 1;
		entry.name = Buffer.from(name, 'utf16le');
	});
	const sectors = size / sectorSize;
	const table: GptTable = {
		sectorSize,
		diskGuid: randomUUID().toUpperCase(),
		revision: 0x0001_0000,
		myLba: 1,
		alternateLba: sectors - 1,
		firstUsableLba: 34,
		lastUsableLba: sectors - 34,
		entryLba: 2,
		entryCount: 128,
		entrySize: GptEntry.size,
		entries,
	};
	for (const { offset, data } of planGpt(table, new Uint8Array(sectorSize), sectors)) {
		writeSync(disk, data, 0, data.length, offset);
	}
}

if (import.meta.filename === process.argv[1]) {
	const path = process.argv[2];
	if (path === undefined) {
		process.stderr.write('Usage: node scripts/make-demo-disk.ts FILE\n');
		process.exitCode = 2;
	} else {
		process.stdout.write(`${JSON.stringify(makeDemoDisk(path), undefined, '\t')}\n`);
	}
}
