import { createHash } from 'node:crypto';
import { historyOf, nextNumbers, type BackupSet } from '../../../src/image/set/backup-set.ts';
import { BlockCipher, paddedLength } from '../../../src/image/block-cipher.ts';
import { openChain, type Chain } from '../../../src/image/set/chain.ts';
import { zstdLevel } from '../../../src/image/codec.ts';
import type { ExtendedBootRecord } from '../../../src/image/metadata/ept.ts';
import { completeManifest, type Manifest } from '../../../src/image/manifest.ts';
import { partitionLayout, reservedBlockSize } from '../../../src/image/partition-layout.ts';
import { deriveKey, imageIdBytes, passwordTest } from '../../../src/image/password.ts';
import { scanFolder } from '../../../src/image/set/scan-folder.ts';
import { ImageWriter } from '../../../src/image/writer.ts';
import type { WrittenFile } from '../../../src/image/writer/file-part.ts';
import { createZlibCodec } from '../../../src/image/zlib-codec.ts';
import type { MemoryFolder } from './memory-folder.ts';

export const codec = createZlibCodec();

/** A partition as a test holds it: every byte, and which blocks are in use. */
export interface ModelPartition {
	start: number;
	blockSize: number;
	/** All bytes of the partition. */
	content: Uint8Array;
	/** FAT: bytes before block 0. */
	reserved: number;
	used: Set<number>;
}

export interface ModelDisk {
	number: number;
	format: 'gpt' | 'mbr';
	signature: string;
	track0: Uint8Array;
	ept: ExtendedBootRecord[];
	partitions: ModelPartition[];
}

export interface SetKind {
	imageid: string;
	compression: 'none' | 'medium' | 'high';
	aes: 'none' | 'aes-128' | 'aes-192' | 'aes-256';
	password: string;
	splitSize?: number;
	/** Stands for the image id in file names. */
	name?: string;
	/** Unchanged reserved blocks stay where an earlier file has them. */
	keepReserved?: boolean;
}

export function blockOf(partition: ModelPartition, block: number): Uint8Array {
	const from = partition.reserved + block * partition.blockSize;
	return partition.content.subarray(from, from + partition.blockSize);
}

export function cloneDisks(disks: readonly ModelDisk[]): ModelDisk[] {
	return structuredClone(disks) as ModelDisk[];
}

export async function onlySet(folder: MemoryFolder): Promise<BackupSet> {
	const { sets } = await scanFolder(folder, { codec });
	if (sets.length !== 1) throw new Error(`${sets.length} sets`);
	return sets[0]!;
}

async function manifestFor(
	kind: SetKind,
	type: 'full' | 'diff' | 'inc',
	disks: readonly ModelDisk[],
	set: BackupSet | undefined,
	time: number,
): Promise<Manifest> {
	const { fileNumber, incrementNumber } = set === undefined ? { fileNumber: 0, incrementNumber: 0 } : nextNumbers(set);
	const key = kind.aes === 'none' ? undefined : await deriveKey(kind.password, kind.imageid, 10);
	return completeManifest({
		_auxiliary_data: { backup_definition: { comment: `backup ${fileNumber}` } },
		_compression: { compression_level: kind.compression },
		_encryption: {
			enable: key !== undefined,
			aes_type: kind.aes,
			key_iterations: key === undefined ? 0 : 10,
			hmac: key === undefined ? '' : passwordTest(key),
		},
		_header: {
			imageid: kind.imageid,
			file_number: fileNumber,
			increment_number: incrementNumber,
			index_file_position: 0,
			delta_index: type === 'inc',
			backup_type: type,
			backup_time: time,
		},
		disks: disks.map((disk) => ({
			_header: { disk_format: disk.format, disk_number: disk.number, disk_signature: disk.signature },
			_geometry: { bytes_per_sector: 512, disk_size: 1 << 30 },
			partitions: disk.partitions.map((partition, p) => ({
				_header: {
					block_size: partition.blockSize,
					partition_number: p + 1,
					file_history: set === undefined ? [] : historyOf(set),
				},
				_geometry: { start: partition.start, length: partition.content.length },
				_file_system: {
					start: partition.start,
					lcn0_offset: partition.start + partition.reserved,
					reserved_sectors_byte_length: partition.reserved,
					type: partition.reserved > 0 ? 'FAT32' : 'NTFS',
				},
			})),
		})),
	});
}

