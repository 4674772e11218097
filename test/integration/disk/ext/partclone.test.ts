import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { UsedBlocks } from '../../../../src/disk/used-blocks.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { fillFolder } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { difference, readMap } from './oracle.ts';

const temp = useTempFolder();
requireRoot();
requireTools(['mke2fs', 'partclone.extfs']);

/** Where the bitmap begins in a partclone image of version 0002, and where it says how many blocks there are. */
const bitmapOffset = 110;
const blockCountOffset = 0x3c;

test.each([
	['ext2', ['-t', 'ext2', '-b', '4096']],
	['ext4 with uninit_bg', ['-t', 'ext4', '-b', '4096', '-O', '^metadata_csum,uninit_bg']],
	['ext4', ['-t', 'ext4', '-b', '4096']],
])('partclone finds the same blocks in use: %s', async (_, args) => {
	const size = 300 * 1024 * 1024;
	const image = await sparseFile(temp.file('source.img'), size);
	await run('mke2fs', ['-q', '-F', ...args, image]);
	await mounted(image, ['-o', 'loop'], (folder) => fillFolder(folder, 3, { files: 300, bytes: 40e6 }));
	const clone = temp.file('clone.img');
	await run('partclone.extfs', ['-c', '-q', '-L', temp.file('log'), '-s', image, '-O', clone]);
	const bytes = await readFile(clone);
	const blocks = bytes.readUInt32LE(blockCountOffset);
	expect(blocks).toBe(size / 4096);
	const expected = new UsedBlocks(0, size, 4096);
	for (let block = 0; block < blocks; block++) {
		const bit = (bytes[bitmapOffset + (block >>> 3)]! >>> (block & 7)) & 1;
		if (bit === 1) expected.add(block * 4096, block * 4096 + 1);
	}
	const { used } = await readMap(image, 4096);
	expect(difference(expected, used)).toEqual({ missing: [], surplus: [] });
});
