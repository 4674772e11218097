import type { UsedSink } from '../filesystem.ts';
import type { Geometry } from './geometry.ts';

/** Joins runs of blocks that touch, widens them to whole clusters, and hands them on as byte ranges. */
export class BlockRuns {
	readonly #sink: UsedSink;
	readonly #geometry: Geometry;
	#start = 0;
	#end = 0;

	constructor(sink: UsedSink, geometry: Geometry) {
		this.#sink = sink;
		this.#geometry = geometry;
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
		const { blockSize, blocks, clusterRatio } = this.#geometry;
		if (this.#end > this.#start) {
			// Clusters of several blocks begin at block 0 of the partition, and the last one may be cut short.
			const start = Math.floor(this.#start / clusterRatio) * clusterRatio;
			const end = Math.min(blocks, Math.ceil(this.#end / clusterRatio) * clusterRatio);
			this.#sink.add(start * blockSize, end * blockSize);
		}
		this.#start = this.#end;
	}
}
