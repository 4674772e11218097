import { damaged } from '../../../base/errors.ts';
import { ascii, struct, u16 } from '../../../base/struct.ts';

/** What FILE records, INDX blocks and RSTR pages begin with: a multi-sector header protected by an update sequence. */
const MultiSectorHeader = struct('NTFS multi-sector header', 0x08, {
	magic: ascii(0x00, 4),
	usaOffset: u16(0x04),
	usaCount: u16(0x06),
});

/** The update sequence covers 512 bytes a number, whatever the volume's sectors are (SEQUENCE_NUMBER_STRIDE). */
const stride = 512;

/**
 * Checks a multi-sector structure and puts back the words that its update sequence replaced, in place.
 * @param block whole structure, a multiple of 512 bytes
 * @param at byte offset of the block in the partition, for messages
 * @throws AfterimageError `structure-damaged` for another magic, an impossible update sequence array, or a torn write:
 * a sector whose last word is not the sequence number was not written together with the first
 */
export function applyFixups(block: Uint8Array, magics: readonly string[], at: number): void {
	const header = new MultiSectorHeader(block);
	const { magic, usaOffset, usaCount } = header;
	if (!magics.includes(magic))
		throw damaged('structure-damaged', 'Multi-sector magic', at, magics.join(' or '), JSON.stringify(magic));
	const sectors = block.length / stride;
	if (!Number.isInteger(sectors) || usaCount !== sectors + 1)
		throw damaged('structure-damaged', `${magic} update sequence count`, at, sectors + 1, usaCount);
	const arrayEnd = usaOffset + 2 * usaCount;
	if (usaOffset % 2 !== 0 || usaOffset < MultiSectorHeader.size || arrayEnd > stride - 2)
		throw damaged('structure-damaged', `${magic} update sequence offset`, at, 'even, in the first sector', usaOffset);
	const view = new DataView(block.buffer, block.byteOffset, block.length);
	const sequence = view.getUint16(usaOffset, true);
	for (let i = 1; i <= sectors; i++) {
		const word = i * stride - 2;
		const found = view.getUint16(word, true);
		if (found !== sequence)
			throw damaged('structure-damaged', `${magic} torn write: end of sector ${i - 1}`, at + word, sequence, found);
		view.setUint16(word, view.getUint16(usaOffset + 2 * i, true), true);
	}
}
