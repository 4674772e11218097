import koffi, { type TypeObject } from 'koffi';
import { coInitialize, coInitializeSecurity } from './ole32.ts';
import { systemLibrary } from './system-library.ts';

/** The value of a call that failed, beside what was called. `value` is unsigned, as Microsoft writes it. */
export class HResultError extends Error {
	override readonly name = 'HResultError';
	readonly call: string;
	readonly value: number;

	constructor(call: string, value: number) {
		super(`${call} failed with ${hexadecimal(value)}`);
		this.call = call;
		this.value = value >>> 0;
	}
}

function hexadecimal(value: number): string {
	return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}

/** Passes the value on. @throws HResultError when it says failure */
export function succeeded(call: string, value: number): number {
	if (value < 0) throw new HResultError(call, value);
	return value;
}

/** A GUID that is passed by value; what it says is only looked at as 16 bytes (`guidToBytes`). */
const guid = koffi.struct('COM_GUID', { low: 'uint64', high: 'uint64' });

/** Types of arguments, in the words of koffi; out-parameters are `void *` and take a Buffer of the right size. */
export type ArgumentType = 'void *' | 'int32' | 'uint32' | 'bool' | 'str16' | 'GUID';

/** What is passed: a GUID as its 16 bytes. */
export type Argument = Uint8Array | number | boolean | string | bigint | null;

type Call = ((self: bigint, ...args: unknown[]) => number) & {
	async(self: bigint, ...args: [...unknown[], (error: Error | null, value: number) => void]): void;
};

/** A method of an interface: its place in the table of methods, and what it takes beside the object. Returns HRESULT. */
export interface Method {
	readonly name: string;
	readonly slot: number;
	readonly types: readonly ArgumentType[];
	readonly prototype: TypeObject;
}

export function method(name: string, slot: number, ...types: ArgumentType[]): Method {
	const prototype = koffi.proto('__stdcall', 'int32', [
		'void *',
		...types.map((type) => (type === 'GUID' ? guid : type)),
	]);
	return { name, slot, types, prototype };
}

const releaseMethod = method('Release', 2);
/** Functions by address: the tables of all objects of one class are one. */
const functions = new Map<string, Call>();

/** A COM object. Whoever has made it releases it, once. */
export class ComObject {
	#pointer: bigint;

	constructor(pointer: bigint) {
		this.#pointer = pointer;
	}

	release(): void {
		if (this.#pointer === 0n) return;
		const call = this.#function(releaseMethod);
		const pointer = this.#pointer;
		this.#pointer = 0n;
		call(pointer);
	}

	/** @throws HResultError */
	protected call(what: Method, ...args: Argument[]): number {
		return succeeded(what.name, this.#function(what)(this.#pointer, ...marshalled(what, args)));
	}

	/** On a thread of koffi's, so that this one goes on; such a thread is in the multithreaded apartment as this one is. */
	protected callAside(what: Method, ...args: Argument[]): Promise<number> {
		return new Promise((done, fail) => {
			this.#function(what).async(this.#pointer, ...marshalled(what, args), (error, value) => {
				if (error !== null) return fail(error);
				if (value < 0) return fail(new HResultError(what.name, value));
				done(value);
			});
		});
	}

	#function(what: Method): Call {
		if (this.#pointer === 0n) throw new Error(`${what.name} on a released object`);
		const table = koffi.decode(this.#pointer, 'void *') as bigint;
		const address = koffi.decode(table, what.slot * 8, 'void *') as bigint;
		const key = `${address} ${what.types.join()}`;
		let found = functions.get(key);
		if (found === undefined) functions.set(key, (found = koffi.decode(address, what.prototype) as Call));
		return found;
	}
}

function marshalled(what: Method, args: readonly Argument[]): unknown[] {
	return args.map((value, i) => {
		if (what.types[i] !== 'GUID') return value;
		const view = new DataView((value as Uint8Array).buffer, (value as Uint8Array).byteOffset, 16);
		return { low: view.getBigUint64(0, true), high: view.getBigUint64(8, true) };
	});
}

/** Memory for a pointer that a call gives back. */
export class PointerOut {
	readonly memory = Buffer.alloc(8);

	get value(): bigint {
		return this.memory.readBigUInt64LE(0);
	}
}

/** A zero-terminated UTF-16 text in foreign memory; empty for a null pointer. */
export function wideText(pointer: bigint): string {
	return pointer === 0n ? '' : (koffi.decode(pointer, 'char16', -1) as string);
}

const sysFreeString = systemLibrary('oleaut32.dll').func('__stdcall', 'SysFreeString', 'void', ['void *']) as (
	text: bigint,
) => void;

/** Takes a text that a call has made for its caller (BSTR), and frees it. */
export function takeText(pointer: bigint): string {
	const text = wideText(pointer);
	sysFreeString(pointer);
	return text;
}

const COINIT_MULTITHREADED = 0;
const RPC_C_AUTHN_LEVEL_PKT_PRIVACY = 6;
const RPC_C_IMP_LEVEL_IDENTIFY = 2;
const EOAC_NONE = 0;
const RPC_E_TOO_LATE = 0x80010119;

let initialised = false;

/**
 * Puts this thread into the multithreaded apartment and sets who may call back, once a process, as requesters of VSS
 * must (Microsoft, "Security Considerations for Requesters": no security descriptor, so that every writer may answer;
 * VSS secures its own callbacks). The apartment is kept until the process ends: shadow copies end with it.
 * @throws HResultError
 */
export function initialiseCom(): void {
	if (initialised) return;
	succeeded('CoInitializeEx', coInitialize(null, COINIT_MULTITHREADED));
	const levels = [RPC_C_AUTHN_LEVEL_PKT_PRIVACY, RPC_C_IMP_LEVEL_IDENTIFY] as const;
	const value = coInitializeSecurity(null, -1, null, null, ...levels, null, EOAC_NONE, null);
	// Something else in this process was quicker; its settings stand.
	if (value >>> 0 !== RPC_E_TOO_LATE) succeeded('CoInitializeSecurity', value);
	initialised = true;
}
