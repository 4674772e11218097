/** What clients send with options, checked; undefined where it is not of the form that the protocol has for it. */

/** Longest name, in bytes. */
const longestName = 4096;

/** An option that names an export and asks what is known of it. */
export interface InfoRequest {
	readonly name: string;
	/** As `Info`. */
	readonly wanted: readonly number[];
}

export interface ContextRequest {
	readonly name: string;
	readonly queries: readonly string[];
}

export function readName(data: Uint8Array): string | undefined {
	if (data.length > longestName) return undefined;
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
	} catch {
		return undefined;
	}
}

export function readInfoRequest(data: Uint8Array): InfoRequest | undefined {
	const reader = new Reader(data);
	const name = reader.text();
	const count = reader.u16();
	const wanted: number[] = [];
	for (let i = 0; i < (count ?? 0); i++) {
		const type = reader.u16();
		if (type === undefined) return undefined;
		wanted.push(type);
	}
	return name === undefined || count === undefined || !reader.ended ? undefined : { name, wanted };
}

export function readContextRequest(data: Uint8Array): ContextRequest | undefined {
	const reader = new Reader(data);
	const name = reader.text();
	const count = reader.u32();
	const queries: string[] = [];
	for (let i = 0; i < (count ?? 0); i++) {
		const query = reader.text();
		if (query === undefined) return undefined;
		queries.push(query);
	}
	return name === undefined || count === undefined || !reader.ended ? undefined : { name, queries };
}

/** Reads one value after the other; undefined where there is too little for it. */
class Reader {
	readonly #data: Uint8Array;
	readonly #view: DataView;
	#at = 0;

	constructor(data: Uint8Array) {
		this.#data = data;
		this.#view = new DataView(data.buffer, data.byteOffset, data.length);
	}

	get ended(): boolean {
		return this.#at === this.#data.length;
	}

	u16(): number | undefined {
		const at = this.#pass(2);
		return at === undefined ? undefined : this.#view.getUint16(at);
	}

	u32(): number | undefined {
		const at = this.#pass(4);
		return at === undefined ? undefined : this.#view.getUint32(at);
	}

	/** A text behind its length. */
	text(): string | undefined {
		const length = this.u32();
		const at = length === undefined ? undefined : this.#pass(length);
		return at === undefined ? undefined : readName(this.#data.subarray(at, this.#at));
	}

	#pass(length: number): number | undefined {
		const at = this.#at;
		if (length > this.#data.length - at) return undefined;
		this.#at += length;
		return at;
	}
}
