import { throwIfAborted } from '../../base/abort.ts';
import type { NonResidentAttribute } from './records/attribute.ts';
import type { Geometry } from './boot-sector.ts';
import type { ClusterRangeBuilder } from './cluster-ranges.ts';
import { systemRecords, type Mft, type NtfsFile } from './records/mft.ts';
import { appendRuns, RunList } from './records/run-list.ts';

/**
 * Adds the clusters of the file system's own files, all of their streams: $MFT, $MFTMirr, $LogFile, $Bitmap, $Boot, the
 * bad clusters of $BadClus, the root directory and the others up to $Extend.
 * @throws AfterimageError `structure-damaged` when one cannot be read; `cancelled`
 */
export async function addSystemClusters(
	ranges: ClusterRangeBuilder,
	geometry: Geometry,
	mft: Mft,
	signal: AbortSignal | undefined,
): Promise<void> {
	for (let number: number = systemRecords.mft; number <= systemRecords.last; number++) {
		throwIfAborted(signal);
		const file = await mft.file({ number, sequence: 0 });
		for (const extents of streamsOf(file)) {
			const runs = new RunList();
			for (const extent of extents) appendRuns(runs, extent, geometry.totalClusters);
			ranges.addRuns(runs);
		}
	}
}

/** The extents of each non-resident stream of a file, in the order of their VCNs. */
export function streamsOf({ attributes }: NtfsFile): NonResidentAttribute[][] {
	const streams = new Map<string, NonResidentAttribute[]>();
	for (const attribute of attributes) {
		if (attribute.resident) continue;
		const key = `${attribute.type} ${attribute.name}`;
		const extents = streams.get(key);
		if (extents === undefined) streams.set(key, [attribute]);
		else extents.push(attribute);
	}
	return [...streams.values()].map((stream) => stream.sort((a, b) => a.lowestVcn - b.lowestVcn));
}
