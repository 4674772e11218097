import { foldCase } from '../browse/find-node.ts';
import type { TargetFolder } from './target-folder.ts';

/** A folder while things are written into it beside each other; it ends when all of them are done. */
export class BusyFolder {
	readonly target: TargetFolder;
	/** Settles when {@link end} has. */
	readonly ended: Promise<void>;
	readonly #end: () => void;
	/** Whoever walks through it is one. */
	#holders = 1;
	readonly #names = new Set<string>();
	#waiting: (() => void)[] = [];

	/** @param end is called once, when nobody holds the folder any more */
	constructor(target: TargetFolder, end: () => Promise<void>) {
		this.target = target;
		let start!: () => void;
		this.ended = new Promise<void>((resolve) => (start = resolve)).then(end);
		this.#end = start;
	}

	/** For as long as something is written into it. */
	hold(): void {
		this.#holders++;
	}

	release(): void {
		this.#holders--;
		if (this.#holders <= 1) for (const wake of this.#waiting.splice(0)) wake();
		if (this.#holders === 0) this.#end();
	}

	/**
	 * Holds the folder for a file. One whose name might be the same to some file system waits until the other is there: it must be
	 * seen not to be replaced.
	 * @returns what ends it
	 */
	async claim(name: string): Promise<() => void> {
		const key = foldCase(name.normalize('NFKC'));
		if (this.#names.has(key)) await this.quiet();
		this.#names.add(key);
		this.hold();
		return () => {
			this.#names.delete(key);
			this.release();
		};
	}

	/** Waits until whoever walks through the folder is the only one who holds it; for him. */
	async quiet(): Promise<void> {
		if (this.#holders > 1) await new Promise<void>((wake) => this.#waiting.push(wake));
	}
}
