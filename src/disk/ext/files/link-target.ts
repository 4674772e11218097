import type { ByteSource } from '../../../base/bytes.ts';
import { readBytes } from '../../../base/bytes.ts';
import { damaged } from '../../../base/errors.ts';
import { openContent } from './content/content.ts';
import { InodeBase, InodeFlag } from './file-structures.ts';
import type { Geometry } from '../geometry.ts';
import type { Inode } from './inode.ts';

/**
 * Where a symbolic link, which is not encrypted, points: in the inode itself when that is short, else in a block.
 * @throws AfterimageError `structure-damaged`, `read-error`
 */
export async function readLinkTarget(volume: ByteSource, geometry: Geometry, link: Inode): Promise<Uint8Array> {
	const fast = !link.hasBlocks && !link.has(InodeFlag.inlineData);
	const most = fast ? link.block.length - 1 : geometry.blockSize;
	if (link.size === 0 || link.size > most) {
		const at = link.position + InodeBase.offset.sizeLow;
		throw damaged('structure-damaged', `Size of link inode ${link.number}`, at, `1 to ${most} bytes`, link.size);
	}
	const bytes = fast
		? link.block.subarray(0, link.size)
		: await readBytes(openContent(volume, geometry, link), 0, link.size);
	const end = bytes.indexOf(0);
	if (end < 0) return bytes;
	const at = link.position + InodeBase.offset.block;
	throw damaged(
		'structure-damaged',
		`Target of link inode ${link.number}`,
		at,
		`${link.size} bytes of text`,
		`a NUL in it`,
	);
}
