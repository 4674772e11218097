const decoder = new TextDecoder('utf-16le', { ignoreBOM: true, fatal: true });

/**
 * Names and labels as NTFS stores them: UTF-16, little-endian, without an end mark. NTFS does not hold names to be
 * UTF-16: the two bytes of a surrogate without its other half are shown as `\xNN` each.
 */
export function decodeUtf16(bytes: Uint8Array): string {
	try {
		return decoder.decode(bytes);
	} catch {
		return withLoneSurrogates(bytes);
	}
}

function withLoneSurrogates(bytes: Uint8Array): string {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	let units = '';
	for (let at = 0; at + 2 <= bytes.length; at += 2) units += String.fromCharCode(view.getUint16(at, true));
	// Iterating over a string gives code points; what is left of surrogates then has no other half.
	return Array.from(units, (character) => {
		const code = character.codePointAt(0)!;
		return code >= 0xd800 && code <= 0xdfff ? escaped(code & 0xff) + escaped(code >>> 8) : character;
	}).join('');
}

function escaped(byte: number): string {
	return `\\x${byte.toString(16).padStart(2, '0')}`;
}
