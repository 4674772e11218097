import { AfterimageError } from './errors.ts';

/**
 * On-disk structures, declared once: offsets in hexadecimal as the specification has them, turned when the module
 * loads into a class whose getters and setters work on a DataView. Numbers are little-endian unless the field says so.
 */
export interface Field<T> {
	readonly offset: number;
	readonly length: number;
	get(view: DataView, at: number): T;
	set(view: DataView, at: number, value: T): void;
}

function field<T>(
	offset: number,
	length: number,
	get: (view: DataView, at: number) => T,
	set: (view: DataView, at: number, value: T) => void,
): Field<T> {
	return {
		offset,
		length,
		get: (view, at) => get(view, at + offset),
		set: (view, at, value) => set(view, at + offset, value),
	};
}

export const u8 = (offset: number) =>
	field<number>(
		offset,
		1,
		(v, a) => v.getUint8(a),
		(v, a, x) => v.setUint8(a, x),
	);
export const u16 = (offset: number) =>
	field<number>(
		offset,
		2,
		(v, a) => v.getUint16(a, true),
		(v, a, x) => v.setUint16(a, x, true),
	);
export const u32 = (offset: number) =>
	field<number>(
		offset,
		4,
		(v, a) => v.getUint32(a, true),
		(v, a, x) => v.setUint32(a, x, true),
	);
export const i8 = (offset: number) =>
	field<number>(
		offset,
		1,
		(v, a) => v.getInt8(a),
		(v, a, x) => v.setInt8(a, x),
	);
export const u16be = (offset: number) =>
	field<number>(
		offset,
		2,
		(v, a) => v.getUint16(a, false),
		(v, a, x) => v.setUint16(a, x, false),
	);
export const u32be = (offset: number) =>
	field<number>(
		offset,
		4,
		(v, a) => v.getUint32(a, false),
		(v, a, x) => v.setUint32(a, x, false),
	);

/** A 64-bit value as a number; reading one above 2^53 - 1 throws, since no offset or size of ours can be that large. */
export const u64 = (offset: number) => wide(offset, true);
export const u64be = (offset: number) => wide(offset, false);

function wide(offset: number, little: boolean): Field<number> {
	return field<number>(
		offset,
		8,
		(v, a) => {
			const low = v.getUint32(little ? a : a + 4, little);
			const high = v.getUint32(little ? a + 4 : a, little);
			if (high > 0x1fffff) {
				const found = `0x${high.toString(16)}${low.toString(16).padStart(8, '0')}`;
				throw new AfterimageError(
					'structure-damaged',
					`64-bit field at byte ${a}: expected less than 2^53, found ${found}`,
					{
						details: { offset: a, found },
					},
				);
			}
			return high * 0x1_0000_0000 + low;
		},
		(v, a, x) => {
			v.setUint32(little ? a : a + 4, x % 0x1_0000_0000, little);
			v.setUint32(little ? a + 4 : a, Math.floor(x / 0x1_0000_0000), little);
		},
	);
}

/** A 64-bit value whose every bit matters: identifiers, sequence numbers, serials. */
export const u64big = (offset: number) =>
	field<bigint>(
		offset,
		8,
		(v, a) => v.getBigUint64(a, true),
		(v, a, x) => v.setBigUint64(a, x, true),
	);
export const u64bigbe = (offset: number) =>
	field<bigint>(
		offset,
		8,
		(v, a) => v.getBigUint64(a, false),
		(v, a, x) => v.setBigUint64(a, x, false),
	);

/** Raw bytes: a view of the structure's own memory, not a copy. */
export const bytes = (offset: number, length: number) =>
	field<Uint8Array>(
		offset,
		length,
		(v, a) => new Uint8Array(v.buffer, v.byteOffset + a, length),
		(v, a, x) => new Uint8Array(v.buffer, v.byteOffset + a, length).set(x.subarray(0, length)),
	);

/** Text of one byte per character (ISO 8859-1), with trailing NULs and spaces removed. */
export const ascii = (offset: number, length: number, pad = 0) =>
	field<string>(
		offset,
		length,
		(v, a) => {
			let end = length;
			while (end > 0 && (v.getUint8(a + end - 1) === 0 || v.getUint8(a + end - 1) === 0x20)) end--;
			let text = '';
			for (let i = 0; i < end; i++) text += String.fromCharCode(v.getUint8(a + i));
			return text;
		},
		(v, a, x) => {
			for (let i = 0; i < length; i++) v.setUint8(a + i, i < x.length ? x.charCodeAt(i) : pad);
		},
	);

type Values<F extends Record<string, Field<unknown>>> = { [K in keyof F]: F[K] extends Field<infer T> ? T : never };

export interface StructClass<F extends Record<string, Field<unknown>>> {
	/**
	 * A view of the structure at `at` in `bytes`; nothing is copied.
	 * @throws AfterimageError `structure-damaged` when fewer than `size` bytes are there
	 */
	new (bytes: Uint8Array, at?: number): Values<F> & { readonly bytes: Uint8Array };
	readonly structName: string;
	/** Bytes the structure takes. */
	readonly size: number;
	/** Offset of each field, for hot loops that read a DataView themselves. */
	readonly offset: { readonly [K in keyof F]: number };
}

/**
 * Declares a structure. Checks at load that offsets ascend, do not overlap and fit `size`.
 * Reserved ranges are declared like any other field, or left out.
 */
export function struct<F extends Record<string, Field<unknown>>>(
	name: string,
	size: number,
	fields: F,
): StructClass<F> {
	const offset: Record<string, number> = {};
	let end = 0;
	class Struct {
		readonly view: DataView;
		readonly bytes: Uint8Array;
		static readonly structName = name;
		static readonly size = size;
		static readonly offset = offset;

		constructor(source: Uint8Array, at = 0) {
			if (at < 0 || at + size > source.length) {
				throw new AfterimageError(
					'structure-damaged',
					`${name} at byte ${at}: expected ${size} bytes, found ${Math.max(0, source.length - at)}`,
					{
						details: { structure: name, offset: at, expected: size, found: source.length - at },
					},
				);
			}
			this.bytes = source.subarray(at, at + size);
			this.view = new DataView(source.buffer, source.byteOffset + at, size);
		}
	}
	for (const [key, declared] of Object.entries(fields)) {
		if (declared.offset < end)
			throw new Error(`${name}.${key}: offset ${declared.offset} overlaps what ends at ${end}`);
		end = declared.offset + declared.length;
		if (end > size) throw new Error(`${name}.${key}: ends at ${end}, beyond the structure's ${size} bytes`);
		offset[key] = declared.offset;
		Object.defineProperty(Struct.prototype, key, {
			get(this: Struct) {
				return declared.get(this.view, 0);
			},
			set(this: Struct, value: unknown) {
				declared.set(this.view, 0, value);
			},
		});
	}
	return Struct as unknown as StructClass<F>;
}
