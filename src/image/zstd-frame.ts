import { AfterimageError } from '../base/errors.ts';

const magic = 0xfd2fb528;

/** Sizes of the optional parts of a frame header: RFC 8878, sections 3.1.1.1.1.1 and 3.1.1.1.1.6. */
const dictionaryIdBytes = [0, 1, 2, 4];
const contentSizeBytes = [0, 2, 4, 8];

const blockType = { raw: 0, rle: 1, compressed: 2 } as const;

export interface ZstdFrame {
	/** Bytes of the whole frame; whatever follows them is not part of it. */
	readonly length: number;
	/** Bytes of what it decodes to, when the frame says so. */
	readonly contentSize: number | undefined;
}

/**
 * Walks the header and the block headers of the zstd frame that `source` begins with (RFC 8878, section 3.1.1), without
 * decoding it: where it ends is not stored anywhere.
 * @throws AfterimageError `image-damaged` when this is no frame or `source` ends before the frame does
 */
export function measureZstdFrame(source: Uint8Array): ZstdFrame {
	const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
	const need = (at: number, bytes: number, what: string) => {
		if (at + bytes > source.length) {
			throw new AfterimageError(
				'image-damaged',
				`zstd frame: its ${what} ends after byte ${source.length}, the last there is`,
			);
		}
	};
	need(0, 5, 'header');
	if (view.getUint32(0, true) !== magic) {
		throw new AfterimageError(
			'image-damaged',
			`zstd frame: expected the magic number 0x${magic.toString(16)}, found 0x${view.getUint32(0, true).toString(16)}`,
		);
	}
	const descriptor = source[4]!;
	const singleSegment = (descriptor & 0x20) !== 0;
	const hasChecksum = (descriptor & 0x04) !== 0;
	const sizeBytes = descriptor >> 6 === 0 && singleSegment ? 1 : contentSizeBytes[descriptor >> 6]!;
	let at = 5 + (singleSegment ? 0 : 1) + dictionaryIdBytes[descriptor & 3]!;
	need(at, sizeBytes, 'header');
	const contentSize = readContentSize(view, at, sizeBytes);
	at += sizeBytes;
	for (let last = false; !last;) {
		need(at, 3, 'block header');
		const header = source[at]! | (source[at + 1]! << 8) | (source[at + 2]! << 16);
		last = (header & 1) !== 0;
		const type = (header >> 1) & 3;
		if (type > blockType.compressed) {
			throw new AfterimageError('image-damaged', `zstd frame: block at byte ${at} has the reserved type 3`);
		}
		at += 3 + (type === blockType.rle ? 1 : header >> 3);
	}
	if (hasChecksum) at += 4;
	need(at, 0, 'last block');
	return { length: at, contentSize };
}

function readContentSize(view: DataView, at: number, bytes: number): number | undefined {
	switch (bytes) {
		case 1:
			return view.getUint8(at);
		case 2:
			return view.getUint16(at, true) + 256;
		case 4:
			return view.getUint32(at, true);
		case 8:
			return view.getUint32(at, true) + view.getUint32(at + 4, true) * 0x1_0000_0000;
		default:
			return undefined;
	}
}
