/** Stored blocks that lie this close together are read by one call, what lies between included. */
const largestGap = 65_536;
/** Longest run, in bytes of the file; a single block may be longer. */
const longestRun = 8 * 2 ** 20;

/** Where the bytes of a block lie. */
export interface StoredBlock<T> {
	/** What the block is to the caller. */
	readonly of: T;
	readonly fileNumber: number;
	readonly position: number;
	readonly length: number;
}

/** Puts blocks together that one call reads, in the order of the file. Never empty ones. */
export function runsOf<T>(blocks: readonly StoredBlock<T>[]): StoredBlock<T>[][] {
	const sorted = [...blocks].sort((a, b) => a.fileNumber - b.fileNumber || a.position - b.position);
	const runs: StoredBlock<T>[][] = [];
	let end = 0;
	for (const block of sorted) {
		const run = runs.at(-1);
		const first = run?.[0];
		const reach = block.position + block.length;
		const joins =
			first?.fileNumber === block.fileNumber &&
			block.position <= end + largestGap &&
			reach - first.position <= longestRun;
		if (joins) run!.push(block);
		else runs.push([block]);
		end = joins ? Math.max(end, reach) : reach;
	}
	return runs;
}
