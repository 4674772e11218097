import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { stretchesOf } from '../../../../src/engine/browse/partition-blocks.ts';
import { findPoint, openNamed } from '../../../../src/engine/load/open-image.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { directory, MadeFat, type MadeEntry } from '../../disk/fat/made-files.ts';
import { codec } from '../../image/backups.ts';

const clusters = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

/**
 * FAT16 with clusters of 512 bytes: `A` has 1000 of them, `F/B` 300, `C` 2 in the middle of the block where `B` ends.
 * @param more entries of the root
 */
export function volume(...more: MadeEntry[]): MadeFat {
	const fat = new MadeFat('FAT16');
	const random = randomNumbers(9);
	const content = (count: number) => random.fill(new Uint8Array(count * 512));
	fat.chain(clusters(100, 1000), content(1000));
	fat.chain(clusters(2000, 300), content(300));
	fat.chain([2302, 2303], content(2));
	const entries = directory({ raw: 'B          ', firstCluster: 2000, size: 300 * 512 - 100 });
	fat.chain([3000], entries);
	return fat.root(
		{ raw: 'A          ', firstCluster: 100, size: 1000 * 512 },
		{ raw: 'C          ', firstCluster: 2302, size: 600 },
		{ raw: 'F          ', attributes: 0x10, firstCluster: 3000 },
		...more,
	);
}

/** Byte of such a volume where a cluster begins. */
export function clusterAt(cluster: number): number {
	return new MadeFat('FAT16').dataAt + (cluster - 2) * 512;
}

/** Changes a byte of the stored block that has a byte of the first partition. */
export async function damage(file: string, byte: number): Promise<void> {
	const chain = await openNamed(await findPoint(file, codec), codec, undefined);
	const resolved = await chain.resolve(0, 0);
	const stretch = stretchesOf(resolved).find(({ start, end }) => start <= byte && byte < end)!;
	const block = Math.floor((byte - stretch.start) / stretch.blockSize);
	const at = stretch.index.position(block) + stretch.index.storedLength(block) - 1;
	const fd = openSync(file, 'r+');
	const last = new Uint8Array(1);
	readSync(fd, last, 0, 1, at);
	writeSync(fd, Uint8Array.of(last[0]! ^ 0x55), 0, 1, at);
	closeSync(fd);
}
