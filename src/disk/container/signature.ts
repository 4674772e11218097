import { uuidFromBytes } from '../../base/guid.ts';

/** What a volume holds that is not one of the file systems whose maps are read: it is stored whole. */
export interface Container {
	/** As its makers write it: `LUKS2`, `LVM2 physical volume`, `BitLocker`. */
	readonly type: string;
	readonly label: string;
	readonly uuid: string;
	/** UUID of this device, where the contents may lie on several that share `uuid`; empty where it is not known. */
	readonly deviceUuid?: string;
	/**
	 * It has only some bytes of what it is a part of: a table or file system that shows at its beginning lies elsewhere in
	 * truth. Absent where that cannot be.
	 */
	readonly isPart?: boolean;
}

export interface Signature {
	/** Bytes from the volume's start. */
	readonly at: number;
	/** Bytes to read there. The signature is not looked for on a smaller volume. */
	readonly length: number;
	/** @param piece the bytes at `at` */
	match(piece: Uint8Array): Container | undefined;
}

/** The bytes as text of one byte per character. */
export function latin(piece: Uint8Array, at: number, length: number): string {
	return String.fromCharCode(...piece.subarray(at, at + length));
}

/** Text up to the first NUL, without spaces around it. */
export function text(piece: Uint8Array, at: number, length: number): string {
	const end = piece.indexOf(0, at);
	return new TextDecoder().decode(piece.subarray(at, end === -1 ? at + length : Math.min(end, at + length))).trim();
}

/** The piece for reading numbers; offsets count from its start. */
export function view(piece: Uint8Array): DataView {
	return new DataView(piece.buffer, piece.byteOffset, piece.length);
}

/** A signature of plain bytes at a fixed place, with the UUID and label at fixed places of the same piece. */
export function magic(
	type: string,
	at: number,
	bytes: string | readonly number[],
	more: { readonly uuid?: number; readonly label?: readonly [at: number, length: number] } = {},
): Signature {
	const expected = typeof bytes === 'string' ? Array.from(bytes, (c) => c.charCodeAt(0)) : bytes;
	const ends = [expected.length, (more.uuid ?? -16) + 16, more.label === undefined ? 0 : more.label[0] + more.label[1]];
	return {
		at,
		length: Math.max(...ends),
		match(piece) {
			if (!expected.every((byte, i) => piece[i] === byte)) return undefined;
			return {
				type,
				label: more.label === undefined ? '' : text(piece, ...more.label),
				uuid: more.uuid === undefined ? '' : uuidFromBytes(piece, more.uuid),
			};
		},
	};
}
