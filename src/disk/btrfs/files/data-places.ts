import { throwIfAborted } from '../../../base/abort.ts';
import type { ExtentSink } from '../../files.ts';
import { compressionType } from './decompress.ts';
import { fileExtents } from './file-extents.ts';
import type { Inode } from './inode.ts';
import type { BtrfsVolume } from './volume.ts';

/**
 * Where the data of a file lies on the device. Of what is compressed, whole extents: a part of one cannot be read alone.
 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`, `not-supported`
 */
export async function collectData(
	{ data, sb, search }: BtrfsVolume,
	{ tree, number, size }: Inode,
	sink: ExtentSink,
	signal: AbortSignal | undefined,
): Promise<void> {
	for await (const part of fileExtents(search, tree, number, { start: 0, end: size }, sb.sectorsize)) {
		throwIfAborted(signal);
		if (part.kind === 'inline') continue;
		const { compression, logical, storedLength, offset, start, end } = part;
		if (compression === compressionType.none) data.locate(logical + offset, end - start, sink);
		else data.locate(logical, storedLength, sink);
	}
}
