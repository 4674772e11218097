import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BlockIndex } from '../src/image/index/block-index.ts';
import type { BlockCodec } from '../src/image/codec.ts';
import { imageFileName } from '../src/base/image-file-name.ts';
import { baseNameOf } from '../src/image/set/file-name.ts';
import type { BlockBatch } from '../src/image/writer/partition-writer.ts';
import {
	blockSize,
	hash,
	tinyBlocks,
	tinyDisk,
	writeTinyImage,
	type TinyBackup,
	type TinyBlocks,
	type TinyDisk,
	type TinyPartition,
} from './tiny-images.ts';

/** Forty computers with ten sets each in one folder: a full, a differential a week, incrementals between them. */
export const folderOfSets = { computers: 40, setsEach: 10, perSet: 25, files: 10_000 } as const;

const diffEvery = 7;
const day = 86_400;
const firstTime = Date.UTC(2024, 0, 1, 3) / 1000;
const mebibyte = 2 ** 20;
const partitions: readonly TinyPartition[] = [
	{ start: mebibyte, length: 4 * mebibyte, type: 'unknown' },
	{ start: 5 * mebibyte, length: 32 * mebibyte, type: 'ext' },
	{ start: 37 * mebibyte, length: 4 * mebibyte, type: 'unknown' },
];
/** One block in so many is in use; a backup changes one in so many of those. */
const usedEvery = 8;
const changedEvery = 16;

const typeOf = (number: number) => (number === 0 ? 'full' : number % diffEvery === 0 ? 'diff' : 'inc');

/** Makes the folder unless it is there. @returns whether it was made now */
export async function makeSets(folder: string, codec: BlockCodec): Promise<boolean> {
	if (existsSync(folder)) return false;
	const made = `${folder}.new`;
	rmSync(made, { recursive: true, force: true });
	mkdirSync(made, { recursive: true });
	const content = tinyBlocks(codec);
	for (let computer = 0; computer < folderOfSets.computers; computer++) {
		const digits = String(computer + 1).padStart(4, '0');
		const disk = tinyDisk(`5E750000-${digits}-4000-8000-000000000001`, partitions);
		for (let set = 0; set < folderOfSets.setsEach; set++) {
			const imageid = `5E75${digits}${String(set).padStart(8, '0')}`;
			const setTime = firstTime + set * folderOfSets.perSet * day;
			const names = Array.from({ length: folderOfSets.perSet }, (_, i) =>
				imageFileName(baseNameOf(imageid, `pc${digits}`), i, i),
			);
			let full: readonly BlockIndex[] | undefined;
			for (const [number, name] of names.entries()) {
				const backup: TinyBackup = {
					imageid,
					type: typeOf(number),
					number,
					time: setTime + number * day,
					setTime,
					computer: `PC${digits}`,
					earlier: names.slice(0, number).map((earlier) => join(folder, earlier)),
					path: join(folder, name),
					place: join(made, name),
				};
				const indexes = await writeBackup(disk, backup, full, content, codec);
				full ??= indexes;
			}
		}
	}
	renameSync(made, folder);
	return true;
}

/** @returns what the backup has stored, by partition */
async function writeBackup(
	disk: TinyDisk,
	backup: TinyBackup,
	full: readonly BlockIndex[] | undefined,
	content: TinyBlocks,
	codec: BlockCodec,
): Promise<BlockIndex[]> {
	const indexes: BlockIndex[] = [];
	await writeTinyImage(disk, backup, full, codec, async (writer) => {
		for (const [p, { length }] of disk.partitions.entries()) {
			const used = Uint32Array.from({ length: length / blockSize / usedEvery }, (_, i) => i * usedEvery);
			const changed = used.filter((block) => full === undefined || hash(block, backup.number) % changedEvery === 0);
			const partition = writer.partition(0, p);
			await partition.appendBlocks(content.batch(changed, backup.number));
			// A differential has a complete index: its other blocks are where the full has them.
			if (backup.type === 'diff') await partition.appendBlocks(unchanged(used, changed));
			indexes.push(partition.index);
		}
	});
	return indexes;
}

function unchanged(used: Uint32Array, changed: Uint32Array): BlockBatch {
	const isChanged = new Set(changed);
	const blocks = used.filter((block) => !isChanged.has(block));
	return {
		count: blocks.length,
		blocks,
		lengths: new Uint32Array(blocks.length),
		md5: new Uint8Array(blocks.length * 16),
		data: new Uint8Array(0),
	};
}
