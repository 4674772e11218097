import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ntfsDriver } from '../../src/disk/ntfs/driver.ts';
import { UsedBlocks } from '../../src/disk/used-blocks.ts';
import { BlockIndex } from '../../src/image/index/block-index.ts';
import { openImageFile } from '../../src/image/file-source.ts';
import { readComplete } from '../../src/image/index/index-read.ts';
import { partitionLayout, type PartitionLayout } from '../../src/image/partition-layout.ts';
import { readIndexLocations, readTail } from '../../src/image/reader.ts';
import { createZlibCodec } from '../../src/image/zlib-codec.ts';
import { fileSource } from '../support/byte-files.ts';
import { hashTree } from '../support/file-trees.ts';
import { mounted } from '../support/mounted.ts';
import { run } from '../support/run.ts';
import { decompressors, hashFileTree } from '../support/walk-tree.ts';

/** A volume that Windows made and Macrium Reflect X read from a shadow copy, restored into a sparse file. */
const folder = process.env.AFTERIMAGE_SHARED_DATA ?? resolve(import.meta.dirname, '../../../shared/data');
const packed = join(folder, 'macrium-demo.mrimgx.xz');
const present = existsSync(packed);
if (!present) console.log(`SKIPPED test/interop: ${packed} is not there (set AFTERIMAGE_SHARED_DATA)`);

let temporary = '';
let volume = '';
let index: BlockIndex;
let layout: PartitionLayout;

async function restore(imagePath: string, target: FileHandle): Promise<void> {
	const codec = createZlibCodec();
	const image = await openImageFile(imagePath);
	const tail = await readTail(image, { codec });
	const indexes = await readIndexLocations(image, tail);
	const partition = tail.manifest.disks[0]!.partitions[0]!;
	layout = partitionLayout(partition);
	index = new BlockIndex(layout.blockCount);
	await readComplete(image, indexes[0]![0]!, index);
	await target.truncate(partition._geometry.length);
	const raw = new Uint8Array(layout.blockSize);
	for (let block = index.next(0); block < index.count; block = index.next(block + 1)) {
		const stored = new Uint8Array(index.storedLength(block));
		await image.read(index.position(block), stored);
		const length = codec.decompress(stored, raw);
		await target.write(raw, 0, length, block * layout.blockSize);
	}
	await image.close();
}

beforeAll(async () => {
	if (!present) return;
	temporary = mkdtempSync(join(tmpdir(), 'afterimage-interop-'));
	const image = join(temporary, 'demo.mrimgx');
	const out = openSync(image, 'w');
	execFileSync('xz', ['-dc', packed], { stdio: ['ignore', out, 'inherit'] });
	closeSync(out);
	volume = join(temporary, 'volume.img');
	const target = await open(volume, 'w');
	await restore(image, target);
	await target.close();
});

afterAll(() => {
	if (present) rmSync(temporary, { recursive: true });
});

it.runIf(present)('needs the very blocks that Macrium stored, and tells what ntfsinfo tells', async () => {
	const source = await fileSource(volume);
	const fileSystem = (await ntfsDriver.open(source, { frozen: true }))!;
	expect(fileSystem.info).toMatchObject({ label: 'Demo', clusterSize: 4096, dirty: undefined });
	const { stdout } = await run('ntfsinfo', ['-m', '-f', volume]);
	expect(stdout).toContain(`Volume Size in Clusters: ${fileSystem.info.totalClusters}\n`);
	expect(stdout).toContain(`Free Clusters: ${fileSystem.info.freeClusters} `);

	const used = new UsedBlocks(0, source.size, layout.blockSize);
	await fileSystem.collectUsed(used);
	expect(used.count).toBe(layout.blockCount);
	let different = 0;
	for (let block = 0; block < used.count; block++) if (used.has(block) !== index.storedLength(block) > 0) different++;
	expect(different).toBe(0);
	await source.close();
});

it.runIf(present)('sees that the log is open unless the volume is known to be a snapshot', async () => {
	const source = await fileSource(volume);
	const fileSystem = await ntfsDriver.open(source, {});
	expect(fileSystem?.info.dirty).toContain('$LogFile');
	await source.close();
});

/** Only root mounts. */
it.runIf(present && process.getuid?.() === 0)('reads the files that ntfs-3g reads', async () => {
	const source = await fileSource(volume);
	const fileSystem = (await ntfsDriver.open(source, { frozen: true }))!;
	const found = await hashFileTree(await fileSystem.openFiles!({ decompressors }));
	await source.close();
	expect(found.get('readme.txt')).toBeDefined();
	const how = { command: 'ntfs-3g', args: ['-o', 'no_detach,ro'] };
	expect(found).toEqual(await mounted(volume, how, hashTree));
});
