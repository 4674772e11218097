import { AfterimageError } from '../../base/errors.ts';

/** Runs that are kept of one chain, 64 MiB of memory: the pieces of the largest file of FAT32 when no two clusters touch. */
const mostRuns = 2 ** 23;

/** The clusters of a file or folder in their order, as runs of neighbours. Cluster numbers count from 2, as in the FAT. */
export class ClusterRuns {
	/** Clusters in all. */
	clusters = 0;
	/** Number of runs. */
	count = 0;
	#starts = new Uint32Array(4);
	/** How many clusters of the chain come before each run. */
	#before = new Uint32Array(4);

	/** One run of neighbours. */
	static contiguous(start: number, clusters: number): ClusterRuns {
		const runs = new ClusterRuns();
		runs.#starts[0] = start;
		runs.count = 1;
		runs.clusters = clusters;
		return runs;
	}

	/** @throws AfterimageError `not-supported` for more pieces than are kept */
	add(cluster: number): void {
		const last = this.count - 1;
		if (last === -1 || this.start(last) + this.length(last) !== cluster) {
			if (this.count === this.#starts.length) this.#grow();
			this.#starts[this.count] = cluster;
			this.#before[this.count] = this.clusters;
			this.count++;
		}
		this.clusters++;
	}

	/** First cluster of a run. */
	start(run: number): number {
		return this.#starts[run]!;
	}

	/** Clusters of a run. */
	length(run: number): number {
		return (run + 1 < this.count ? this.#before[run + 1]! : this.clusters) - this.#before[run]!;
	}

	/** Clusters of the chain that come before a run. */
	before(run: number): number {
		return this.#before[run]!;
	}

	/** The run that holds cluster `index` of the chain, which is below `clusters`. */
	find(index: number): number {
		let low = 0;
		let high = this.count - 1;
		while (low < high) {
			const middle = (low + high + 1) >>> 1;
			if (this.#before[middle]! <= index) low = middle;
			else high = middle - 1;
		}
		return low;
	}

	/** Whether a cluster stands in it twice: the chain runs in a circle. */
	repeats(): boolean {
		const sorted = new BigUint64Array(this.count);
		for (let run = 0; run < this.count; run++)
			sorted[run] = (BigInt(this.start(run)) << 32n) | BigInt(this.length(run));
		sorted.sort();
		let end = 0;
		for (const run of sorted) {
			const start = Number(run >> 32n);
			if (start < end) return true;
			end = start + Number(run & 0xffff_ffffn);
		}
		return false;
	}

	#grow(): void {
		if (this.count === mostRuns) {
			throw new AfterimageError('not-supported', `A file in more than ${mostRuns} pieces is not read`, {
				advice: 'Restore the partition and copy the file from there.',
			});
		}
		const larger = (array: Uint32Array) => {
			const copy = new Uint32Array(array.length * 2);
			copy.set(array);
			return copy;
		};
		this.#starts = larger(this.#starts);
		this.#before = larger(this.#before);
	}
}
