import { readBytes, type ByteSource } from '../../../base/bytes.ts';
import { decodeUtf16 } from '../folders/utf16.ts';

/** What Interix (Services for Unix), and ntfs-3g unless told otherwise, keep as system files that begin with a mark. */
export type InterixFile =
	| { readonly kind: 'link'; readonly target: string }
	| { readonly kind: 'special'; readonly what: 'character device' | 'block device' };

const markBytes = 8;
const marks = { link: 'IntxLNK\x01', character: 'IntxCHR\0', block: 'IntxBLK\0' } as const;

/** A mark and two numbers of 64 bits. */
const deviceBytes = 24;
/** PATH_MAX of Linux, in UTF-16. */
const maxLinkBytes = markBytes + 2 * 4096;

/**
 * Tells what a system file stands for.
 * @param source its bytes
 * @returns undefined for a file that is what it looks like
 * @throws AfterimageError as reading does
 */
export async function interixFile(source: ByteSource): Promise<InterixFile | undefined> {
	if (source.size <= markBytes || source.size > maxLinkBytes) return undefined;
	const bytes = await readBytes(source, 0, source.size);
	const mark = String.fromCharCode(...bytes.subarray(0, markBytes));
	if (mark === marks.link && source.size % 2 === 0)
		return { kind: 'link', target: decodeUtf16(bytes.subarray(markBytes)) };
	if (source.size !== deviceBytes) return undefined;
	if (mark === marks.character) return { kind: 'special', what: 'character device' };
	if (mark === marks.block) return { kind: 'special', what: 'block device' };
	return undefined;
}
