/**
 * Characters 0x80 to 0xff of code page 437. Nothing on a volume tells in which page it was written; this is the one that
 * Linux goes by unless told otherwise. Page 850 of western Europe has the same letters with accents at the same places,
 * save a few. It matters for names without a long one only: what DOS and cameras write.
 */
const codePage437 =
	'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
	'└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** Windows NT's flags for names that are in lower case throughout, which need no long name then. */
const lowerBase = 0x08;
const lowerExtension = 0x10;

/**
 * The name in the 11 bytes of a directory entry: 8 for the base, 3 for the extension, filled up with spaces.
 * @param nameCase byte 12 of the entry
 */
export function shortName(raw: Uint8Array, nameCase: number): string {
	const base = text(raw, 0, 8);
	const extension = text(raw, 8, 11);
	const shown = (nameCase & lowerBase) === 0 ? base : base.toLowerCase();
	if (extension === '') return shown;
	return `${shown}.${(nameCase & lowerExtension) === 0 ? extension : extension.toLowerCase()}`;
}

function text(raw: Uint8Array, start: number, end: number): string {
	while (end > start && raw[end - 1] === 0x20) end--;
	let result = '';
	for (let i = start; i < end; i++) {
		// A name that begins with 0xe5, which marks deleted entries, is stored with 0x05.
		const byte = i === 0 && raw[i] === 0x05 ? 0xe5 : raw[i]!;
		result += byte < 0x80 ? String.fromCharCode(byte) : codePage437[byte - 0x80];
	}
	return result;
}

/** Sum of the 11 bytes, by which the pieces of a long name know the entry that they belong to. */
export function shortNameChecksum(raw: Uint8Array): number {
	let sum = 0;
	for (let i = 0; i < 11; i++) sum = (((sum & 1) << 7) + (sum >>> 1) + raw[i]!) & 0xff;
	return sum;
}
