import type { ExtentSink } from '../../files.ts';
import type { NonResidentAttribute } from '../records/attribute.ts';
import type { Geometry } from '../boot-sector.ts';
import type { NtfsFile } from '../records/mft.ts';
import { appendRuns, hole, RunList } from '../records/run-list.ts';
import { streamsOf } from '../system-clusters.ts';
import { streamFlags } from './data-stream.ts';

/**
 * Where all streams of a file or folder lie that are not in its records: named ones, indexes and attribute lists too.
 * @throws AfterimageError `structure-damaged`
 */
export function collectStreams(file: NtfsFile, geometry: Geometry, sink: ExtentSink): void {
	const { clusterSize, totalClusters } = geometry;
	for (const extents of streamsOf(file)) {
		const runs = new RunList();
		for (const extent of extents) appendRuns(runs, extent, totalClusters);
		const end = usedBytes(extents[0]!, runs.end * clusterSize);
		for (let i = 0; i < runs.count; i++) {
			const start = runs.starts[i]! * clusterSize;
			if (start >= end) break;
			const place = runs.lcns[i]! * clusterSize;
			const length = Math.min(runs.lengths[i]! * clusterSize, end - start);
			if (runs.lcns[i] !== hole) sink.add(place, place + length);
		}
	}
}

/** Bytes of a stream that mean something; what is compressed or encrypted ends somewhere in its last clusters. */
function usedBytes({ flags, initializedSize }: NonResidentAttribute, allocated: number): number {
	const plain = (flags & (streamFlags.compression | streamFlags.encrypted)) === 0;
	return plain ? initializedSize : allocated;
}
