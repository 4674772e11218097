import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { lvmChecksum } from './checksum.ts';
import { AreaHeader, areaHeaderLength, areaMagic, ignoredFlag } from './structures.ts';

/** Bytes of text that are read: thousands of volumes take less, and areas of one MiB are usual. */
const longestText = 8 * 2 ** 20;

/**
 * The text of a metadata area that is in force, whose checksum is right; `none` where no group was made yet, `ignored` where
 * the metadata are kept on other physical volumes.
 * @param at the area's start, in bytes
 * @throws AfterimageError `structure-damaged`, `read-error`
 */
export async function readMetadataArea(
	volume: ByteSource,
	at: number,
): Promise<{ readonly text: string } | 'none' | 'ignored'> {
	if (at + areaHeaderLength > volume.size) {
		throw damaged('structure-damaged', 'LVM metadata area', at, `to begin by ${volume.size - areaHeaderLength}`, at);
	}
	const piece = await readBytes(volume, at, areaHeaderLength);
	const header = new AreaHeader(piece);
	const checksum = lvmChecksum(piece.subarray(AreaHeader.offset.magic));
	if (checksum !== header.checksum) throw bad('checksum', at, header.checksum, checksum);
	const magic = String.fromCharCode(...header.magic);
	if (magic !== areaMagic) throw bad('magic', at, areaMagic, magic);
	if (header.version !== 1) throw bad('version', at, 1, header.version);
	if (header.start !== at) throw bad('start', at, at, header.start);
	const { size, textOffset, textSize } = header;
	if (size <= areaHeaderLength || at + size > volume.size) {
		throw bad('size', at, `${areaHeaderLength + 1} to ${volume.size - at}`, size);
	}
	if ((header.textFlags & ignoredFlag) !== 0) return 'ignored';
	if (textOffset === 0) return 'none';
	if (textOffset < areaHeaderLength || textOffset >= size) {
		throw bad('textOffset', at, `${areaHeaderLength} to ${size - 1}`, textOffset);
	}
	const longest = Math.min(size - areaHeaderLength, longestText);
	if (textSize === 0 || textSize > longest) throw bad('textSize', at, `1 to ${longest}`, textSize);
	const text = new Uint8Array(textSize);
	// The area is a ring: what does not fit before its end goes on behind the header.
	const before = Math.min(textSize, size - textOffset);
	await volume.read(at + textOffset, text.subarray(0, before));
	if (before < textSize) await volume.read(at + areaHeaderLength, text.subarray(before));
	const found = lvmChecksum(text);
	if (found !== header.textChecksum) throw bad('textChecksum', at, header.textChecksum, found);
	return { text: new TextDecoder().decode(text).replace(/\0+$/, '') };
}

function bad(field: keyof typeof AreaHeader.offset, at: number, expected: string | number, found: string | number) {
	const what = `LVM metadata area header ${field}`;
	return damaged('structure-damaged', what, at + AreaHeader.offset[field], expected, found);
}
