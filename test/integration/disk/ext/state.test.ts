import { copyFile, open, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { extDriver } from '../../../../src/disk/ext/driver.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { copyUsed } from '../../../support/copy-used.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { mounted } from '../../../support/mounted.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { dumpe2fs, patch, readMap } from './oracle.ts';

const temp = useTempFolder();
requireRoot();
requireTools(['mke2fs', 'e2fsck', 'dumpe2fs', 'debugfs', 'fsfreeze', 'losetup', 'resize2fs', 'tune2fs']);

const size = 64 * 1024 * 1024;

async function make(...args: string[]): Promise<string> {
	const image = await sparseFile(temp.file('source.img'), size);
	await run('mke2fs', ['-q', '-F', ...args, image]);
	return image;
}

/** What the driver says, and that a doubtful volume counts as used from end to end. */
async function dirty(image: string, frozen = false): Promise<string | undefined> {
	const { fileSystem, used } = await readMap(image, 4096, frozen);
	if (fileSystem.info.dirty !== undefined) expect(used.usedBytes()).toBe(size);
	else expect(used.usedBytes()).toBeLessThan(size);
	return fileSystem.info.dirty;
}

async function whileFrozen<T>(folder: string, fn: () => Promise<T>): Promise<T> {
	await run('fsfreeze', ['-f', folder]);
	try {
		return await fn();
	} finally {
		await run('fsfreeze', ['-u', folder]);
	}
}

describe.each(['ext3', 'ext4'])('a mounted %s', (type) => {
	test('is clean while it is frozen, and its copy passes e2fsck', async () => {
		const image = await make('-t', type);
		const target = temp.file('target.img');
		const hashes = await mounted(image, ['-o', 'loop'], async (folder) => {
			await fillFolder(folder, 7, { files: 300, bytes: 20e6, links: true });
			expect(await dirty(image)).toBe('its journal has to be replayed');
			return whileFrozen(folder, async () => {
				for (const blockSize of [65536, 1024]) {
					const { fileSystem } = await copyUsed(extDriver, image, target, { blockSize, frozen: true });
					expect(fileSystem.info.dirty).toBeUndefined();
					await run('e2fsck', ['-fn', target]);
				}
				return hashTree(folder);
			});
		});
		expect(await mounted(target, ['-o', 'loop,ro'], hashTree)).toEqual(hashes);
	});

	test('with deleted files still open is clean only when it is known to be frozen', async () => {
		const image = await make('-t', type);
		const target = temp.file('target.img');
		const hashes = await mounted(image, ['-o', 'loop'], async (folder) => {
			await fillFolder(folder, 9, { files: 100, bytes: 5e6 });
			const deleted = await open(join(folder, 'deleted'), 'w+');
			try {
				await deleted.write(Buffer.alloc(100_000, 1));
				await rm(join(folder, 'deleted'));
				await whileFrozen(folder, async () => {
					expect(await dirty(image)).toBe('deleted files wait to be released');
					const { fileSystem } = await copyUsed(extDriver, image, target, { blockSize: 65536, frozen: true });
					expect(fileSystem.info.dirty).toBeUndefined();
				});
			} finally {
				await deleted.close();
			}
			return hashTree(folder);
		});
		// The one thing to repair is the deleted file, which a mount or e2fsck releases.
		await run('e2fsck', ['-fp', target], { codes: [0, 1] });
		await run('e2fsck', ['-fn', target]);
		expect(await mounted(target, ['-o', 'loop,ro'], hashTree)).toEqual(hashes);
	});
});

describe('without a journal', () => {
	test('a mounted volume is doubtful even while it is frozen', async () => {
		const image = await make('-t', 'ext2');
		await mounted(image, ['-o', 'loop'], async (folder) => {
			await whileFrozen(folder, async () => {
				expect(await dirty(image, true)).toBe('it was not cleanly unmounted, or is mounted without a journal');
			});
		});
		expect(await dirty(image)).toBeUndefined();
	});
});

describe('marks of e2fsprogs', () => {
	test('a journal to replay counts even when the volume is said to be frozen', async () => {
		const image = await make('-t', 'ext4');
		await run('debugfs', ['-w', '-R', 'feature needs_recovery', image]);
		expect(await dirty(image)).toBe('its journal has to be replayed');
		expect(await dirty(image, true)).toBe('its journal has to be replayed');
	});

	test('errors and unclean states', async () => {
		const image = await make('-t', 'ext4');
		await run('debugfs', ['-w', '-R', 'ssv state 3', image]);
		expect(await dirty(image)).toBe('errors were found in it and wait for e2fsck');
		await run('debugfs', ['-w', '-R', 'ssv state 0', image]);
		expect(await dirty(image)).toBe('it was not cleanly unmounted, or is mounted without a journal');
		await run('debugfs', ['-w', '-R', 'ssv state 1', image]);
		expect(await dirty(image)).toBeUndefined();
		await run('debugfs', ['-w', '-R', 'ssv last_orphan 12', image]);
		expect(await dirty(image)).toBe('deleted files wait to be released');
	});

	test('an orphan file in use', async () => {
		const image = await make('-t', 'ext4', '-O', 'orphan_file');
		expect(await dirty(image)).toBeUndefined();
		await run('debugfs', ['-w', '-R', 'feature orphan_present', image]);
		expect(await dirty(image)).toBe('deleted files wait to be released');
		expect(await dirty(image, true)).toBeUndefined();
	});

	test('a volume that is shrunk, and grown again', async () => {
		const image = await make('-t', 'ext4', '-b', '1024');
		await run('resize2fs', [image, '40M']);
		await run('tune2fs', ['-L', 'abcdefghijklmnop', image]);
		const { fileSystem } = await readMap(image, 1024);
		expect(fileSystem.info).toMatchObject({ label: 'abcdefghijklmnop', size: 40 * 1024 * 1024, dirty: undefined });
		// resize2fs has cut the file; a partition stays as it is, and what lies behind the file system is used.
		await truncate(image, size);
		expect((await readMap(image, 1024)).used.usedBytes()).toBe(fileSystem.info.used + size - 40 * 1024 * 1024);
		await run('resize2fs', [image]);
		const dump = await dumpe2fs(image, size);
		const grown = await readMap(image, 1024);
		expect(grown.used.used()).toBe(dump.used.used());
		expect(grown.fileSystem.info.size).toBe(size);
	});
});

describe('multi-mount protection', () => {
	test('a volume in use is doubtful unless it is frozen', async () => {
		const image = await make('-t', 'ext4', '-O', 'mmp');
		expect(await dirty(image)).toBeUndefined();
		await mounted(image, ['-o', 'loop'], async (folder) => {
			await whileFrozen(folder, async () => {
				expect(await dirty(image)).toBe('multi-mount protection says that it is in use');
				expect(await dirty(image, true)).toBeUndefined();
			});
		});
		expect(await dirty(image)).toBeUndefined();
	});
});

describe('an external journal', () => {
	test('is named when it has to be replayed; its device is stored whole', async () => {
		const journal = await sparseFile(temp.file('journal.img'), 20 * 1024 * 1024);
		await run('mke2fs', ['-q', '-F', '-O', 'journal_dev', '-b', '4096', '-L', 'log', journal]);
		const image = await withLoopDevice(journal, {}, (device) =>
			make('-t', 'ext4', '-b', '4096', '-J', `device=${device}`),
		);
		expect(await dirty(image)).toBeUndefined();
		const { fileSystem, used } = await readMap(journal, 4096);
		expect(fileSystem.info).toMatchObject({ type: 'ext4 journal', label: 'log', dirty: undefined, free: 0 });
		expect(fileSystem.info.size).toBe(20 * 1024 * 1024);
		expect(used.usedBytes()).toBe(20 * 1024 * 1024);
		await run('debugfs', ['-w', '-R', 'feature needs_recovery', image]);
		const uuid = fileSystem.info.uuid;
		expect(await dirty(image)).toBe(`its journal on the external device ${uuid} has to be replayed`);
	});
});

describe('a damaged structure is told, with its place', () => {
	/** Bytes of a block that an expression over the output of dumpe2fs names. */
	const place = async (image: string, expression: RegExp) => {
		const dump = await dumpe2fs(image, size);
		return Number(expression.exec(dump.text)![1]) * dump.blockSize;
	};
	const blockBitmap = /Block bitmap at (\d+)/;
	const descriptors = /Group descriptors at (\d+)/;
	const outcome = (image: string) =>
		readMap(image, 4096).then(
			() => 'no error',
			(error: Error) => error.message,
		);

	test.each([
		['metadata_csum', ['-t', 'ext4'], /Block bitmap of group 0 at byte \d+: expected checksum/],
		[
			'uninit_bg',
			['-t', 'ext4', '-O', '^metadata_csum,uninit_bg'],
			/freeClusters of group 0 .* as its block bitmap has it/,
		],
		['no checksums', ['-t', 'ext3'], /freeClusters of group 0 .* as its block bitmap has it/],
	])('a bitmap with %s', async (_, args, message) => {
		const image = await make(...args);
		const at = await place(image, blockBitmap);
		await patch(image, at + 900, Uint8Array.of(0x55));
		expect(await outcome(image)).toMatch(message);
	});

	test.each([
		['metadata_csum', ['-t', 'ext4']],
		['uninit_bg', ['-t', 'ext4', '-O', '^metadata_csum,uninit_bg']],
	])('a descriptor with %s', async (_, args) => {
		const image = await make(...args);
		const at = await place(image, descriptors);
		await patch(image, at + 0x10, Uint8Array.of(0x55));
		expect(await outcome(image)).toMatch(/ext4_group_desc.checksum of group 0 at byte \d+: expected 0x/);
	});

	test('the superblock, though its backups are good', async () => {
		const image = await make('-t', 'ext4');
		await patch(image, 1024 + 0x78, Uint8Array.of(0x41));
		expect(await outcome(image)).toMatch(/ext4_super_block.checksum at byte 2044: expected 0x/);
	});

	test('a volume that was cut', async () => {
		const image = await make('-t', 'ext4', '-b', '4096');
		const cut = await sparseFile(temp.file('cut.img'), 0);
		await copyFile(image, cut);
		const handle = await open(cut, 'r+');
		await handle.truncate(size - 4096);
		await handle.close();
		expect(await outcome(cut)).toMatch(/blocksCountLow at byte 1028: expected 1 to 16383, found 16384/);
	});
});
