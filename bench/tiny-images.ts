import {
	mkdtempSync,
	openSync,
	closeSync,
	readFileSync,
	rmSync,
	truncateSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { track0Length } from '../src/disk/partition-table/track0.ts';
import type { BlockIndex } from '../src/image/index/block-index.ts';
import { zstdLevel, type BlockCodec } from '../src/image/codec.ts';
import { completeManifest, type ManifestInput } from '../src/image/manifest.ts';
import { md5 } from '../src/image/md5.ts';
import { ImageWriter } from '../src/image/writer.ts';
import type { BlockBatch } from '../src/image/writer/partition-writer.ts';
import { sh } from './shell.ts';

/** Images whose blocks take a few bytes each: what counts here is how many blocks and files there are. */

export const blockSize = 65536;
const contents = 4096;

/** The few thousand contents that blocks of these images can have, compressed once. */
export interface TinyBlocks {
	/** Number of a content that depends on the block and on the backup that stored it. */
	pick(block: number, backup: number): number;
	/** 16 bytes of each content's raw bytes, by number. */
	readonly md5: Uint8Array;
	/** A batch for the image writer: these blocks (ascending) as `backup` stores them. */
	batch(blocks: Uint32Array, backup: number): BlockBatch;
}

/** Raw bytes of a content: its number over and over. */
export function rawContent(content: number): Uint8Array {
	return new Uint8Array(new Uint16Array(blockSize / 2).fill(content).buffer);
}

export function tinyBlocks(codec: BlockCodec): TinyBlocks {
	const hashes = new Uint8Array(contents * 16);
	const room = new Uint8Array(codec.bound(blockSize));
	const frames = Array.from({ length: contents }, (_, content) => {
		const raw = rawContent(content);
		hashes.set(md5(raw), content * 16);
		return room.slice(0, codec.compress(raw, room, zstdLevel.medium));
	});
	const longest = Math.max(...frames.map((frame) => frame.length));
	const pick = (block: number, backup: number) => hash(block, backup) % contents;
	return {
		pick,
		md5: hashes,
		batch(blocks, backup) {
			const lengths = new Uint32Array(blocks.length);
			const ofBlocks = new Uint8Array(blocks.length * 16);
			const data = new Uint8Array(blocks.length * longest);
			let used = 0;
			for (let i = 0; i < blocks.length; i++) {
				const content = pick(blocks[i]!, backup);
				const frame = frames[content]!;
				data.set(frame, used);
				ofBlocks.set(hashes.subarray(content * 16, content * 16 + 16), i * 16);
				lengths[i] = frame.length;
				used += frame.length;
			}
			return { count: blocks.length, blocks, lengths, md5: ofBlocks, data: data.subarray(0, used) };
		},
	};
}

/** A number of 32 bits that looks random and is the same every time. */
export function hash(a: number, b: number): number {
	let value = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
	value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
	value = Math.imul(value ^ (value >>> 12), 0x297a2d39);
	return (value ^ (value >>> 15)) >>> 0;
}

export interface TinyPartition {
	/** Byte on the disk. */
	readonly start: number;
	/** Bytes. */
	readonly length: number;
	readonly type: 'ext' | 'unknown';
}

export interface TinyDisk {
	/** GPT disk GUID in upper case. */
	readonly id: string;
	/** Bytes. */
	readonly size: number;
	readonly partitions: readonly TinyPartition[];
	readonly track0: Uint8Array;
}

/** A disk with a partition table that sfdisk has written. */
export function tinyDisk(id: string, partitions: readonly TinyPartition[]): TinyDisk {
	const last = partitions.at(-1)!;
	const size = last.start + last.length + 2 ** 20;
	const folder = mkdtempSync(join(tmpdir(), 'afterimage-chains-'));
	try {
		const path = join(folder, 'disk');
		writeFileSync(path, '');
		truncateSync(path, size);
		const lines = partitions.map(({ start, length }) => `start=${start / 512}, size=${length / 512}`);
		sh(
			`printf '%s\\n' 'label: gpt' 'label-id: ${id}' ${lines.map((line) => `'${line}'`).join(' ')} | PATH="$PATH:/usr/sbin" sfdisk '${path}'`,
		);
		sh(`truncate -s ${track0Length(size, 512, [partitions[0]!.start])} '${path}'`);
		return { id, size, partitions, track0: readFileSync(path) };
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** What tells one backup from the others. */
export interface TinyBackup {
	readonly imageid: string;
	readonly type: 'full' | 'diff' | 'inc';
	/** Number of the backup and of its file. */
	readonly number: number;
	/** Seconds since 1970. */
	readonly time: number;
	/** That of the set's full. */
	readonly setTime: number;
	readonly computer: string;
	/** Files of the set before this one: path by number. */
	readonly earlier: readonly string[];
	/** Under which the file is known. */
	readonly path: string;
	/** Where it is written. */
	readonly place: string;
}

/**
 * Writes one image; `fill` stores its blocks.
 * @param base of an incremental or differential: the index of each partition
 */
export async function writeTinyImage(
	disk: TinyDisk,
	backup: TinyBackup,
	base: readonly BlockIndex[] | undefined,
	codec: BlockCodec,
	fill: (writer: ImageWriter) => Promise<void>,
): Promise<void> {
	const fd = openSync(backup.place, 'wx');
	try {
		const sink = {
			async append(data: Uint8Array) {
				for (let done = 0; done < data.length;) done += writeSync(fd, data, done);
			},
		};
		const writer = new ImageWriter({
			manifest: completeManifest(manifestOf(disk, backup)),
			disks: [{ track0: disk.track0, ept: [] }],
			base: base && [base],
			output: { begin: async () => ({ sink, path: backup.path }) },
			codec,
		});
		await fill(writer);
		await writer.finish();
	} finally {
		closeSync(fd);
	}
}

function manifestOf(disk: TinyDisk, backup: TinyBackup): ManifestInput {
	const numbers = disk.partitions.map((_, p) => p + 1);
	return {
		_auxiliary_data: {
			backup_definition: {
				backup_format: 'partition',
				comment: `Backup of ${backup.computer}`,
				compression_level: 'medium',
				disks: [{ number: 1, partitions: numbers, signature: disk.id }],
				file_type: 'image',
				filename: backup.path,
				intelligent_sector_copy: true,
				prefix_unique: true,
			},
			destination: backup.path,
			target_drive_type: 'local',
			unique_prefix_type: 'imageid',
		},
		_compression: { compression_level: 'medium' },
		_encryption: { enable: false, key_iterations: 0 },
		_header: {
			backup_time: backup.time,
			backup_type: backup.type,
			backupset_time: backup.setTime,
			delta_index: backup.type === 'inc',
			file_number: backup.number,
			imageid: backup.imageid,
			increment_number: backup.number,
			index_file_position: 0,
			netbios_name: backup.computer,
		},
		disks: [
			{
				_header: { disk_format: 'gpt', disk_number: 1, disk_signature: disk.id },
				_geometry: { bytes_per_sector: 512, disk_size: disk.size },
				partitions: disk.partitions.map(({ start, length, type }, p) => ({
					_file_system: { start, end: start + length - 1, lcn0_offset: start, partition_index: p + 1, type },
					_geometry: { start, end: start + length - 1, length },
					_header: {
						block_size: blockSize,
						file_history: backup.earlier.map((file_name, file_number) => ({ file_name, file_number })),
						partition_number: p + 1,
					},
				})),
			},
		],
	};
}
