import type { ByteSource } from '../../../../src/base/bytes.ts';
import { btrfsDriver } from '../../../../src/disk/btrfs/driver.ts';
import type { FileTree } from '../../../../src/disk/files.ts';
import { fileSource } from '../../../support/byte-files.ts';
import { decompressors } from '../../../support/walk-tree.ts';

/** The files of an image, for the length of `fn`. */
export async function withTree<T>(image: string, fn: (tree: FileTree, source: ByteSource) => Promise<T>): Promise<T> {
	const source = await fileSource(image);
	try {
		const fileSystem = (await btrfsDriver.open(source, {}))!;
		return await fn(await fileSystem.openFiles!({ decompressors }), source);
	} finally {
		await source.close();
	}
}
