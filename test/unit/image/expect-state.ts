import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { blockOf, codec, type ModelDisk } from './backups.ts';
import { BlockCipher } from '../../../src/image/block-cipher.ts';
import type { Chain, ResolvedPartition } from '../../../src/image/set/chain.ts';
import { rawLength } from '../../../src/image/partition-layout.ts';
import type { MemoryFolder } from './memory-folder.ts';
import { naiveRestore } from './naive-reader.ts';

/** Expects that the naive reader restores exactly `disks` from the chosen file. */
export function expectNaive(folder: MemoryFolder, name: string, disks: readonly ModelDisk[], password: string): void {
	const restored = naiveRestore(folder.files, name, password);
	expect(restored.length).toBe(disks.length);
	for (const [d, disk] of disks.entries()) {
		expect(Buffer.compare(restored[d]!.track0, disk.track0)).toBe(0);
		expect(restored[d]!.ept.map((record) => [record.diskOffset, record.partitionNumber])).toEqual(
			disk.ept.map((record) => [record.diskOffset, record.partitionNumber]),
		);
		for (const [p, partition] of disk.partitions.entries()) {
			const { blocks, reserved } = restored[d]!.partitions[p]!;
			expect(Buffer.compare(reserved, partition.content.subarray(0, partition.reserved))).toBe(0);
			expect([...blocks.keys()]).toEqual([...partition.used].sort((a, b) => a - b));
			for (const [block, bytes] of blocks) expect(Buffer.compare(bytes, blockOf(partition, block))).toBe(0);
		}
	}
}

/** Expects that the product's own chain gives exactly `disks`. */
export async function expectChain(folder: MemoryFolder, chain: Chain, disks: readonly ModelDisk[]): Promise<void> {
	expect(chain.disks.map((disk) => [Buffer.from(disk.track0).toString('hex'), disk.ept.length])).toEqual(
		disks.map((disk) => [Buffer.from(disk.track0).toString('hex'), disk.ept.length]),
	);
	for (const [d, disk] of disks.entries()) {
		for (const [p, partition] of disk.partitions.entries()) {
			const resolved = await chain.resolve(d, p);
			const { index, layout } = resolved;
			const stored: number[] = [];
			for (let block = index.next(0); block < index.count; block = index.next(block + 1)) {
				stored.push(block);
				const raw = await decode(folder, chain, resolved, block);
				expect(raw.length).toBe(rawLength(layout, block));
				expect(Buffer.compare(raw, blockOf(partition, block))).toBe(0);
			}
			expect(stored).toEqual([...partition.used].sort((a, b) => a - b));
		}
	}
}

async function decode(
	folder: MemoryFolder,
	chain: Chain,
	{ index, layout, cipher, compressed }: ResolvedPartition,
	block: number,
): Promise<Uint8Array> {
	const file = await folder.open(chain.files.get(index.fileNumber(block))!.name);
	const bytes = new Uint8Array(index.storedLength(block));
	await file.read(index.position(block), bytes);
	if (cipher !== undefined) new BlockCipher(cipher).decrypt(block, bytes);
	const length = rawLength(layout, block);
	const raw = compressed ? new Uint8Array(length) : bytes.subarray(0, length);
	if (compressed) codec.decompress(bytes, raw);
	expect(index.hasMd5(block, createHash('md5').update(raw).digest(), 0)).toBe(true);
	return raw;
}
