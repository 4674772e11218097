import type { Export, Exports } from '../exports.ts';
import {
	ExportReply,
	Greeting,
	InfoBlockSize,
	InfoExport,
	OptionHeader,
	optionReply,
	u16Bytes,
	u32Bytes,
} from './messages.ts';
import { readContextRequest, readInfoRequest, readName } from './option-data.ts';
import { HangUp, type SocketInput } from './socket-input.ts';
import type { SocketOutput } from './socket-output.ts';
import { HandshakeFlag, Info, Option, optionMagic, OptionReply, serverMagic, TransmissionFlag } from './values.ts';

/** What a client has chosen. */
export interface Choice {
	readonly export: Export;
	readonly structured: boolean;
	/** Whether it may ask which bytes are stored. */
	readonly allocation: boolean;
}

/** Longest data of an option, in bytes: a name and some queries. */
const longestOption = 64 * 1024;
/** Most options of a client; one that asks for two things of each of 128 partitions has some 500. */
const mostOptions = 4096;
/** The largest request, in bytes: what clients have always kept to. */
export const largestRequest = 32 * 2 ** 20;
/** What is read with the least waste: a block of an image. */
const preferredSize = 65_536;

const allocationContext = 'base:allocation';
/** Any number but 0, which means nothing in a list of contexts. */
export const allocationId = 1;

/**
 * Speaks with a client until it has chosen an export: the fixed newstyle handshake of the protocol.
 * @returns undefined when it wanted only to look
 * @throws HangUp
 */
export async function negotiate(
	input: SocketInput,
	output: SocketOutput,
	exports: Exports,
	stopping: () => boolean,
): Promise<Choice | undefined> {
	const greeting = new Greeting(new Uint8Array(Greeting.size));
	greeting.magic = serverMagic;
	greeting.optionMagic = optionMagic;
	const known = HandshakeFlag.fixedNewstyle | HandshakeFlag.noZeroes;
	greeting.flags = known;
	await output.send(greeting.bytes);
	const flags = new DataView((await input.read(4)).buffer).getUint32(0);
	if ((flags & ~known) !== 0) throw new HangUp(`expected handshake flags 0 to ${known}, found ${flags}`);
	const negotiation = new Negotiation(output, exports, (flags & HandshakeFlag.noZeroes) === 0);
	for (let count = 0; count < mostOptions; count++) {
		const header = new OptionHeader(await input.read(OptionHeader.size));
		const { magic, option, length } = header;
		if (magic !== optionMagic) throw new HangUp('expected an option, found other bytes');
		if (length > longestOption) {
			throw new HangUp(`expected an option of at most ${longestOption} bytes, found one of ${length}`);
		}
		const data = await input.read(length);
		if (option === Option.abort) {
			await output.send(optionReply(option, OptionReply.ack));
			return undefined;
		}
		if (stopping()) await negotiation.refuse(option, OptionReply.errShutdown, 'The server ends');
		else if (await negotiation.answer(option, data)) return negotiation.choice;
	}
	throw new HangUp(`expected at most ${mostOptions} options, found more`);
}

/** What is agreed on so far. */
class Negotiation {
	readonly #output: SocketOutput;
	readonly #exports: Exports;
	/** Whether the client wants the zeros that earlier versions of the protocol had. */
	readonly #zeros: boolean;
	#structured = false;
	/** The export of which the client wants to know what is stored. */
	#allocationOf: Export | undefined;
	#chosen: Export | undefined;

	constructor(output: SocketOutput, exports: Exports, zeros: boolean) {
		this.#output = output;
		this.#exports = exports;
		this.#zeros = zeros;
	}

	get choice(): Choice {
		const chosen = this.#chosen!;
		return { export: chosen, structured: this.#structured, allocation: this.#allocationOf === chosen };
	}

	/** Answers an option; true when it chooses the export. @throws HangUp */
	async answer(option: number, data: Uint8Array): Promise<boolean> {
		switch (option) {
			case Option.exportName:
				return this.#exportName(data);
			case Option.list:
				await this.#list(data);
				return false;
			case Option.info:
				await this.#info(option, data);
				return false;
			case Option.go:
				this.#chosen = await this.#info(option, data);
				return this.#chosen !== undefined;
			case Option.structuredReply:
				if (data.length > 0) await this.#invalid(option);
				else {
					this.#structured = true;
					await this.#output.send(optionReply(option, OptionReply.ack));
				}
				return false;
			case Option.listMetaContext:
			case Option.setMetaContext:
				await this.#contexts(option, data);
				return false;
			default:
				await this.refuse(option, OptionReply.errUnsupported, 'This server does not know the option');
				return false;
		}
	}

	async refuse(option: number, type: number, why: string): Promise<void> {
		await this.#output.send(optionReply(option, type, Buffer.from(why, 'utf8')));
	}

	#invalid(option: number): Promise<void> {
		return this.refuse(option, OptionReply.errInvalid, 'The data of the option are not of its form');
	}

