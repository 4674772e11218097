import { type ByteSource, checkRange } from '../../../base/bytes.ts';
import { RecentMap } from '../../../base/recent-map.ts';

const pageBytes = 64 * 1024;
/** 4 MiB. */
const maxPages = 64;
/** Longer reads are no single structures: they gain nothing from a page. */
const maxSmallRead = 4096;

/** A source of structures that are read one by one and lie close together: small reads read a page, and pages are kept. */
export class PageCache implements ByteSource {
	readonly #source: ByteSource;
	/** By number. */
	readonly #pages = new RecentMap<number, Uint8Array>(maxPages);

	constructor(source: ByteSource) {
		this.#source = source;
	}

	get size(): number {
		return this.#source.size;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read', offset, target.length, this.size);
		const number = Math.floor(offset / pageBytes);
		const start = offset - number * pageBytes;
		if (target.length > maxSmallRead || start + target.length > pageBytes) return this.#source.read(offset, target);
		const page = this.#pages.get(number) ?? (await this.#load(number));
		if (page === undefined) return this.#source.read(offset, target);
		target.set(page.subarray(start, start + target.length));
	}

	/** Undefined when it cannot be read whole: what is asked for may be sound all the same. */
	async #load(number: number): Promise<Uint8Array | undefined> {
		const start = number * pageBytes;
		const page = new Uint8Array(Math.min(pageBytes, this.size - start));
		try {
			await this.#source.read(start, page);
			this.#pages.set(number, page);
			return page;
		} catch {
			return undefined;
		}
	}
}
