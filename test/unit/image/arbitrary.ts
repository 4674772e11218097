import fc from 'fast-check';
import type { ModelDisk, ModelPartition, SetKind } from './backups.ts';
import { cloneDisks } from './backups.ts';

/** Bytes that depend on the seed alone; every third seed gives bytes that compress well. */
export function fill(length: number, seed: number): Uint8Array {
	const bytes = new Uint8Array(length);
	let state = (seed * 2654435761 + 1) >>> 0;
	for (let i = 0; i < length; i++) {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		bytes[i] = seed % 3 === 0 ? (i >> 6) & 3 : state >>> 24;
	}
	return bytes;
}

const partitionShape = fc.record({
	blockSize: fc.constantFrom(512, 1024, 4096),
	blocks: fc.integer({ min: 1, max: 24 }),
	/** Bytes that the last block lacks, in sectors. */
	short: fc.nat(7),
	reserved: fc.constantFrom(0, 0, 0, 512, 2560),
	used: fc.array(fc.nat(23), { maxLength: 24 }),
	seed: fc.nat(),
});

export const someKind: fc.Arbitrary<SetKind> = fc
	.record({
		imageid: fc.constantFrom('0123456789ABCDEF', 'FFFFFFFFFFFFFFFF', 'DEADBEEF00000001'),
		compression: fc.constantFrom('none', 'medium', 'high'),
		aes: fc.constantFrom('none', 'none', 'aes-128', 'aes-192', 'aes-256'),
		password: fc.constantFrom('secret', 'pässwörd ✓'),
		keepReserved: fc.boolean(),
		splitSize: fc.constantFrom(undefined, undefined, undefined, 9000, 40000),
	})
	.map(({ splitSize, ...kind }) => (splitSize === undefined ? kind : { ...kind, splitSize }));

export const someDisks: fc.Arbitrary<ModelDisk[]> = fc
	.array(
		fc.record({
			number: fc.integer({ min: 0, max: 9 }),
			format: fc.constantFrom('gpt' as const, 'mbr' as const),
			partitions: fc.array(partitionShape, { minLength: 1, maxLength: 3 }),
			records: fc.nat(2),
			track0: fc.integer({ min: 1, max: 63 }),
		}),
		{ minLength: 1, maxLength: 2 },
	)
	.map((disks) =>
		disks.map((disk, d) => {
			let start = 1 << 20;
			const partitions = disk.partitions.map((shape): ModelPartition => {
				const length = Math.max(512, shape.blocks * shape.blockSize - shape.short * 512);
				const reserved = Math.min(shape.reserved, length);
				const place = start;
				start += 1 << 20;
				const content = fill(length, shape.seed);
				const count = Math.ceil((length - reserved) / shape.blockSize);
				const used = new Set(shape.used.filter((block) => block < count));
				return { start: place, blockSize: shape.blockSize, content, reserved, used };
			});
			return {
				number: disk.number,
				format: disk.format,
				signature: `0000000${d}`,
				track0: fill(disk.track0 * 512, d),
				ept: Array.from({ length: disk.records }, (_, i) => ({
					sector: fill(512, i + 5),
					diskOffset: 4096 * (i + 1),
					partitionNumber: i + 5,
				})),
				partitions,
			};
		}),
	);

/** A change of one block: new content, freed, or taken into use. */
export type Change = { disk: number; partition: number; block: number; seed: number; free: boolean };

export const someChanges: fc.Arbitrary<Change[]> = fc.array(
	fc.record({ disk: fc.nat(1), partition: fc.nat(2), block: fc.nat(23), seed: fc.nat(), free: fc.boolean() }),
	{ maxLength: 12 },
);

/** The disks after the changes; what was there stays as it was. */
export function changed(disks: readonly ModelDisk[], changes: readonly Change[]): ModelDisk[] {
	const next = cloneDisks(disks);
	for (const change of changes) {
		const partitions = next[change.disk % next.length]!.partitions;
		const partition = partitions[change.partition % partitions.length]!;
		const room = partition.content.length - partition.reserved;
		const count = Math.ceil(room / partition.blockSize);
		if (count === 0) continue;
		const block = change.block % count;
		if (change.free) {
			partition.used.delete(block);
			continue;
		}
		const from = partition.reserved + block * partition.blockSize;
		const length = Math.min(partition.blockSize, partition.content.length - from);
		partition.content.set(fill(length, change.seed), from);
		partition.used.add(block);
		if (partition.reserved > 0 && change.seed % 2 === 0) partition.content.set(fill(64, change.seed), 0);
	}
	return next;
}
