import { createCipheriv, createDecipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';

/**
 * A reader of the format that shares nothing with the product's: written straight from the specification, with an
 * object for each element and everything in memory. It restores as the vendor's reference reader does.
 */
export interface NaivePartition {
	/** Bytes of each stored block, by number. */
	blocks: Map<number, Buffer>;
	reserved: Buffer;
}

export interface NaiveDisk {
	track0: Buffer;
	ept: { sector: Buffer; diskOffset: number; partitionNumber: number }[];
	partitions: NaivePartition[];
}

interface Element {
	position: number;
	md5: Buffer;
	length: number;
	file: number;
	block: number;
}

// The document is taken as it is: this reader trusts its input.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

interface NaiveFile {
	bytes: Buffer;
	json: Json;
	disks: { track0: Buffer; ept: Buffer; partitions: { reserved: Element[]; blocks: Element[] }[] }[];
}

/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call */

function readBlocks(bytes: Buffer, start: number) {
	const blocks: { name: string; payload: Buffer; at: number }[] = [];
	let at = start;
	for (;;) {
		const length = bytes.readUInt32LE(at + 8);
		const flags = bytes[at + 28]!;
		let payload = bytes.subarray(at + 32, at + 32 + length);
		if (
			length > 0 &&
			!createHash('md5')
				.update(payload)
				.digest()
				.equals(bytes.subarray(at + 12, at + 28))
		)
			throw new Error(`metadata hash at ${at}`);
		if ((flags & 2) !== 0 && length > 0) payload = zstdDecompressSync(payload);
		blocks.push({ name: bytes.toString('latin1', at, at + 8), payload, at });
		at += 32 + length;
		if ((flags & 1) !== 0) return { blocks, end: at };
	}
}

function elements(payload: Buffer, at: number, delta: boolean): { list: Element[]; end: number } {
	const count = payload.readInt32LE(at);
	const list: Element[] = [];
	at += 4;
	for (let i = 0; i < count; i++) {
		list.push({
			position: Number(payload.readBigInt64LE(at)),
			md5: payload.subarray(at + 8, at + 24),
			length: payload.readUInt32LE(at + 24),
			file: payload.readUInt16LE(at + 28),
			block: delta ? payload.readUInt32LE(at + 30) : i,
		});
		if (i > 0 && list[i]!.block <= list[i - 1]!.block) throw new Error('order of delta elements');
		at += delta ? 34 : 30;
	}
	return { list, end: at };
}

function naiveFile(raw: Uint8Array): NaiveFile {
	const bytes = Buffer.from(raw);
	if (bytes.toString('latin1', bytes.length - 12) !== 'MACRIUM_FILE') throw new Error('magic');
	const root = readBlocks(bytes, Number(bytes.readBigUInt64LE(bytes.length - 20)));
	const json: Json = JSON.parse(root.blocks.find((block) => block.name === '$JSON   ')!.payload.toString());
	const file: NaiveFile = { bytes, json, disks: [] };
	if (json._header.split_file) return file;
	if (json._header.index_file_position % 4096 !== 0) throw new Error('alignment');
	let at: number = json._header.index_file_position;
	for (const disk of json.disks) {
		const metadata = readBlocks(bytes, at);
		at = metadata.end;
		const partitions = [];
		for (let p = 0; p < disk.partitions.length; p++) {
			const list = readBlocks(bytes, at);
			at = list.end;
			const index = list.blocks.at(-1)!;
			if (index.name !== '$INDEX  ') throw new Error('index');
			const reserved = elements(index.payload, 0, false);
			const blocks = elements(index.payload, reserved.end, json._header.delta_index);
			if (blocks.end !== index.payload.length) throw new Error('index length');
			partitions.push({ reserved: reserved.list, blocks: blocks.list });
		}
		const payload = (name: string) => metadata.blocks.find((block) => block.name === name)?.payload;
		file.disks.push({ track0: payload('$TRACK0 ')!, ept: payload('$EPT    ') ?? Buffer.alloc(0), partitions });
	}
	return file;
}

/** Restores the backup whose increment number is that of the chosen file. */
export function naiveRestore(
	files: ReadonlyMap<string, Uint8Array>,
	chosenName: string,
	password?: string,
): NaiveDisk[] {
	const all = [...files].map(([name, bytes]) => ({ name, ...naiveFile(bytes) }));
	const chosen = all.find((file) => file.name === chosenName)!;
	const id: string = chosen.json._header.imageid;
	const members = all
		.filter((file) => file.json._header.imageid === id)
		.filter((file) => file.json._header.increment_number <= chosen.json._header.increment_number)
		.sort((a, b) => a.json._header.file_number - b.json._header.file_number);
	const byNumber = new Map<number, Buffer>();
	for (const { bytes, json } of members)
		for (const number of [json._header.file_number, ...json._header.merged_files]) {
			if (byNumber.has(number)) throw new Error(`number ${number} twice`);
			byNumber.set(number, bytes);
		}
	const target = members.at(-1)!;
	const indexed = members.filter((file) => file.json._header.split_file === false);
	const from = indexed.findLastIndex((file) => file.json._header.delta_index === false);
	const { json } = target;
	const secret = json._encryption.aes_type === 'none' ? undefined : unlock(json, password!);
	return target.disks.map((disk, d) => ({
		track0: disk.track0,
		ept: eptRecords(disk.ept),
		partitions: disk.partitions.map((partition, p) => {
			const map = new Map<number, Element>();
			for (const file of indexed.slice(from)) for (const e of file.disks[d]!.partitions[p]!.blocks) map.set(e.block, e);
			const { disk_number: diskNumber } = json.disks[d]._header;
			const { partition_number: partitionNumber } = json.disks[d].partitions[p]._header;
			const decode = (element: Element) => {
				const file = byNumber.get(element.file);
				if (file === undefined) throw new Error(`no file ${element.file}`);
				let data = file.subarray(element.position, element.position + element.length);
				if (secret !== undefined) data = secret(data, diskNumber, partitionNumber, element.block);
				if (json._compression.compression_level !== 'none') data = frame(data);
				return data;
			};
			const checked = (element: Element, length?: number) => {
				const data = length === undefined ? decode(element) : decode(element).subarray(0, length);
				if (!createHash('md5').update(data).digest().equals(element.md5)) throw new Error(`block ${element.block}`);
				return data;
			};
			const { _geometry: geometry, _file_system: fileSystem, _header: header } = json.disks[d].partitions[p];
			const room = geometry.length - (fileSystem.lcn0_offset - fileSystem.start);
			const blocks = new Map<number, Buffer>();
			for (const [block, element] of [...map].sort(([a], [b]) => a - b))
				if (element.length > 0)
					blocks.set(block, checked(element, Math.min(header.block_size, room - block * header.block_size)));
			let left: number = fileSystem.reserved_sectors_byte_length;
			const reserved = partition.reserved.map((element) => {
				const data = checked(element, Math.min(left, 4194304));
				left -= data.length;
				return data;
			});
			return { blocks, reserved: Buffer.concat(reserved) };
		}),
	}));
}

function eptRecords(payload: Buffer) {
	const records = [];
	for (let at = 4; at + 528 <= payload.length; at += 528)
		records.push({
			sector: payload.subarray(at, at + 512),
			diskOffset: Number(payload.readBigUInt64LE(at + 512)),
			partitionNumber: payload.readUInt16LE(at + 520),
		});
	return records;
}

/** Decodes the first frame and drops what padding follows it: at most 15 zeros. */
function frame(data: Buffer): Buffer {
	for (let cut = 0; cut < 16; cut++) {
		try {
			return zstdDecompressSync(data.subarray(0, data.length - cut));
		} catch {
			if (data[data.length - 1 - cut] !== 0) break;
		}
	}
	throw new Error('frame');
}

function unlock(json: Json, password: string) {
	const id = Buffer.from(json._header.imageid, 'hex');
	const salt = createHash('sha256').update(id).digest();
	const key = pbkdf2Sync(password, salt, json._encryption.key_iterations, 32, 'sha256');
	if (createHmac('sha256', key).update('').digest('hex') !== json._encryption.hmac) throw new Error('password');
	const bits = Number(json._encryption.aes_type.slice(4));
	return (data: Buffer, disk: number, partition: number, block: number) => {
		const plain = Buffer.alloc(16);
		id.copy(plain);
		plain.writeUInt16LE(disk, 8);
		plain.writeUInt16LE(partition, 10);
		plain.writeUInt32LE(block, 12);
		const iv = createCipheriv('aes-256-ecb', createHash('sha256').update(key).digest(), null).update(plain);
		const cipher = createDecipheriv(`aes-${bits}-cbc`, key.subarray(0, bits / 8), iv).setAutoPadding(false);
		return Buffer.concat([cipher.update(data), cipher.final()]);
	};
}
