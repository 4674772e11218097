import { type ByteSource } from '../base/bytes.ts';
import { AfterimageError, damaged } from '../base/errors.ts';
import { decodeEpt, type ExtendedBootRecord } from './metadata/ept.ts';
import { locateIndex, type IndexLocation } from './index/index-read.ts';
import { readManifest, type Manifest } from './manifest.ts';
import { Footer } from './metadata/metadata-header.ts';
import { readFooter, readList, readPayload, type MetadataBlock, type PayloadKeys } from './metadata/metadata-read.ts';

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
 * Reads what lies before the indexes of all disks.
 * @throws AfterimageError `image-damaged`; `password-needed` when it is encrypted and there is no key
 */
export async function readDisks(source: ByteSource, tail: ImageTail, keys: PayloadKeys): Promise<DiskMetadata[]> {
	const disks: DiskMetadata[] = [];
	for (const [d, { blocks }] of (await readDiskLists(source, tail)).entries())
		disks.push(await readDisk(source, blocks, tail.manifest.disks[d]!._geometry.disk_size, keys));
	return disks;
}

/**
 * Where the indexes lie and how long they are, by disk and partition in the order of `$JSON`.
 * @throws AfterimageError `image-damaged`
 */
export async function readIndexLocations(source: ByteSource, tail: ImageTail): Promise<IndexLocation[][]> {
	const locations: IndexLocation[][] = [];
	for (const { partitions } of await readDiskLists(source, tail)) {
		const ofDisk: IndexLocation[] = [];
		for (const blocks of partitions) {
			const index = blocks.at(-1)!;
			if (index.name !== '$INDEX') throw lacking('Partition metadata', blocks, '$INDEX at its end');
			ofDisk.push(await locateIndex(source, index, tail.manifest._header.delta_index));
		}
		locations.push(ofDisk);
	}
	return locations;
}

/** The block lists of a disk and of its partitions. */
interface DiskLists {
	readonly blocks: readonly MetadataBlock[];
	readonly partitions: readonly (readonly MetadataBlock[])[];
}

async function readDiskLists(source: ByteSource, { manifest, rootPosition }: ImageTail): Promise<DiskLists[]> {
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
	const lists: DiskLists[] = [];
	for (const disk of manifest.disks) {
		const blocks = await next();
		const partitions: MetadataBlock[][] = [];
		while (partitions.length < disk.partitions.length) partitions.push(await next());
		lists.push({ blocks, partitions });
	}
	return lists;
}

async function readDisk(
	source: ByteSource,
	blocks: readonly MetadataBlock[],
	diskSize: number,
	keys: PayloadKeys,
): Promise<DiskMetadata> {
	const track0 = blocks.find((block) => block.name === '$TRACK0');
	if (track0 === undefined || track0.length === 0) throw lacking('Disk metadata', blocks, 'a $TRACK0 block');
	const ept = blocks.find((block) => block.name === '$EPT');
	const records = ept && (await readPayload(source, ept, maxDiskMetadata, keys));
	return {
		track0: await readPayload(source, track0, maxDiskMetadata, keys),
		ept: ept === undefined || records === undefined ? [] : decodeEpt(records, ept.payload, diskSize),
	};
}

function lacking(what: string, blocks: readonly MetadataBlock[], expected: string): AfterimageError {
	const found = blocks.map((block) => block.name).slice(0, 8);
	return damaged('image-damaged', what, blocks[0]!.position, expected, found.join(' '));
}
