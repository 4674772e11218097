import type { UsedSink } from '../filesystem.ts';

/** Joins runs of blocks that touch, and hands them on as byte ranges. */
export class BlockRuns {
	readonly #sink: UsedSink;
	readonly #blockSize: number;
	/** Blocks of the file system: the last cluster of bigalloc may reach beyond. */
	readonly #blocks: number;
	#start = 0;
	#end = 0;

	constructor(sink: UsedSink, blockSize: number, blocks: number) {
		this.#sink = sink;
		this.#blockSize = blockSize;
		this.#blocks = blocks;
	}

	/** `end` is exclusive. */
	add(start: number, end: number): void {
		if (start === this.#end) {
			this.#end = end;
			return;
		}
		this.flush();
		this.#start = start;
		this.#end = end;
	}

	/** Hands on what was added last; call it at the end. */
	flush(): void {
		const end = Math.min(this.#end, this.#blocks);
		if (end > this.#start) this.#sink.add(this.#start * this.#blockSize, end * this.#blockSize);
		this.#start = this.#end;
	}
}