	#unknown(option: number, name: string): Promise<void> {
		const why = name === '' ? 'Several disks are served: name one' : 'There is no such export';
		return this.refuse(option, OptionReply.errUnknown, why);
	}

	/** The only choice of old clients, which cannot be refused in words. */
	async #exportName(data: Uint8Array): Promise<true> {
		const name = readName(data);
		this.#chosen = name === undefined ? undefined : this.#exports.find(name);
		if (this.#chosen === undefined) throw new HangUp('asked for an export that there is not');
		const reply = new ExportReply(new Uint8Array(ExportReply.size + (this.#zeros ? 124 : 0)));
		reply.size = this.#chosen.source.size;
		reply.flags = this.#flags();
		await this.#output.send(new Uint8Array(reply.bytes.buffer));
		return true;
	}

	async #list(data: Uint8Array): Promise<void> {
		if (data.length > 0) return this.#invalid(Option.list);
		for (const { name, description } of this.#exports.list) {
			const text = Buffer.from(name, 'utf8');
			const payload = Buffer.concat([u32Bytes(text.length), text, Buffer.from(description, 'utf8')]);
			await this.#output.send(optionReply(Option.list, OptionReply.server, payload));
		}
		await this.#output.send(optionReply(Option.list, OptionReply.ack));
	}

	async #info(option: number, data: Uint8Array): Promise<Export | undefined> {
		const request = readInfoRequest(data);
		if (request === undefined) {
			await this.#invalid(option);
			return undefined;
		}
		const found = this.#exports.find(request.name);
		if (found === undefined) {
			await this.#unknown(option, request.name);
			return undefined;
		}
		const tell = (payload: Uint8Array) => this.#output.send(optionReply(option, OptionReply.info, payload));
		const text = (type: number, value: string) => Buffer.concat([u16Bytes(type), Buffer.from(value, 'utf8')]);
		const about = new InfoExport(new Uint8Array(InfoExport.size));
		about.type = Info.export;
		about.size = found.source.size;
		about.flags = this.#flags();
		await tell(about.bytes);
		if (request.wanted.includes(Info.name)) await tell(text(Info.name, found.name));
		if (request.wanted.includes(Info.description)) await tell(text(Info.description, found.description));
		if (request.wanted.includes(Info.blockSize)) await tell(blockSizes(found));
		await this.#output.send(optionReply(option, OptionReply.ack));
		return found;
	}

	async #contexts(option: number, data: Uint8Array): Promise<void> {
		const setting = option === Option.setMetaContext;
		if (setting) this.#allocationOf = undefined;
		const request = readContextRequest(data);
		if (request === undefined || !this.#structured) return this.#invalid(option);
		const { name, queries } = request;
		const found = this.#exports.find(name);
		if (found === undefined) return this.#unknown(option, name);
		const listed = !setting && (queries.length === 0 || queries.includes('base:'));
		if (listed || queries.includes(allocationContext)) {
			if (setting) this.#allocationOf = found;
			const id = u32Bytes(setting ? allocationId : 0);
			const payload = Buffer.concat([id, Buffer.from(allocationContext, 'utf8')]);
			await this.#output.send(optionReply(option, OptionReply.metaContext, payload));
		}
		await this.#output.send(optionReply(option, OptionReply.ack));
	}

	#flags(): number {
		const { hasFlags, readOnly, sendFlush, sendDf, canMultiConn, sendCache } = TransmissionFlag;
		return hasFlags | readOnly | sendFlush | canMultiConn | sendCache | (this.#structured ? sendDf : 0);
	}
}

/** A request may begin and end at any byte; sectors are what an operating system asks for. */
function blockSizes({ source, sectorSize }: Export): Uint8Array {
	const info = new InfoBlockSize(new Uint8Array(InfoBlockSize.size));
	let minimum = sectorSize;
	// An export has to be of whole smallest blocks; a raw file that was imaged need not be of whole sectors.
	while (source.size % minimum !== 0) minimum /= 2;
	info.type = Info.blockSize;
	info.minimum = minimum;
	info.preferred = preferredSize;
	info.maximum = largestRequest;
	return info.bytes;
}
