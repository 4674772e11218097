/** Half of a pair that stands alone. */
const loneSurrogate = /\p{Surrogate}/gu;

/**
 * UTF-16, little-endian, as text. Halves of pairs that stand alone are shown as `\xNN\xNN`: their two bytes as they are
 * stored. A length that is odd loses its last byte.
 */
export function utf16Text(bytes: Uint8Array): string {
	let text = '';
	for (let at = 0; at + 1 < bytes.length; at += 2) text += String.fromCharCode(bytes[at]! | (bytes[at + 1]! << 8));
	return text.replace(loneSurrogate, (half) => escaped(half.charCodeAt(0) & 0xff) + escaped(half.charCodeAt(0) >>> 8));
}

/** Whether it may be the name of a node (src/disk/files.ts): not empty, not `.` or `..`, without a `/` or a NUL. */
export function isNodeName(name: string): boolean {
	return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
}

/** What stands for a name that is none: what no name may have as `\xNN`, an empty one as `(no name)`. */
export function damagedName(name: string): string {
	if (name === '') return '(no name)';
	if (isNodeName(name)) return name;
	return name.replace(name.startsWith('.') && name.length < 3 ? /[./\0]/g : /[/\0]/g, (character) =>
		escaped(character.charCodeAt(0)),
	);
}

function escaped(byte: number): string {
	return `\\x${byte.toString(16).padStart(2, '0')}`;
}
