import type { BlockCodec } from '../codec.ts';
import { encodeEpt } from '../metadata/ept.ts';
import { indexPayload, indexPayloadLength, type IndexContent } from '../index/index-write.ts';
import { AfterimageError } from '../../base/errors.ts';
import { writeManifest, type Manifest } from '../manifest.ts';
import { md5Stream } from '../md5.ts';
import { Footer, MetadataHeader } from '../metadata/metadata-header.ts';
import { encodeFooter, encodeMetadataBlock, encodeMetadataHeader } from '../metadata/metadata-write.ts';
import type { DiskMetadata } from '../reader.ts';
import { tailAlignment, type FilePart, type WrittenFile } from './file-part.ts';

/** Everything that follows the data blocks of a file. */
export interface TailContent {
	readonly manifest: Manifest;
	readonly disks: readonly DiskMetadata[];
	/** By disk and partition; undefined for a split part, which has none. */
	readonly indexes: readonly (readonly IndexContent[])[] | undefined;
	readonly codec: BlockCodec;
}

/** Writes padding, disk and partition metadata, root list and footer. */
export async function writeTail(part: FilePart, content: TailContent): Promise<WrittenFile> {
	await part.beginTail();
	const manifest = manifestOf(part, content);
	const codec = manifest._compression.compression_level === 'none' ? undefined : content.codec;
	if (content.indexes !== undefined) {
		for (const [d, disk] of content.disks.entries()) {
			await writeDisk(part, disk, codec);
			for (const index of content.indexes[d]!) await writeIndex(part, index, codec !== undefined);
		}
	}
	const rootPosition = part.position;
	await part.append(encodeMetadataBlock('$JSON', writeManifest(manifest), { last: true, codec }));
	await part.append(encodeFooter(rootPosition));
	return part.written(manifest);
}

/** Most bytes that padding and metadata take, to tell whether a file would become too large. */
export function tailRoom(content: TailContent, path: string): number {
	const json = writeManifest(content.manifest).length;
	const partitions = content.manifest.disks.reduce((sum, disk) => sum + disk.partitions.length, 0);
	let room = tailAlignment + MetadataHeader.size + json + partitions * (path.length * 2 + 200) + Footer.size + 1024;
	for (const [d, indexes] of (content.indexes ?? []).entries()) {
		const { track0, ept } = content.disks[d]!;
		room += 4 * MetadataHeader.size + track0.length + ept.length * 528 + 1024;
		for (const index of indexes) room += 2 * MetadataHeader.size + indexPayloadLength(index);
	}
	return room;
}

function manifestOf(part: FilePart, { manifest, indexes }: TailContent): Manifest {
	const own = structuredClone(manifest);
	own._header.file_number = part.fileNumber;
	own._header.split_file = indexes === undefined;
	own._header.index_file_position = part.position;
	own._header.imaged_disks_count = own.disks.length;
	for (const disk of own.disks) {
		disk._header.imaged_partition_count = disk.partitions.length;
		for (const { _header: header } of disk.partitions) header.file_history_count = header.file_history.length;
	}
	return own;
}

async function writeDisk(part: FilePart, disk: DiskMetadata, codec: BlockCodec | undefined): Promise<void> {
	const hasEpt = disk.ept.length > 0;
	await part.append(encodeMetadataBlock('$TRACK0', disk.track0, { last: !hasEpt, codec }));
	if (hasEpt) await part.append(encodeMetadataBlock('$EPT', encodeEpt(disk.ept), { last: true, codec }));
}

/** An empty `$BITMAP`, as real files have it, and the `$INDEX`: hashed first, since its header stands before it. */
async function writeIndex(part: FilePart, index: IndexContent, compressed: boolean): Promise<void> {
	const length = indexPayloadLength(index);
	if (length > 0xffff_ffff)
		throw new AfterimageError('failed', `The index of a partition would take ${length} bytes; the format has 4 GiB`);
	const hash = md5Stream();
	for (const piece of indexPayload(index)) hash.update(piece);
	await part.append(encodeMetadataHeader('$BITMAP', 0, new Uint8Array(16), false, compressed));
	await part.append(encodeMetadataHeader('$INDEX', length, hash.digest(), true, false));
	for (const piece of indexPayload(index)) await part.append(piece);
}
