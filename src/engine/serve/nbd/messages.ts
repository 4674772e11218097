import { struct, u16be, u32be, u64be, u64bigbe } from '../../../base/struct.ts';
import { optionReplyMagic, simpleReplyMagic, structuredReplyMagic } from './values.ts';

/** Messages of the NBD protocol that have a fixed length, and the heads of the others. */

export const Greeting = struct('NBD greeting', 18, {
	magic: u64bigbe(0x00),
	optionMagic: u64bigbe(0x08),
	flags: u16be(0x10),
});

export const OptionHeader = struct('NBD option', 16, {
	magic: u64bigbe(0x00),
	option: u32be(0x08),
	length: u32be(0x0c),
});

const OptionReplyHeader = struct('NBD option reply', 20, {
	magic: u64bigbe(0x00),
	option: u32be(0x08),
	type: u32be(0x0c),
	length: u32be(0x10),
});

/** The answer to the option that names an export and ends the negotiation; 124 zeros follow, unless the client spares them. */
export const ExportReply = struct('NBD export', 10, { size: u64be(0x00), flags: u16be(0x08) });

export const InfoExport = struct('NBD_INFO_EXPORT', 12, { type: u16be(0x00), size: u64be(0x02), flags: u16be(0x0a) });

export const InfoBlockSize = struct('NBD_INFO_BLOCK_SIZE', 14, {
	type: u16be(0x00),
	minimum: u32be(0x02),
	preferred: u32be(0x06),
	maximum: u32be(0x0a),
});

export const RequestHeader = struct('NBD request', 28, {
	magic: u32be(0x00),
	flags: u16be(0x04),
	command: u16be(0x06),
	cookie: u64bigbe(0x08),
	offset: u64bigbe(0x10),
	length: u32be(0x18),
});

const SimpleReplyHeader = struct('NBD simple reply', 16, {
	magic: u32be(0x00),
	error: u32be(0x04),
	cookie: u64bigbe(0x08),
});

const ChunkHeader = struct('NBD structured reply', 20, {
	magic: u32be(0x00),
	flags: u16be(0x04),
	type: u16be(0x06),
	cookie: u64bigbe(0x08),
	length: u32be(0x10),
});

/** @param payload what follows the head */
export function optionReply(option: number, type: number, payload: Uint8Array = new Uint8Array()): Uint8Array {
	const bytes = new Uint8Array(OptionReplyHeader.size + payload.length);
	const header = new OptionReplyHeader(bytes);
	header.magic = optionReplyMagic;
	header.option = option;
	header.type = type;
	header.length = payload.length;
	bytes.set(payload, OptionReplyHeader.size);
	return bytes;
}

/** The head of a reply to a client that knows no structured ones; the data of a read follow where it is no error. */
export function simpleReply(cookie: bigint, error: number): Uint8Array {
	const header = new SimpleReplyHeader(new Uint8Array(SimpleReplyHeader.size));
	header.magic = simpleReplyMagic;
	header.error = error;
	header.cookie = cookie;
	return header.bytes;
}

/** @param extra bytes of the payload that follow what is given here */
export function chunk(cookie: bigint, flags: number, type: number, payload: Uint8Array, extra = 0): Uint8Array {
	const bytes = new Uint8Array(ChunkHeader.size + payload.length);
	const header = new ChunkHeader(bytes);
	header.magic = structuredReplyMagic;
	header.flags = flags;
	header.type = type;
	header.cookie = cookie;
	header.length = payload.length + extra;
	bytes.set(payload, ChunkHeader.size);
	return bytes;
}

export function u16Bytes(value: number): Uint8Array {
	const bytes = new Uint8Array(2);
	new DataView(bytes.buffer).setUint16(0, value);
	return bytes;
}

/** 32-bit numbers, one after the other. */
export function u32Bytes(...values: readonly number[]): Uint8Array {
	const bytes = new Uint8Array(4 * values.length);
	const view = new DataView(bytes.buffer);
	for (const [i, value] of values.entries()) view.setUint32(4 * i, value);
	return bytes;
}

export function u64Bytes(value: number): Uint8Array {
	const bytes = new Uint8Array(8);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
	return bytes;
}
