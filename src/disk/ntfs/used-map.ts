import { damaged } from '../../base/errors.ts';
import type { UsedSink } from '../filesystem.ts';
import type { ClusterRanges } from './cluster-ranges.ts';

/**
 * Turns the bitmap's runs of used clusters, given in order, into byte ranges for a map of used blocks.
 */
export interface UsedMap {
	/** @throws AfterimageError `structure-damaged` when a cluster that must be in use is not */
	run(first: number, end: number): void;
	/** After the last run. @throws AfterimageError `structure-damaged` as `run` does */
	finish(): void;
}

/**
 * @param required clusters that belong to files known to the caller: the bitmap must have all of them in use
 * @param excluded those of them to leave out of the map
 * @param clusterSize bytes
 */
export function usedMap(
	required: ClusterRanges,
	excluded: ClusterRanges,
	clusterSize: number,
	sink: UsedSink,
): UsedMap {
	let nextRequired = 0;
	let nextExcluded = 0;
	const missing = (found: string) => {
		const start = required.starts[nextRequired]!;
		const clusters = `clusters ${start} to ${required.ends[nextRequired]! - 1} in use`;
		return damaged('structure-damaged', '$Bitmap against the files it serves', start * clusterSize, clusters, found);
	};
	return {
		run(first, end) {
			for (; nextRequired < required.starts.length && required.starts[nextRequired]! < end; nextRequired++) {
				if (required.starts[nextRequired]! < first || required.ends[nextRequired]! > end) throw missing('free ones');
			}
			let from = first;
			for (; nextExcluded < excluded.starts.length && excluded.starts[nextExcluded]! < end; nextExcluded++) {
				const hidden = excluded.starts[nextExcluded]!;
				if (hidden > from) sink.add(from * clusterSize, hidden * clusterSize);
				from = excluded.ends[nextExcluded]!;
			}
			if (end > from) sink.add(from * clusterSize, end * clusterSize);
		},
		finish() {
			if (nextRequired < required.starts.length) throw missing('free ones');
		},
	};
}
