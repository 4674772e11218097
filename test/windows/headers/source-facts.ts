import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * What the sources say of Windows' programming interface, as their text has it: a module that binds a library cannot be
 * loaded elsewhere than on Windows.
 */
export interface Constant {
	readonly name: string;
	readonly value: bigint;
}

export interface Structure {
	readonly name: string;
	/** Bytes that the sources need of it: up to its end, or to the array that it ends with. */
	readonly size: number;
	readonly fields: readonly { readonly name: string; readonly offset: number; readonly length: number }[];
}

/** A function of a library, or a method of an interface. */
export interface Callable {
	readonly name: string;
	/** Place in the table of methods. */
	readonly slot?: number;
	/** Types as koffi has them; the object of a method is not among the arguments. */
	readonly result: string;
	readonly arguments: readonly string[];
}

const root = resolve(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
/** All of the bindings as one text. */
const bindings = readdirSync(join(root, 'native/win32'), { recursive: true, encoding: 'utf8' })
	.filter((name) => name.endsWith('.ts'))
	.map((name) => read(join('native/win32', name)))
	.join('\n');
const descriptors = read('src/base/security-descriptor.ts');

/** Constants that are called as in the headers. */
export function constants(): Constant[] {
	const pattern = /\bconst ([A-Z][A-Z0-9]*_\w+|(?:Token|Property|Device)\w+) = (-?)(0x[0-9a-f]+|\d+);/g;
	return [...`${bindings}\n${descriptors}`.matchAll(pattern)].map(([, name, sign, digits]) => ({
		name: name!,
		value: sign === '-' ? -BigInt(digits!) : BigInt(digits!),
	}));
}

/** Members of an object `const NAME = { member: 0x1, … }` of a file, by their names. */
export function membersOf(path: string, object: string): Map<string, bigint> {
	const body = new RegExp(`const ${object} = \\{([^}]*)\\}`).exec(read(path))?.[1] ?? '';
	return new Map([...body.matchAll(/(\w+): (0x[0-9a-f]+|\d+)/g)].map(([, name, value]) => [name!, BigInt(value!)]));
}

/** Every HRESULT that a file knows. */
export function hresultsOf(path: string): Set<bigint> {
	return new Set([...read(path).matchAll(/0x8[0-9a-f]{7}(?![0-9a-f_])/g)].map(([digits]) => BigInt(digits)));
}

const fieldBytes: Record<string, number> = { u8: 1, u16: 2, u16be: 2, u32: 4, u32be: 4, u64: 8, u64big: 8 };

/** Structures that are declared with `struct`. */
export function structures(): Structure[] {
	const pattern = /\bstruct\('(\w+)', (0x[0-9a-f]+), \{([^}]*)\}/g;
	return [...`${bindings}\n${descriptors}`.matchAll(pattern)].map(([, name, size, body]) => ({
		name: name!,
		size: Number(size),
		fields: [...body!.matchAll(/(\w+): (\w+)\((0x[0-9a-f]+|\d+)(?:, (\d+))?\)/g)].map(
			([, field, kind, offset, length]) => ({
				name: field!,
				offset: Number(offset),
				length: kind === 'bytes' ? Number(length) : fieldBytes[kind!]!,
			}),
		),
	}));
}

/** Structures that koffi lays out, by the rules of the compilers: each member at a multiple of its size. */
export function koffiStructures(): Structure[] {
	return [...bindings.matchAll(/koffi\.struct\('([A-Z]\w+W)', \{([^}]*)\}/g)].map(([, name, body]) => {
		let end = 0;
		const fields = [...body!.matchAll(/(\w+): '(\w+)'/g)].map(([, field, type]) => {
			const length = bytesOf(type!);
			const offset = Math.ceil(end / length) * length;
			end = offset + length;
			return { name: field!, offset, length };
		});
		return { name: name!, size: Math.ceil(end / 8) * 8, fields };
	});
}

/** Bytes that a value of koffi's type takes in an argument or member. */
export function bytesOf(type: string): number {
	if (type === 'void') return 0;
	if (type === 'GUID') return 16;
	if (type === 'bool') return 1;
	return /^u?int(32(_t)?)?$/.test(type) ? 4 : 8;
}

/** Functions of the system's libraries, in both ways in which koffi takes them. */
export function functions(): Callable[] {
	const prototypes = /'([\w *]+?) __stdcall (\w+)\(([^)]*)\)'/g;
	const lists = /\.func\(\s*'__stdcall',\s*'(\w+)',\s*'(\w+)',\s*\[([^\]]*)\]/g;
	return [
		...[...bindings.matchAll(prototypes)].map(([, result, name, list]) => ({
			name: name!,
			result: result!,
			arguments: split(list!).map((one) => /^(.*?)\w+$/.exec(one)![1]!.trim()),
		})),
		...[...bindings.matchAll(lists)].map(([, name, result, list]) => ({
			name: name!,
			result: result!,
			arguments: split(list!).map((one) => /^'(.*)'$/.exec(one)?.[1] ?? 'void *'),
		})),
	];
}

/** Methods of COM interfaces. Each returns an HRESULT. */
export function methods(): Callable[] {
	return [...bindings.matchAll(/\bmethod\('(\w+)', (\d+)((?:, '[\w *]+')*)\)/g)].map(([, name, slot, list]) => ({
		name: name!,
		slot: Number(slot),
		result: 'int32',
		arguments: [...list!.matchAll(/'([\w *]+)'/g)].map(([, type]) => type!),
	}));
}

/** How many declarations of each kind there are by their first words alone, so that none escapes the patterns above. */
export function declared(): Record<'constants' | 'structures' | 'functions' | 'methods', number> {
	const count = (pattern: RegExp) => [...`${bindings}\n${descriptors}`.matchAll(pattern)].length;
	return {
		constants: count(/^(?:export )?const [A-Z][A-Za-z0-9]*_|^const (?:Token|Property)/gm),
		// All but a GUID that is passed by value, of which only the 16 bytes count.
		structures: count(/\bstruct\(/g) - 1,
		// All but libuv's own, and those of vssapi.dll, which are no part of any import library.
		functions: count(/\.func\(/g) - 2,
		methods: count(/\bmethod\('/g),
	};
}

function split(list: string): string[] {
	return list
		.split(',')
		.map((one) => one.trim())
		.filter((one) => one !== '');
}
