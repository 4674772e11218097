const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Bytes that should be UTF-8 as text: a link's target, and what a name is made of. Bytes that are no UTF-8 are shown as
 * `\xNN`, two lower-case hexadecimal digits each.
 */
export function bytesText(bytes: Uint8Array): string {
	try {
		return decoder.decode(bytes);
	} catch {
		return mixedText(bytes);
	}
}

/**
 * The name of a folder's entry that is stored as bytes, as src/disk/files.ts wants it.
 * @returns undefined for what no folder may hold: an empty name, `.` or `..`, one with a `/` or a NUL
 */
export function nameText(bytes: Uint8Array): string | undefined {
	return isName(bytes) ? bytesText(bytes) : undefined;
}

/**
 * A name for an entry whose own name is damaged, which every caller may show: what no name may have is written as `\xNN`
 * too, an empty one as `(no name)`.
 */
export function damagedNameText(bytes: Uint8Array): string {
	if (bytes.length === 0) return '(no name)';
	if (isName(bytes)) return bytesText(bytes);
	const dots = bytes.every((byte) => byte === dot);
	let text = '';
	let from = 0;
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at]!;
		if (byte !== 0 && byte !== slash && !dots) continue;
		text += bytesText(bytes.subarray(from, at)) + escaped(byte);
		from = at + 1;
	}
	return text + bytesText(bytes.subarray(from));
}

const dot = 0x2e;
const slash = 0x2f;

function isName(bytes: Uint8Array): boolean {
	if (bytes.length === 0 || bytes.includes(0) || bytes.includes(slash)) return false;
	return bytes.length > 2 || bytes.some((byte) => byte !== dot);
}

function escaped(byte: number): string {
	return `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** Character by character: the sound ones, and `\xNN` for each byte that begins none. */
function mixedText(bytes: Uint8Array): string {
	let text = '';
	for (let at = 0; at < bytes.length;) {
		const lead = bytes[at]!;
		const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
		try {
			text += decoder.decode(bytes.subarray(at, at + length));
			at += length;
		} catch {
			text += escaped(lead);
			at++;
		}
	}
	return text;
}
