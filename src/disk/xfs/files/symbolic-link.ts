import { readBytes } from '../../../base/bytes.ts';
import { damaged } from '../../../base/errors.ts';
import { ExtentSource } from './extent-source.ts';
import { readFileExtents } from './file-extents.ts';
import type { Geometry } from '../geometry.ts';
import { forkFormat, type Inode } from './inode.ts';
import { checkSelfDescription } from '../self-describing.ts';
import { magic, SymlinkBlock } from '../structures.ts';

/** `XFS_SYMLINK_MAXLEN`, bytes. */
const maxLength = 1024;

/**
 * Where a symbolic link points.
 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`
 */
export async function linkTarget(geometry: Geometry, inode: Inode, signal?: AbortSignal): Promise<Uint8Array> {
	const { number, at, fork, format, size } = inode;
	const most = format === forkFormat.local ? Math.min(maxLength, fork.length) : maxLength;
	if (size < 1 || size > most) {
		throw damaged('structure-damaged', `XFS symbolic link in inode ${number}, length`, at, `1 to ${most}`, size);
	}
	if (format === forkFormat.local) return checkedTarget(inode, fork.subarray(0, size));
	return checkedTarget(inode, await remoteTarget(geometry, inode, signal));
}

function checkedTarget({ number, at }: Inode, target: Uint8Array): Uint8Array {
	const nul = target.indexOf(0);
	if (nul !== -1) {
		throw damaged('structure-damaged', `XFS symbolic link in inode ${number}, target`, at, 'no NUL', `one at ${nul}`);
	}
	return target;
}

/** The target from blocks of its own; in version 5 each extent begins with a header that tells which bytes follow. */
async function remoteTarget(geometry: Geometry, inode: Inode, signal: AbortSignal | undefined): Promise<Uint8Array> {
	const { source, volume } = geometry;
	const { number, size } = inode;
	const what = `XFS symbolic link of inode ${number}`;
	const extents = await readFileExtents(geometry, inode, signal);
	const headerSize = volume.version === 5 ? SymlinkBlock.size : 0;
	const blocks = Math.ceil(size / (volume.sb.blocksize - headerSize));
	if (extents.end !== blocks * volume.sb.blocksize) {
		throw damaged('structure-damaged', `${what}, length`, inode.at, blocks * volume.sb.blocksize, extents.end);
	}
	if (volume.version === 4) return readBytes(new ExtentSource(source, extents, size, signal), 0, size);

	const target = new Uint8Array(size);
	let done = 0;
	for (let i = 0; i < extents.count && done < size; i++) {
		const { place, length } = extents.at(i);
		const bytes = await readBytes(source, place, length);
		const header = new SymlinkBlock(bytes);
		const check = (field: string, expected: number, found: number) => {
			if (found !== expected) throw damaged('structure-damaged', `${what}, ${field}`, place, expected, found);
		};
		check('magic number', magic.symlink, header.magic);
		checkSelfDescription(what, geometry, bytes, SymlinkBlock.offset.crc, header, { at: place, owner: number });
		const count = Math.min(length - headerSize, size - done);
		check('place in the target', done, header.offset);
		check('number of bytes', count, header.length);
		target.set(bytes.subarray(headerSize, headerSize + count), done);
		done += count;
	}
	return target;
}
