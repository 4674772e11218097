import { damaged } from '../../base/errors.ts';
import { hole, type RunList } from './records/run-list.ts';

/** Clusters as sorted, disjoint ranges; `ends` are exclusive. */
export interface ClusterRanges {
	readonly starts: Float64Array;
	readonly ends: Float64Array;
}

/** Collects ranges, then sorts and checks them. */
export class ClusterRangeBuilder {
	readonly #starts: number[] = [];
	readonly #ends: number[] = [];

	add(start: number, end: number): void {
		this.#starts.push(start);
		this.#ends.push(end);
	}

	/** The clusters of a stream from VCN `from` on; holes have none. */
	addRuns(runs: RunList, from = 0): void {
		for (let i = 0; i < runs.count; i++) {
			const skip = Math.min(runs.lengths[i]!, Math.max(0, from - runs.starts[i]!));
			const lcn = runs.lcns[i]!;
			if (lcn !== hole && skip < runs.lengths[i]!) this.add(lcn + skip, lcn + runs.lengths[i]!);
		}
	}

	/**
	 * @param clusterSize bytes, for the position in the message
	 * @throws AfterimageError `structure-damaged` when a cluster is in two ranges
	 */
	build(what: string, clusterSize: number): ClusterRanges {
		// Sorting starts and ends apart keeps the pairs of disjoint ranges, and shows an overlap of any others.
		const starts = Float64Array.from(this.#starts).sort();
		const ends = Float64Array.from(this.#ends).sort();
		for (let i = 1; i < starts.length; i++) {
			if (ends[i - 1]! > starts[i]!)
				throw damaged(
					'structure-damaged',
					`${what}: clusters that belong to two runs`,
					starts[i]! * clusterSize,
					`a run from cluster ${ends[i - 1]} on`,
					starts[i]!,
				);
		}
		return { starts, ends };
	}
}
