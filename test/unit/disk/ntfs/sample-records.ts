/** Encoders of NTFS structures for tests, with the specification's offsets written out a second time. */

export interface Run {
	/** Undefined for a hole. */
	readonly lcn: number | undefined;
	readonly length: number;
}

function view(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
	return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function utf16(text: string): Uint8Array {
	return new Uint8Array(Buffer.from(text, 'utf16le'));
}

/** Replaces the last word of every 512 bytes by the sequence number and keeps the words in the array at `usaOffset`. */
export function protect(block: Uint8Array, magic: string, usaOffset: number, sequence = 7): Uint8Array {
	const out = view(block);
	const sectors = block.length / 512;
	for (let i = 0; i < 4; i++) block[i] = magic.charCodeAt(i);
	out.setUint16(4, usaOffset, true);
	out.setUint16(6, sectors + 1, true);
	out.setUint16(usaOffset, sequence, true);
	for (let i = 1; i <= sectors; i++) {
		out.setUint16(usaOffset + 2 * i, out.getUint16(512 * i - 2, true), true);
		out.setUint16(512 * i - 2, sequence, true);
	}
	return block;
}

export function unprotect(block: Uint8Array): void {
	const out = view(block);
	const usaOffset = out.getUint16(4, true);
	for (let i = 1; i < out.getUint16(6, true); i++)
		out.setUint16(512 * i - 2, out.getUint16(usaOffset + 2 * i, true), true);
}

/** The shortest bytes of a signed number, at least one. */
function shortest(value: number): number[] {
	const bytes: number[] = [];
	let rest = value;
	do {
		bytes.push(rest & 0xff);
		rest = Math.floor(rest / 256);
	} while (!((rest === 0 && bytes.at(-1)! < 0x80) || (rest === -1 && bytes.at(-1)! >= 0x80)));
	return bytes;
}

export function mappingPairs(runs: readonly Run[]): Uint8Array {
	let previous = 0;
	const bytes = runs.flatMap(({ lcn, length }) => {
		const size = shortest(length);
		if (lcn === undefined) return [size.length, ...size];
		const delta = shortest(lcn - previous);
		previous = lcn;
		return [(delta.length << 4) | size.length, ...size, ...delta];
	});
	return Uint8Array.from([...bytes, 0]);
}

function attribute(type: number, name: string, headerSize: number, body: Uint8Array, instance: number): Uint8Array {
	const nameBytes = utf16(name);
	const bodyAt = Math.ceil((headerSize + nameBytes.length) / 8) * 8;
	const bytes = new Uint8Array(Math.ceil((bodyAt + body.length) / 8) * 8);
	const out = view(bytes);
	out.setUint32(0, type, true);
	out.setUint32(4, bytes.length, true);
	out.setUint8(9, name.length);
	out.setUint16(10, headerSize, true);
	out.setUint16(14, instance, true);
	bytes.set(nameBytes, headerSize);
	bytes.set(body, bodyAt);
	return bytes;
}

export function resident(type: number, value: Uint8Array, name = '', instance = 0): Uint8Array {
	const bytes = attribute(type, name, 0x18, value, instance);
	view(bytes).setUint32(0x10, value.length, true);
	view(bytes).setUint16(0x14, Math.ceil((0x18 + name.length * 2) / 8) * 8, true);
	return bytes;
}

export interface StreamShape {
	readonly runs: readonly Run[];
	readonly clusterSize: number;
	readonly lowestVcn?: number;
	readonly dataSize?: number;
	readonly initializedSize?: number;
	/** Clusters of the whole stream, where these runs are one extent of it. */
	readonly allClusters?: number;
	readonly flags?: number;
	readonly name?: string;
	readonly instance?: number;
}

export function nonResident(type: number, shape: StreamShape): Uint8Array {
	const { runs, clusterSize, lowestVcn = 0, name = '' } = shape;
	const bytes = attribute(type, name, 0x40, mappingPairs(runs), shape.instance ?? 0);
	const out = view(bytes);
	const clusters = runs.reduce((sum, { length }) => sum + length, 0);
	const allocated = (shape.allClusters ?? clusters) * clusterSize;
	out.setUint8(8, 1);
	out.setUint16(12, shape.flags ?? 0, true);
	out.setBigUint64(0x10, BigInt(lowestVcn), true);
	out.setBigInt64(0x18, BigInt(lowestVcn + clusters - 1), true);
	out.setUint16(0x20, Math.ceil((0x40 + name.length * 2) / 8) * 8, true);
	out.setBigUint64(0x28, BigInt(lowestVcn === 0 ? allocated : 0), true);
	out.setBigUint64(0x30, BigInt(lowestVcn === 0 ? (shape.dataSize ?? allocated) : 0), true);
	const initialized = shape.initializedSize ?? shape.dataSize ?? allocated;
	out.setBigUint64(0x38, BigInt(lowestVcn === 0 ? initialized : 0), true);
	return bytes;
}

export function reference(number: number, sequence = number === 0 ? 1 : number): bigint {
	return (BigInt(sequence) << 48n) | BigInt(number);
}

export interface RecordShape {
	readonly attributes: readonly Uint8Array[];
	readonly directory?: boolean;
	readonly inUse?: boolean;
	readonly links?: number;
	readonly base?: bigint;
}

/** A FILE record as it lies on disk. */
export function fileRecord(number: number, size: number, shape: RecordShape): Uint8Array {
	const bytes = new Uint8Array(size);
	const out = view(bytes);
	out.setUint16(0x10, number === 0 ? 1 : number, true);
	out.setUint16(0x12, shape.links ?? 1, true);
	out.setUint16(0x14, 0x48, true);
	out.setUint16(0x16, (shape.inUse === false ? 0 : 1) | (shape.directory ? 2 : 0), true);
	out.setBigUint64(0x20, shape.base ?? 0n, true);
	out.setUint32(0x1c, size, true);
	out.setUint32(0x2c, number, true);
	let at = 0x48;
	for (const one of shape.attributes) {
		bytes.set(one, at);
		at += one.length;
	}
	out.setUint32(at, 0xffff_ffff, true);
	out.setUint32(0x18, at + 8, true);
	return protect(bytes, 'FILE', 0x30);
}

export interface ListEntryShape {
	readonly type: number;
	readonly record: bigint;
	readonly name?: string;
	readonly lowestVcn?: number;
	readonly instance?: number;
}

export function attributeListValue(entries: readonly ListEntryShape[]): Uint8Array {
	return concat(
		entries.map(({ type, record, name = '', lowestVcn = 0, instance = 0 }) => {
			const bytes = new Uint8Array(Math.ceil((0x1a + name.length * 2) / 8) * 8);
			const out = view(bytes);
			out.setUint32(0, type, true);
			out.setUint16(4, bytes.length, true);
			out.setUint8(6, name.length);
			out.setUint8(7, 0x1a);
			out.setBigUint64(8, BigInt(lowestVcn), true);
			out.setBigUint64(0x10, record, true);
			out.setUint16(0x18, instance, true);
			bytes.set(utf16(name), 0x1a);
			return bytes;
		}),
	);
}

export interface NameEntry {
	readonly name: string;
	readonly file: bigint;
	readonly namespace?: number;
	readonly child?: number;
	/** The root directory when absent. */
	readonly parent?: bigint;
}

/** $FILE_NAME: the key of an entry, and an attribute of the file. */
export function fileName(name: string, parent: bigint, namespace = 1): Uint8Array {
	const bytes = new Uint8Array(0x42 + name.length * 2);
	view(bytes).setBigUint64(0, parent, true);
	view(bytes).setUint8(0x40, name.length);
	view(bytes).setUint8(0x41, namespace);
	bytes.set(utf16(name), 0x42);
	return bytes;
}

/** An index node from its header on: entries in the order given, then the end entry with `lastChild`. */
export function indexNode(entries: readonly NameEntry[], lastChild: number | undefined, allocated = 0): Uint8Array {
	const encoded = entries.map(({ name, file, namespace = 1, child, parent = reference(5) }) => {
		return indexEntry(file, fileName(name, parent, namespace), child, 0);
	});
	const body = concat([...encoded, indexEntry(0n, new Uint8Array(0), lastChild, 2)]);
	const node = new Uint8Array(Math.max(0x10 + body.length, allocated));
	view(node).setUint32(0, 0x10, true);
	view(node).setUint32(4, 0x10 + body.length, true);
	view(node).setUint32(8, node.length, true);
	node.set(body, 0x10);
	return node;
}

function indexEntry(file: bigint, key: Uint8Array, child: number | undefined, flags: number): Uint8Array {
	const bytes = new Uint8Array(Math.ceil((0x10 + key.length) / 8) * 8 + (child === undefined ? 0 : 8));
	const out = view(bytes);
	out.setBigUint64(0, file, true);
	out.setUint16(8, bytes.length, true);
	out.setUint16(10, key.length, true);
	out.setUint16(12, flags | (child === undefined ? 0 : 1), true);
	bytes.set(key, 0x10);
	if (child !== undefined) out.setBigUint64(bytes.length - 8, BigInt(child), true);
	return bytes;
}

/** An INDX block. Its update sequence lies behind its own header, so its entries begin later than in a root. */
export function indexBlock(vcn: number, size: number, entries: readonly NameEntry[]): Uint8Array {
	const bytes = new Uint8Array(size);
	view(bytes).setBigUint64(0x10, BigInt(vcn), true);
	const usaBytes = Math.ceil((2 * (size / 512 + 1)) / 8) * 8;
	const node = indexNode(entries, undefined);
	const header = view(node);
	bytes.set(node.subarray(0, 0x10), 0x18);
	bytes.set(node.subarray(0x10), 0x28 + usaBytes);
	view(bytes).setUint32(0x18, 0x10 + usaBytes, true);
	view(bytes).setUint32(0x1c, header.getUint32(4, true) + usaBytes, true);
	view(bytes).setUint32(0x20, size - 0x18, true);
	return protect(bytes, 'INDX', 0x28);
}

export function indexRoot(node: Uint8Array, blockSize: number): Uint8Array {
	const head = new Uint8Array(0x10);
	view(head).setUint32(0, 0x30, true);
	view(head).setUint32(4, 1, true);
	view(head).setUint32(8, blockSize, true);
	return concat([head, node]);
}

export interface RestartShape {
	readonly lsn: number;
	readonly clean: boolean;
	readonly major?: number;
	readonly pageSize?: number;
	/** Bytes of the log. */
	readonly fileSize?: number;
}

export function restartPage({ lsn, clean, major = 1, pageSize = 4096, fileSize = 65536 }: RestartShape): Uint8Array {
	const bytes = new Uint8Array(pageSize);
	const out = view(bytes);
	out.setUint32(0x10, pageSize, true);
	out.setUint32(0x14, 4096, true);
	const area = Math.ceil((0x1e + 2 * (pageSize / 512 + 1)) / 8) * 8;
	out.setUint16(0x18, area, true);
	out.setUint16(0x1a, major === 1 ? 1 : 0, true);
	out.setUint16(0x1c, major, true);
	out.setBigUint64(area, BigInt(lsn), true);
	out.setUint16(area + 0x08, 1, true);
	out.setUint16(area + 0x0c, clean ? 0xffff : 0, true);
	out.setUint16(area + 0x0e, clean ? 2 : 0, true);
	// The rest, and the one client, is what ntfs-3g wants to see.
	out.setUint16(area + 0x0a, clean ? 0 : 0xffff, true);
	out.setUint32(area + 0x10, 66 - Math.floor(Math.log2(fileSize)), true);
	out.setUint16(area + 0x14, 0x30 + 0xa0, true);
	out.setUint16(area + 0x16, 0x30, true);
	out.setBigUint64(area + 0x18, BigInt(fileSize), true);
	out.setUint16(area + 0x24, 0x30, true);
	out.setUint16(area + 0x26, 0x40, true);
	const client = area + 0x30;
	out.setUint16(client + 0x10, 0xffff, true);
	out.setUint16(client + 0x12, 0xffff, true);
	out.setUint32(client + 0x1c, 8, true);
	bytes.set(utf16('NTFS'), client + 0x20);
	return protect(bytes, 'RSTR', 0x1e);
}