/** Images the disks as the engine does, block by block, and returns the files that were written. */
export async function backUp(
	folder: MemoryFolder,
	kind: SetKind,
	type: 'full' | 'diff' | 'inc',
	disks: readonly ModelDisk[],
	time = 1000,
): Promise<readonly WrittenFile[]> {
	const set = type === 'full' ? undefined : await onlySet(folder);
	const manifest = await manifestFor(kind, type, disks, set, time);
	let chain: Chain | undefined;
	if (set !== undefined) {
		const point = type === 'diff' ? set.points[0]! : set.points.at(-1)!;
		chain = await openChain(folder, set, point, { codec, password: kind.password });
	}
	const base = chain && (await resolveAll(chain));
	const key = kind.aes === 'none' ? undefined : await deriveKey(kind.password, kind.imageid, 10);
	const writer = new ImageWriter({
		manifest,
		disks: disks.map(({ track0, ept }) => ({ track0, ept })),
		base: base?.map((disk) => disk.map((partition) => partition.index)),
		output: folder.output(folder.names(kind.name ?? kind.imageid, manifest._header.increment_number)),
		codec,
		splitSize: kind.splitSize,
	});
	for (const [d, disk] of disks.entries()) {
		for (const [p, partition] of disk.partitions.entries()) {
			const cipher =
				kind.aes === 'none' || key === undefined
					? undefined
					: new BlockCipher({
							aes: kind.aes,
							key,
							imageId: imageIdBytes(kind.imageid),
							diskNumber: disk.number,
							partitionNumber: p + 1,
						});
			const out = writer.partition(d, p);
			for (let at = 0, block = 0; at < partition.reserved; at += reservedBlockSize, block++) {
				const raw = partition.content.subarray(at, Math.min(partition.reserved, at + reservedBlockSize));
				const old = base?.[d]?.[p]?.reserved;
				if (kind.keepReserved === true && old?.hasMd5(block, digest(raw), 0)) out.keepReserved(old);
				else await out.appendReserved(store(raw, block, kind, cipher), digest(raw));
			}
			const known = base?.[d]?.[p]?.index;
			const { usableBlocks } = partitionLayout(manifest.disks[d]!.partitions[p]!);
			const blocks = [...partition.used].filter((block) => block < usableBlocks).sort((a, b) => a - b);
			for (let from = 0; from < blocks.length; from += 7) {
				const numbers = Uint32Array.from(blocks.slice(from, from + 7));
				const raws = Array.from(numbers, (block) => blockOf(partition, block));
				const hashes = raws.map(digest);
				const stored = raws.map((raw, i) =>
					known?.hasMd5(numbers[i]!, hashes[i]!, 0) ? new Uint8Array(0) : store(raw, numbers[i]!, kind, cipher),
				);
				await out.appendBlocks({
					count: numbers.length,
					blocks: numbers,
					lengths: Uint32Array.from(stored, (bytes) => bytes.length),
					md5: Buffer.concat(hashes),
					data: Buffer.concat(stored),
				});
			}
			out.freeUnused(partition.used);
		}
	}
	return writer.finish();
}

export function resolveAll(chain: Chain) {
	return Promise.all(
		chain.manifest.disks.map((disk, d) => Promise.all(disk.partitions.map((_, p) => chain.resolve(d, p)))),
	);
}

function digest(raw: Uint8Array): Buffer {
	return createHash('md5').update(raw).digest();
}

function store(raw: Uint8Array, block: number, kind: SetKind, cipher: BlockCipher | undefined): Uint8Array {
	const buffer = new Uint8Array(codec.bound(raw.length) + 16);
	let length = raw.length;
	if (kind.compression === 'none') buffer.set(raw);
	else length = codec.compress(raw, buffer, zstdLevel[kind.compression]);
	if (cipher !== undefined) {
		cipher.encrypt(block, buffer, length);
		length = paddedLength(length);
	}
	return buffer.slice(0, length);
}
