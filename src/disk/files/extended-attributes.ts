import { AfterimageError, damaged } from '../../base/errors.ts';

/** A name and bytes that a file has beside its contents, as Linux shows them. */
export interface ExtendedAttribute {
	/** With its namespace: `user.comment`. Each character is a byte, since no encoding is sure. */
	readonly name: string;
	readonly value: Uint8Array;
}

/** `XATTR_SIZE_MAX` and `XATTR_NAME_MAX` of Linux: longest value, and longest name with its namespace, in bytes. */
export const longestValue = 65_536;
const longestName = 255;

/** Bytes of names and values of one file that are kept in memory; in practice a file has some hundreds. */
const mostBytes = 16 * 2 ** 20;

/** The attributes of one file while they are read. */
export class AttributeList {
	readonly found: ExtendedAttribute[] = [];
	readonly #what: string;
	#bytes = 0;

	/** @param what whose they are, for messages: `ext4 inode 12` */
	constructor(what: string) {
		this.#what = what;
	}

	/**
	 * @param name without its namespace
	 * @param value copied, since it may lie in a block of which nothing else is needed
	 * @param at byte of the partition where it lies, for messages
	 * @throws AfterimageError `structure-damaged` for a name or value that Linux would not take, `not-supported` for too many
	 */
	add(namespace: string, name: Uint8Array, value: Uint8Array, at: number): void {
		const whole = `${namespace}${Buffer.from(name).toString('latin1')}`;
		const fail = (field: string, expected: string, found: string | number) =>
			damaged('structure-damaged', `${field} of an attribute of ${this.#what}`, at, expected, found);
		if (whole.length > longestName || whole.includes('\0')) {
			throw fail('Name', `at most ${longestName} bytes without a NUL`, JSON.stringify(whole));
		}
		if (value.length > longestValue) throw fail('Value', `at most ${longestValue} bytes`, value.length);
		this.#bytes += whole.length + value.length;
		if (this.#bytes > mostBytes) {
			throw new AfterimageError('not-supported', `The attributes of ${this.#what} have more than ${mostBytes} bytes`);
		}
		this.found.push({ name: whole, value: value.slice() });
	}
}
