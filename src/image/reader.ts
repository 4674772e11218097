import { type ByteSource } from '../base/bytes.ts';
import { AfterimageError, damaged } from '../base/errors.ts';
import { decodeEpt, type ExtendedBootRecord } from './ept.ts';
import { locateIndex, type IndexLocation } from './index-read.ts';
import { readManifest, type Manifest } from './manifest.ts';
import { Footer } from './metadata-header.ts';
import { readFooter, readList, readPayload, type MetadataBlock, type PayloadKeys } from './metadata-read.ts';

/** Longest `$JSON` that is read, in bytes decoded. Real ones have some KiB. */
const maxJson = 64 * 1024 * 1024;
/** Longest `$TRACK0` and `$EPT` that are read, in bytes decoded. The format has 1 MiB. */
const maxDiskMetadata = 16 * 1024 * 1024;

/** The file's tail: what tells which file of which set it is. */
export interface ImageTail {
	readonly manifest: Manifest;
	/** Bytes of the file. */
	readonly size: number;
	/** Byte where the root list begins. */
	readonly rootPosition: number;
	/** Byte where data blocks end at the latest: disk metadata follow, or in a split part the root list. */
	readonly dataEnd: number;
}

/** What lies before the indexes of a disk. */
export interface DiskMetadata {
	/** The sectors from LBA 0 on, up to the first partition. */
	readonly track0: Uint8Array;
	/** MBR disks with logical drives. */
	readonly ept: readonly ExtendedBootRecord[];
}

/** A partition's block list. */
export interface PartitionMetadata {
	readonly index: IndexLocation;
	/** `$BITMAP`, where there is one that is not empty. */
	readonly bitmap: MetadataBlock | undefined;
}

/** Disk and partition metadata, in the order of `$JSON`. */
export interface ImageLayout {
	readonly disks: readonly (DiskMetadata & { readonly partitions: readonly PartitionMetadata[] })[];
}

/**
 * Reads footer, root list and `$JSON`.
 * @throws AfterimageError `image-damaged` with the offset, what was expected and what was found; `not-supported` for a
 * file backup
 */
export async function readTail(source: ByteSource, keys: PayloadKeys): Promise<ImageTail> {
	const rootPosition = await readFooter(source);
	const blocks = await readList(source, rootPosition, source.size - Footer.size);
	const json = blocks.find((block) => block.name === '$JSON');
	if (json === undefined) throw damaged('image-damaged', 'Root list', rootPosition, 'a $JSON block', 'none');
	const manifest = readManifest(await readPayload(source, json, maxJson, keys));
	const { split_file: split, index_file_position: indexPosition } = manifest._header;
	if (!split && indexPosition > rootPosition)
		throw damaged(
			'image-damaged',
			'$JSON _header.index_file_position',
			json.payload,
			`at most ${rootPosition}`,
			indexPosition,
		);
	return { manifest, size: source.size, rootPosition, dataEnd: split ? rootPosition : indexPosition };
}

/**
 * Reads the metadata of all disks and partitions; of the indexes only where they lie and how long they are.
 * @throws AfterimageError `image-damaged`; `password-needed` when `$TRACK0` or `$EPT` are encrypted and there is no key
 */
export async function readLayout(source: ByteSource, tail: ImageTail, keys: PayloadKeys): Promise<ImageLayout> {
	const { manifest, rootPosition } = tail;
	if (manifest._header.split_file)
		throw new AfterimageError('image-damaged', 'A split part has no indexes: they are in the last part of its backup');
	if (manifest._header.backup_format !== 'partition')
		throw new AfterimageError('not-supported', 'The file is a backup of files and folders, not of partitions');
	let at = manifest._header.index_file_position;
	const next = async () => {
		const blocks = await readList(source, at, rootPosition);
		const last = blocks.at(-1)!;
		at = last.payload + last.length;
		return blocks;
	};
	const disks: (DiskMetadata & { partitions: PartitionMetadata[] })[] = [];
	for (const disk of manifest.disks) {
		const from = at;
		const blocks = await next();
		const partitions: PartitionMetadata[] = [];
		const metadata = await readDisk(source, from, blocks, disk._geometry.disk_size, keys);
		while (partitions.length < disk.partitions.length) {
			const start = at;
			partitions.push(await readPartition(source, start, await next(), manifest._header.delta_index));
		}
		disks.push({ ...metadata, partitions });
	}
	return { disks };
}

async function readDisk(
	source: ByteSource,
	at: number,
	blocks: readonly MetadataBlock[],
	diskSize: number,
	keys: PayloadKeys,
): Promise<DiskMetadata> {
	const track0 = blocks.find((block) => block.name === '$TRACK0');
	if (track0 === undefined || track0.length === 0)
		throw damaged('image-damaged', 'Disk metadata', at, 'a $TRACK0 block', blocks.map((block) => block.name).join(' '));
	const ept = blocks.find((block) => block.name === '$EPT');
	return {
		track0: await readPayload(source, track0, maxDiskMetadata, keys),
		ept:
			ept === undefined ? [] : decodeEpt(await readPayload(source, ept, maxDiskMetadata, keys), ept.payload, diskSize),
	};
}

async function readPartition(
	source: ByteSource,
	at: number,
	blocks: readonly MetadataBlock[],
	delta: boolean,
): Promise<PartitionMetadata> {
	const index = blocks.at(-1)!;
	if (index.name !== '$INDEX')
		throw damaged('image-damaged', 'Partition metadata', at, '$INDEX at the end', blocks.map((b) => b.name).join(' '));
	const bitmap = blocks.find((block) => block.name === '$BITMAP' && block.length > 0);
	return { index: await locateIndex(source, index, delta), bitmap };
}
