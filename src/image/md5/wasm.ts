/**
 * The few parts of the WebAssembly binary format (core specification 2.0, chapter 5) that the MD5 kernel needs.
 * Code is an array of bytes that helpers append to; `emitModule` wraps function bodies into a module.
 */
export type Code = number[];

/** Unsigned LEB128 of a 32-bit number. */
function unsigned(value: number): Code {
	const bytes: Code = [];
	let rest = value >>> 0;
	do {
		const low = rest & 0x7f;
		rest >>>= 7;
		bytes.push(rest === 0 ? low : low | 0x80);
	} while (rest !== 0);
	return bytes;
}

/** Signed LEB128 of a 32-bit number. */
function signed(value: number): Code {
	const bytes: Code = [];
	let rest = value | 0;
	for (;;) {
		const low = rest & 0x7f;
		rest >>= 7;
		const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
		bytes.push(done ? low : low | 0x80);
		if (done) return bytes;
	}
}

const type = { i32: 0x7f, v128: 0x7b, func: 0x60 } as const;
const section = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;

/** Instructions of one function; opcodes of chapter 5.4. Locals are numbered from the parameters on. */
export class FunctionBuilder {
	readonly code: Code = [];
	readonly #parameters: number;
	readonly #locals: number[] = [];

	/** @param parameters number of i32 parameters */
	constructor(parameters: number) {
		this.#parameters = parameters;
	}

	get parameters(): number {
		return this.#parameters;
	}

	local(kind: 'i32' | 'v128'): number {
		this.#locals.push(type[kind]);
		return this.#parameters + this.#locals.length - 1;
	}

	get = (local: number): void => this.#op(0x20, unsigned(local));
	set = (local: number): void => this.#op(0x21, unsigned(local));
	tee = (local: number): void => this.#op(0x22, unsigned(local));
	i32Const = (value: number): void => this.#op(0x41, signed(value));
	i32Add = (): void => this.#op(0x6a);
	i32Sub = (): void => this.#op(0x6b);
	/** i32.load at the address on the stack plus `offset`. */
	i32Load = (offset: number): void => this.#op(0x28, [2, ...unsigned(offset)]);

	vLoad = (offset: number): void => this.#simd(0, [0, ...unsigned(offset)]);
	vStore = (offset: number): void => this.#simd(11, [0, ...unsigned(offset)]);
	/** A vector of four equal 32-bit numbers. */
	vConst = (word: number): void => {
		const bytes = [word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24];
		this.#simd(12, [...bytes, ...bytes, ...bytes, ...bytes]);
	};
	/** Picks four 32-bit words out of the eight of the two vectors on the stack. */
	vShuffle = (...words: number[]): void =>
		this.#simd(
			13,
			words.flatMap((w) => [4 * w, 4 * w + 1, 4 * w + 2, 4 * w + 3]),
		);
	vAnd = (): void => this.#simd(78);
	/** a AND NOT b, b being on top. */
	vAndNot = (): void => this.#simd(79);
	vOr = (): void => this.#simd(80);
	vXor = (): void => this.#simd(81);
	/** (a AND mask) OR (b AND NOT mask), the mask being on top. */
	vSelect = (): void => this.#simd(82);
	vShiftLeft = (): void => this.#simd(171);
	vShiftRight = (): void => this.#simd(173);
	vAdd = (): void => this.#simd(174);
	vSub = (): void => this.#simd(177);

	/** Repeats what `body` emits for as long as it leaves a number other than 0 on the stack. */
	repeatWhile(body: () => void): void {
		this.#op(0x03, [0x40]);
		body();
		this.#op(0x0d, [0]);
		this.#op(0x0b);
	}

	/** The function as an entry of the code section. */
	body(): Code {
		const locals = vector(this.#locals.map((kind) => [1, kind]));
		const bytes = [...locals, ...this.code, 0x0b];
		return [...unsigned(bytes.length), ...bytes];
	}

	#op(opcode: number, immediate: Code = []): void {
		this.code.push(opcode, ...immediate);
	}

	#simd(opcode: number, immediate: Code = []): void {
		this.code.push(0xfd, ...unsigned(opcode), ...immediate);
	}
}

/** A module that imports its memory as `env.memory` and exports the functions by name; all of them take i32s and return nothing. */
export function emitModule(functions: Readonly<Record<string, FunctionBuilder>>): Uint8Array<ArrayBuffer> {
	const list = Object.entries(functions);
	const types = list.map(([, f]) => [type.func, ...vector(Array.from({ length: f.parameters }, () => [type.i32])), 0]);
	const memory = [...name('env'), ...name('memory'), 2, 0, 1];
	return Uint8Array.from([
		...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
		...emitSection(section.type, vector(types)),
		...emitSection(section.import, vector([memory])),
		...emitSection(section.function, vector(list.map((_, i) => unsigned(i)))),
		...emitSection(section.export, vector(list.map(([text], i) => [...name(text), 0, ...unsigned(i)]))),
		...emitSection(section.code, vector(list.map(([, f]) => f.body()))),
	]);
}

function vector(items: readonly Code[]): Code {
	return [...unsigned(items.length), ...items.flat()];
}

function emitSection(id: number, content: Code): Code {
	return [id, ...unsigned(content.length), ...content];
}

function name(text: string): Code {
	return [...unsigned(text.length), ...Array.from(text, (c) => c.charCodeAt(0))];
}
