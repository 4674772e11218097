import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, closeSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BlockIndex } from '../../src/image/index/block-index.ts';
import { openImageFile, type ImageFile } from '../../src/image/file-source.ts';
import { readComplete } from '../../src/image/index/index-read.ts';
import { writeManifest } from '../../src/image/manifest.ts';
import { partitionLayout, rawLength } from '../../src/image/partition-layout.ts';
import { readDisks, readIndexLocations, readTail } from '../../src/image/reader.ts';
import { createZlibCodec } from '../../src/image/zlib-codec.ts';

/** The published image that Macrium Reflect X wrote; its README gives the hashes. */
const folder = process.env.AFTERIMAGE_SHARED_DATA ?? resolve(import.meta.dirname, '../../../shared/data');
const packed = join(folder, 'macrium-demo.mrimgx.xz');
const present = existsSync(packed);
if (!present) console.log(`SKIPPED test/interop: ${packed} is not there (set AFTERIMAGE_SHARED_DATA)`);

const codec = createZlibCodec();
const keys = { codec };
let temporary = '';
let image: ImageFile;

beforeAll(async () => {
	if (!present) return;
	temporary = mkdtempSync(join(tmpdir(), 'afterimage-interop-'));
	const path = join(temporary, 'demo.mrimgx');
	const out = openSync(path, 'w');
	execFileSync('xz', ['-dc', packed], { stdio: ['ignore', out, 'inherit'] });
	closeSync(out);
	image = await openImageFile(path);
});

afterAll(async () => {
	if (!present) return;
	await image.close();
	rmSync(temporary, { recursive: true });
});

function sha256(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}

it.runIf(present)('reads what $JSON says', async () => {
	const { manifest } = await readTail(image, keys);
	expect(manifest._header).toMatchObject({
		imageid: '2394E9AA621DDC3A',
		backup_type: 'full',
		backup_time: 1720608136,
		delta_index: false,
		merged_files: [],
	});
	expect(manifest.disks).toHaveLength(1);
	const [disk] = manifest.disks;
	expect(disk!._geometry.disk_size).toBe(128849018880);
	expect(disk!._header.disk_signature).toBe('2D37A83C-3F86-4734-849E-FD9A833D874A');
	expect(disk!.partitions[0]!._file_system).toMatchObject({ type: 'NTFS', volume_label: 'Demo', drive_letter: 72 });
	expect(manifest._auxiliary_data.backup_definition.disk_space_management.full_retention.interval).toBe(13);
});

it.runIf(present)('writes its $JSON back with nothing lost', async () => {
	const { manifest } = await readTail(image, keys);
	const again = JSON.parse(new TextDecoder().decode(writeManifest(manifest))) as unknown;
	expect(again).toEqual(manifest);
});

it.runIf(present)('gives the bytes that the published hashes promise', async () => {
	const tail = await readTail(image, keys);
	const disks = await readDisks(image, tail, keys);
	const indexes = await readIndexLocations(image, tail);
	expect(disks[0]!.track0).toHaveLength(32256);
	expect(sha256(disks[0]!.track0)).toBe('04298eb811b03b52d39637421d15d80df3e99971cbe6b7a7d312b7d8f9385f8a');

	const layout = partitionLayout(tail.manifest.disks[0]!.partitions[0]!);
	expect(layout).toMatchObject({ blockStart: 16777216, blockSize: 65536, blockCount: 1965792, reservedLength: 0 });
	const index = new BlockIndex(layout.blockCount);
	await readComplete(image, indexes[0]![0]!, index);
	expect(index.countStored()).toBe(1608);

	const all = createHash('sha256');
	const raw = new Uint8Array(layout.blockSize);
	for (let block = index.next(0); block < index.count; block = index.next(block + 1)) {
		const stored = new Uint8Array(index.storedLength(block));
		await image.read(index.position(block), stored);
		const length = codec.decompress(stored, raw);
		expect(length).toBe(rawLength(layout, block));
		const content = raw.subarray(0, length);
		expect(index.hasMd5(block, createHash('md5').update(content).digest(), 0)).toBe(true);
		all.update(content);
	}
	expect(all.digest('hex')).toBe('e082780f05898bbbd18ce184749e77ef54363dd95ec99b8e10503da397fb22b4');
});
