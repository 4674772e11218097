/** A folder that begins at a cluster, and the folder that it lies in. */
export interface ClusterFolder {
	readonly firstCluster: number;
	/** Undefined for the root. */
	readonly above: ClusterFolder | undefined;
}

/** Whether the folder that begins at `firstCluster` is `folder` or one above it: an entry that leads there makes a circle. */
export function liesIn(folder: ClusterFolder, firstCluster: number): boolean {
	for (let at: ClusterFolder | undefined = folder; at !== undefined; at = at.above) {
		if (at.firstCluster === firstCluster) return true;
	}
	return false;
}
