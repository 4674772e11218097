import { damaged } from '../../../base/errors.ts';
import { struct, u16, u32 } from '../../../base/struct.ts';
import { bytesText } from '../../files/file-name-text.ts';
import type { ReparsePoint } from './reparse-point.ts';
import { reparseTags } from './reparse-tags.ts';
import { decodeUtf16 } from '../folders/utf16.ts';

/** Data of links and mount points up to the paths; offsets count from their start. A symbolic link has flags before them. */
const Paths = struct('NTFS link', 0x08, {
	substituteOffset: u16(0x00),
	substituteLength: u16(0x02),
	printOffset: u16(0x04),
	printLength: u16(0x06),
});
const flagsBytes = 4;

const LinuxLink = struct('NTFS link of Linux', 0x04, { version: u32(0x00) });
const linuxLinkVersion = 2;

/** Windows looks for the path in the names of the object manager. */
const objectPrefix = '\\??\\';
const networkPrefix = 'UNC\\';

export function isLink(tag: number): boolean {
	return tag === reparseTags.symbolicLink || tag === reparseTags.mountPoint || tag === reparseTags.linuxLink;
}

/**
 * Where a link points: the path that Windows follows, without the prefix of the object manager; the one that it shows
 * where there is no other.
 * @param point whose tag {@link isLink}
 * @param at byte offset of the file's record, for messages
 * @throws AfterimageError `structure-damaged`
 */
export function linkTarget({ tag, data }: ReparsePoint, at: number): string {
	if (tag === reparseTags.linuxLink) {
		const { version } = new LinuxLink(data);
		if (version !== linuxLinkVersion)
			throw damaged('structure-damaged', 'Link of Linux, version', at, linuxLinkVersion, version);
		return bytesText(data.subarray(LinuxLink.size));
	}
	const { substituteOffset, substituteLength, printOffset, printLength } = new Paths(data);
	const paths = data.subarray(Paths.size + (tag === reparseTags.symbolicLink ? flagsBytes : 0));
	const text = (offset: number, length: number): string => {
		if (length % 2 !== 0 || offset + length > paths.length)
			throw damaged('structure-damaged', 'Link, path', at, `inside ${paths.length} bytes`, `${length} at ${offset}`);
		return decodeUtf16(paths.subarray(offset, offset + length));
	};
	const substitute = text(substituteOffset, substituteLength);
	if (substitute === '') return text(printOffset, printLength);
	if (!substitute.startsWith(objectPrefix)) return substitute;
	const path = substitute.slice(objectPrefix.length);
	return path.startsWith(networkPrefix) ? `\\\\${path.slice(networkPrefix.length)}` : path;
}
