import { asDamage } from '../as-damage.ts';
import { damagedName } from '../fat-family/utf16-name.ts';
import { nameOfDamagedSet, parseEntrySet, type ExfatEntry } from './entry-set.ts';
import { directoryEntrySize, entryType } from './structures.ts';

/** A set of entries that is damaged, with what is left of its name. */
export interface DamagedEntry {
	readonly name: string;
	readonly reason: string;
}

/** A file entry and at most 255 that follow it. */
const longestSet = 256 * directoryEntrySize;
const inUse = 0x80;
const secondary = 0x40;

/**
 * Takes a folder's entries one after another. Deleted ones and those that are no file's (bitmap, up-case table, label,
 * what vendors add) are left out.
 */
export class ExfatListing {
	readonly entries: ExfatEntry[] = [];
	readonly damaged: DamagedEntry[] = [];
	readonly #set = new Uint8Array(longestSet);
	/** Bytes of the set so far; 0 outside of sets. */
	#length = 0;
	/** Bytes that the set has to have. */
	#wanted = 0;
	/** Byte of the volume where the set begins. */
	#at = 0;

	/**
	 * @param bytes whole entries
	 * @param at byte of the volume where they lie
	 * @returns whether the end mark was among them, behind which there is nothing
	 */
	add(bytes: Uint8Array, at: number): boolean {
		for (let from = 0; from < bytes.length; from += directoryEntrySize) {
			const type = bytes[from]!;
			if (this.#length !== 0 && (type & (inUse | secondary)) !== (inUse | secondary)) this.end();
			if (type === 0) return true;
			if (this.#length === 0) {
				if (type !== entryType.file) continue;
				this.#at = at + from;
				this.#wanted = (1 + bytes[from + 1]!) * directoryEntrySize;
			}
			this.#set.set(bytes.subarray(from, from + directoryEntrySize), this.#length);
			this.#length += directoryEntrySize;
			if (this.#length === this.#wanted) this.#take();
		}
		return false;
	}

	/** The folder ends here: a set that is not complete is damaged. */
	end(): void {
		if (this.#length === 0) return;
		const [wanted, found] = [this.#wanted / directoryEntrySize, this.#length / directoryEntrySize];
		this.#damage(`exFAT directory entries at byte ${this.#at}: expected ${wanted} in the set, found ${found}`);
	}

	#take(): void {
		try {
			this.entries.push(parseEntrySet(this.#set.slice(0, this.#length), this.#at));
			this.#length = 0;
		} catch (error) {
			this.#damage(asDamage(error).message);
		}
	}

	#damage(reason: string): void {
		this.damaged.push({ name: damagedName(nameOfDamagedSet(this.#set.subarray(0, this.#length))), reason });
		this.#length = 0;
	}
}
