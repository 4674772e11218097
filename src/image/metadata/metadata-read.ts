import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { AfterimageError, damaged } from '../../base/errors.ts';
import { decryptMetadata, type BlockCipherKey } from '../block-cipher.ts';
import type { BlockCodec } from '../codec.ts';
import { md5, sameBytes, toHex } from '../md5.ts';
import { Footer, footerMagic, MetadataHeader, metadataFlags } from './metadata-header.ts';
import { measureZstdFrame } from '../zstd-frame.ts';

/** A metadata block as its header describes it; all in bytes of the file. */
export interface MetadataBlock {
	/** Without the spaces at its end. */
	readonly name: string;
	/** Where the header lies. */
	readonly position: number;
	/** Where the payload lies, and its stored length: checked against the file's size. */
	readonly payload: number;
	readonly length: number;
	readonly md5: Uint8Array;
	readonly compressed: boolean;
	readonly encrypted: boolean;
}

/** What opens payloads. */
export interface PayloadKeys {
	readonly codec: BlockCodec;
	/** Needed where a payload is encrypted. */
	readonly cipher?: Pick<BlockCipherKey, 'aes' | 'key'> | undefined;
}

/** More blocks than any list of a real file has; it bounds the time that a hostile list can take. */
const maxListBlocks = 4096;

/**
 * Byte of the root list's first header.
 * @throws AfterimageError `image-damaged` when the file does not end with a footer that points into it
 */
export async function readFooter(source: ByteSource): Promise<number> {
	const at = source.size - Footer.size;
	if (at < 0) throw damaged('image-damaged', 'Footer', 0, `a file of ${Footer.size} bytes or more`, source.size);
	const bytes = await readBytes(source, at, Footer.size);
	const magic = latin1(bytes.subarray(8));
	if (magic !== footerMagic)
		throw damaged('image-damaged', 'Footer magic', at + 8, footerMagic, JSON.stringify(magic), unfinished);
	const high = new DataView(bytes.buffer).getUint32(4, true);
	const position = high > 0x1fffff ? Infinity : new Footer(bytes).rootPosition;
	if (position > at - MetadataHeader.size)
		throw damaged('image-damaged', 'Footer position', at, `at most ${at - MetadataHeader.size}`, position);
	return position;
}

function latin1(bytes: Uint8Array): string {
	return String.fromCharCode(...bytes);
}

const unfinished = 'The file is no image, or was cut short while it was written or copied.';

/**
 * The blocks of the list that begins at `position`, each header checked against `end`, where other things begin.
 * @throws AfterimageError `image-damaged`
 */
export async function readList(source: ByteSource, position: number, end: number): Promise<MetadataBlock[]> {
	const blocks: MetadataBlock[] = [];
	for (let at = position; ;) {
		if (at + MetadataHeader.size > end)
			throw damaged('image-damaged', 'Metadata header', at, `${MetadataHeader.size} bytes before ${end}`, end - at);
		const bytes = await readBytes(source, at, MetadataHeader.size);
		const header = new MetadataHeader(bytes);
		if (bytes[0] !== 0x24)
			throw damaged('image-damaged', 'Metadata name', at, 'a name that begins with $', JSON.stringify(header.name));
		const payload = at + MetadataHeader.size;
		if (payload + header.length > end)
			throw damaged('image-damaged', `Length of ${header.name}`, at + 8, `at most ${end - payload}`, header.length);
		blocks.push({
			name: header.name,
			position: at,
			payload,
			length: header.length,
			md5: bytes.slice(12, 28),
			compressed: (header.flags & metadataFlags.compressed) !== 0,
			encrypted: (header.flags & metadataFlags.encrypted) !== 0,
		});
		if ((header.flags & metadataFlags.last) !== 0) return blocks;
		if (blocks.length === maxListBlocks)
			throw damaged('image-damaged', 'Metadata list', position, `at most ${maxListBlocks} blocks`, 'more');
		at = payload + header.length;
	}
}

/**
 * The payload of a block, its MD5 checked, decrypted and decompressed.
 * @param maxLength bytes that the payload may have, stored and decoded
 * @throws AfterimageError `image-damaged`, or `password-needed` for an encrypted payload without a key
 */
export async function readPayload(
	source: ByteSource,
	block: MetadataBlock,
	maxLength: number,
	keys: PayloadKeys,
): Promise<Uint8Array> {
	if (block.length === 0) return new Uint8Array(0);
	if (block.length > maxLength)
		throw damaged('image-damaged', `Length of ${block.name}`, block.position + 8, `at most ${maxLength}`, block.length);
	let bytes = await readBytes(source, block.payload, block.length);
	const hash = md5(bytes);
	if (!sameBytes(hash, block.md5)) throw hashMismatch(block, hash);
	if (block.encrypted) {
		if (keys.cipher === undefined)
			throw new AfterimageError('password-needed', `${block.name} at byte ${block.payload} is encrypted`, {
				advice: 'Give the password with which the set was made.',
				details: { offset: block.payload },
			});
		bytes = decryptMetadata(keys.cipher.aes, keys.cipher.key, bytes);
	}
	return block.compressed ? decompress(block, bytes, maxLength, keys.codec) : bytes;
}

/** @param found MD5 of the payload as it is stored */
export function hashMismatch(block: MetadataBlock, found: Uint8Array): AfterimageError {
	return damaged('image-damaged', `MD5 of ${block.name}`, block.payload, toHex(block.md5), toHex(found));
}

function decompress(block: MetadataBlock, stored: Uint8Array, maxLength: number, codec: BlockCodec): Uint8Array {
	const size = measureZstdFrame(stored).contentSize;
	if (size === undefined || size > maxLength)
		throw damaged(
			'image-damaged',
			`Content of ${block.name}`,
			block.payload,
			`at most ${maxLength} bytes`,
			size ?? 'no size',
		);
	const content = new Uint8Array(size);
	const length = codec.decompress(stored, content);
	if (length !== size) throw damaged('image-damaged', `Content of ${block.name}`, block.payload, size, length);
	return content;
}
