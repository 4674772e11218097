import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { crc32c } from '../../../../src/disk/crc32c.ts';
import { Agf, BtreeBlock, LogRecord, Superblock, magic, noBlock } from '../../../../src/disk/xfs/structures.ts';

/** A small XFS made by hand: 1 KiB blocks, two groups of 256 blocks and a third of 200, the log in the second. */
export const blockSize = 1024;
export const groupBlocks = [256, 256, 200] as const;
const sectorSize = 512;
const groupStart = (group: number) => group * 256 * blockSize;
export const logStart = groupStart(1) + 32 * blockSize;
export const logBasicBlocks = 128;

/** Free extents by group, in blocks; the first group has a tree of two levels. */
export const free: readonly (readonly [start: number, count: number])[][] = [
	[
		[10, 5],
		[40, 1],
		[60, 100],
		[200, 56],
	],
	[[100, 150]],
	[[8, 192]],
];
const uuid = Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i);

/** A structure with a CRC-32C: where it begins, its length, and where in it the checksum is. */
interface Sealed {
	readonly start: number;
	readonly length: number;
	readonly crc: number;
}

export interface Sample {
	readonly volume: MemoryBytes;
	readonly sealed: readonly Sealed[];
	/** Makes all checksums right again after a change. */
	readonly seal: () => void;
	/** The superblock, the header of a group, a tree block: views to change. */
	readonly sb: InstanceType<typeof Superblock>;
	readonly agf: (group: number) => InstanceType<typeof Agf>;
	readonly treeBlock: (group: number, block: number) => InstanceType<typeof BtreeBlock>;
}

export function makeSample(): Sample {
	const total = groupBlocks.reduce((sum, blocks) => sum + blocks, 0);
	const bytes = new Uint8Array(total * blockSize);
	const view = new DataView(bytes.buffer);
	const sealed: Sealed[] = [{ start: 0, length: sectorSize, crc: Superblock.offset.crc }];
	const sb = new Superblock(bytes);
	Object.assign(sb, {
		magicnum: magic.superblock,
		blocksize: blockSize,
		dblocks: total,
		uuid,
		agblocks: 256,
		agcount: 3,
	});
	Object.assign(sb, { logstart: 256 + 32, logblocks: (logBasicBlocks * 512) / blockSize, versionnum: 0xb4a5 });
	Object.assign(sb, {
		sectsize: sectorSize,
		blocklog: 10,
		sectlog: 9,
		agblklog: 8,
		fname: Buffer.from('sample\0\0\0\0\0\0'),
	});
	sb.fdblocks = free.flat().reduce((sum, [, count]) => sum + count, 0);
	sb.featuresIncompat = 0xb;

	const agf = (group: number) => new Agf(bytes, groupStart(group) + sectorSize);
	const treeBlock = (group: number, block: number) => new BtreeBlock(bytes, groupStart(group) + block * blockSize);
	const addTreeBlock = (group: number, block: number, level: number, siblings: [number, number]) => {
		const start = groupStart(group) + block * blockSize;
		sealed.push({ start, length: blockSize, crc: BtreeBlock.offset.crc });
		const [leftsib, rightsib] = siblings;
		const fields = { magic: magic.freeByBlock, level, leftsib, rightsib, blkno: start / 512, uuid, owner: group };
		return { start: start + BtreeBlock.size, header: Object.assign(treeBlock(group, block), fields) };
	};
	const addLeaf = (group: number, block: number, extents: (typeof free)[number], siblings: [number, number]) => {
		const { start, header } = addTreeBlock(group, block, 0, siblings);
		header.numrecs = extents.length;
		extents.forEach(([first, count], i) => {
			view.setUint32(start + i * 8, first);
			view.setUint32(start + i * 8 + 4, count);
		});
	};
	groupBlocks.forEach((length, group) => {
		sealed.push({ start: groupStart(group) + sectorSize, length: sectorSize, crc: Agf.offset.crc });
		const counts = free[group]!.map(([, count]) => count);
		const header = agf(group);
		Object.assign(header, { magicnum: magic.agf, versionnum: 1, seqno: group, length, bnoRoot: 2, bnoLevel: 1, uuid });
		header.freeblks = counts.reduce((sum, count) => sum + count, 0);
		header.longest = Math.max(...counts);
		if (group > 0) addLeaf(group, 2, free[group]!, [noBlock, noBlock]);
	});
	agf(0).bnoLevel = 2;
	addLeaf(0, 5, free[0]!.slice(0, 2), [noBlock, 7]);
	addLeaf(0, 7, free[0]!.slice(2), [5, noBlock]);
	const root = addTreeBlock(0, 2, 1, [noBlock, noBlock]);
	root.header.numrecs = 2;
	const most = Math.floor((blockSize - BtreeBlock.size) / 12);
	view.setUint32(root.start + most * 8, 5);
	view.setUint32(root.start + most * 8 + 4, 7);

	writeRecord(bytes, 0, { tail: 0, operations: [{ flags: 0x20, data: new Uint8Array(8) }] });
	const seal = () => {
		for (const { start, length, crc } of sealed) {
			view.setUint32(start + crc, 0, true);
			view.setUint32(start + crc, ~crc32c(0xffffffff, bytes, start, start + length), true);
		}
	};
	seal();
	return { volume: new MemoryBytes(bytes), sealed, seal, sb, agf, treeBlock };
}

export interface LogContent {
	/** Basic block of the log where recovery would begin. */
	readonly tail: number;
	readonly operations: readonly { readonly flags: number; readonly data: Uint8Array }[];
	readonly cycle?: number;
}

/** Writes a record of two basic blocks, its header at `block` of the log, its body behind it or at the ring's start. */
export function writeRecord(bytes: Uint8Array, block: number, content: LogContent): void {
	const { tail, operations, cycle = 1 } = content;
	const wraps = block + 1 === logBasicBlocks;
	const at = logStart + block * 512;
	const body = wraps ? logStart : at + 512;
	bytes.fill(0, at, at + 512);
	bytes.fill(0, body, body + 512);
	const record = new LogRecord(bytes, at);
	Object.assign(record, { magicno: magic.logRecord, cycle, version: 2, len: 512, lsnCycle: cycle, lsnBlock: block });
	Object.assign(record, { tailCycle: cycle, tailBlock: tail, numLogops: operations.length, fsUuid: uuid, size: 32768 });
	const view = new DataView(bytes.buffer);
	let to = body;
	for (const { flags, data } of operations) {
		view.setUint32(to, 0x77777777);
		view.setUint32(to + 4, data.length);
		view.setUint8(to + 8, 0x69);
		view.setUint8(to + 9, flags);
		bytes.set(data, to + 12);
		to += 12 + data.length;
	}
	record.cycleData.set(bytes.subarray(body, body + 4));
	view.setUint32(body, wraps ? cycle + 1 : cycle);
}

/** The operations of a transaction that changes one buffer: the superblock's is the one at disk address 0. */
export function bufferChange(address: number): LogContent['operations'] {
	const header = Buffer.alloc(16);
	header.writeUInt32LE(0x5452414e);
	header.writeUInt32LE(2, 12);
	const format = Buffer.alloc(24);
	format.writeUInt16LE(0x123c, 0);
	format.writeUInt16LE(2, 2);
	format.writeUInt16LE(1, 6);
	format.writeBigInt64LE(BigInt(address), 8);
	const empty = new Uint8Array(0);
	return [
		{ flags: 1, data: empty },
		{ flags: 0, data: header },
		{ flags: 0, data: format },
		{ flags: 0, data: new Uint8Array(128) },
		{ flags: 2, data: empty },
	];
}
