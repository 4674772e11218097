import { isNodeName, utf16Text } from '../fat-family/utf16-name.ts';
import { shortNameChecksum } from './short-name.ts';
import type { FatLongNameEntry } from './structures.ts';

const unitsPerPiece = 13;
/** 255 characters take no more. */
const mostPieces = 20;
const lastPiece = 0x40;

/**
 * Puts long names together from the entries before a short one, in which they stand from their last piece to the first.
 * A system that knows no long names leaves their pieces behind where it deletes or renames: pieces whose order or
 * checksum is not right belong to nothing and are passed over, as Windows does.
 */
export class LongName {
	readonly #bytes = new Uint8Array(mostPieces * unitsPerPiece * 2);
	#pieces = 0;
	/** Number of the piece that has to come next; 0 when all are there. */
	#next = -1;
	#checksum = 0;

	add(entry: InstanceType<typeof FatLongNameEntry>): void {
		const number = entry.order & ~lastPiece;
		if ((entry.order & lastPiece) !== 0) {
			this.#pieces = number;
			this.#next = number;
			this.#checksum = entry.checksum;
		}
		if (number === 0 || number > mostPieces || number !== this.#next || entry.checksum !== this.#checksum) {
			this.drop();
			return;
		}
		this.#next--;
		const at = this.#next * unitsPerPiece * 2;
		this.#bytes.set(entry.first, at);
		this.#bytes.set(entry.second, at + 10);
		this.#bytes.set(entry.third, at + 22);
	}

	/** Forgets the pieces so far. */
	drop(): void {
		this.#next = -1;
	}

	/** The name of the short entry that follows, and forgets the pieces. @returns undefined when it has no long one */
	take(rawShortName: Uint8Array): string | undefined {
		const complete = this.#next === 0;
		this.drop();
		if (!complete || this.#checksum !== shortNameChecksum(rawShortName)) return undefined;
		let end = 0;
		const most = this.#pieces * unitsPerPiece * 2;
		while (end < most && (this.#bytes[end] !== 0 || this.#bytes[end + 1] !== 0)) end += 2;
		const name = utf16Text(this.#bytes.subarray(0, end));
		return isNodeName(name) ? name : undefined;
	}
}
