/** The size of file that distances of calls are translated with, whatever the file's own is. */
const translationSize = 12_000_000;

/** Bytes at the end that are never translated. */
const untouched = 10;

const callOpcode = 0xe8;

/**
 * Puts back the relative targets of x86 calls (E8), which LZX makes absolute before it compresses.
 * @param chunk the chunk decoded; changed in place
 */
export function undoLzxCalls(chunk: Uint8Array): void {
	const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
	const end = chunk.length - untouched;
	for (let at = 0; at < end; at++) {
		if (chunk[at] !== callOpcode) continue;
		const absolute = view.getInt32(at + 1, true);
		if (absolute >= -at && absolute < translationSize)
			view.setInt32(at + 1, absolute >= 0 ? absolute - at : absolute + translationSize, true);
		at += 4;
	}
}
