/** A GUID as stored on disk by Microsoft and UEFI (first three groups little-endian), as upper-case text with hyphens. */
export function guidFromBytes(bytes: Uint8Array, at = 0): string {
	const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
	return hyphenate(order.map((i) => hex(bytes[at + i] ?? 0)).join('')).toUpperCase();
}

/** A UUID as stored by Linux file systems (all bytes in order), as lower-case text with hyphens. */
export function uuidFromBytes(bytes: Uint8Array, at = 0): string {
	return hyphenate(Array.from(bytes.subarray(at, at + 16), hex).join(''));
}

/** The 16 bytes of a GUID in on-disk order. @throws RangeError when the text is no GUID */
export function guidToBytes(text: string): Uint8Array {
	const digits = text.replace(/[{}-]/g, '');
	if (!/^[0-9a-fA-F]{32}$/.test(digits)) throw new RangeError(`Not a GUID: ${text}`);
	const plain = Uint8Array.from(digits.match(/../g)!, (pair) => parseInt(pair, 16));
	const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
	return Uint8Array.from(order, (i) => plain[i]!);
}

function hex(byte: number): string {
	return byte.toString(16).padStart(2, '0');
}

function hyphenate(digits: string): string {
	return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
		'-',
	);
}
