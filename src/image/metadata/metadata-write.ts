import type { BlockCodec } from '../codec.ts';
import { zstdLevel } from '../codec.ts';
import { md5 } from '../md5.ts';
import { Footer, footerMagic, MetadataHeader, metadataFlags, type MetadataName } from './metadata-header.ts';

export interface MetadataBlockOptions {
	/** Last of its list. */
	readonly last: boolean;
	/** Compresses the payload into one frame; undefined stores it as it is. */
	readonly codec?: BlockCodec | undefined;
}

/** Header and payload of a metadata block; an empty payload has 16 zero bytes for its hash, as in real files. */
export function encodeMetadataBlock(
	name: MetadataName,
	payload: Uint8Array,
	{ last, codec }: MetadataBlockOptions,
): Uint8Array {
	let stored = payload;
	if (codec !== undefined && payload.length > 0) {
		const frame = new Uint8Array(codec.bound(payload.length));
		stored = frame.subarray(0, codec.compress(payload, frame, zstdLevel.medium));
	}
	const block = new Uint8Array(MetadataHeader.size + stored.length);
	const hash = stored.length === 0 ? new Uint8Array(16) : md5(stored);
	block.set(encodeMetadataHeader(name, stored.length, hash, last, codec !== undefined));
	block.set(stored, MetadataHeader.size);
	return block;
}

/** The header alone, for a payload that is written in pieces. */
export function encodeMetadataHeader(
	name: MetadataName,
	length: number,
	hash: Uint8Array,
	last: boolean,
	compressed: boolean,
): Uint8Array {
	const bytes = new Uint8Array(MetadataHeader.size);
	const header = new MetadataHeader(bytes);
	header.name = name;
	header.length = length;
	header.md5 = hash;
	header.flags = (last ? metadataFlags.last : 0) | (compressed ? metadataFlags.compressed : 0);
	return bytes;
}

/** The last 20 bytes of a file. @param rootPosition byte of the file at which the root list begins */
export function encodeFooter(rootPosition: number): Uint8Array {
	const bytes = new Uint8Array(Footer.size);
	const footer = new Footer(bytes);
	footer.rootPosition = rootPosition;
	footer.magic = footerMagic;
	return bytes;
}
