import type { LayoutWarning, Partition } from './layout.ts';

/**
 * Partitions in the order in which they lie, none beyond the disk's end: one that begins there is left out, one that
 * reaches over it is cut, overlaps are reported. All with warnings.
 */
export function boundPartitions(
	partitions: readonly Partition[],
	diskSize: number,
): { partitions: Partition[]; warnings: LayoutWarning[] } {
	const warnings: LayoutWarning[] = [];
	const bounded: Partition[] = [];
	for (const partition of partitions) {
		const { number, start, length } = partition;
		const end = start + length;
		if (end <= diskSize) {
			bounded.push(partition);
			continue;
		}
		const inside = start < diskSize;
		warnings.push({
			message:
				`Partition ${number}: expected within the disk's ${diskSize} bytes, found bytes ${start} to ${end}; ` +
				(inside ? 'only what lies on the disk is read' : 'it is left out'),
			advice: 'Is the disk complete? A raw file may have been cut, or the table belongs to a larger disk.',
		});
		if (inside) bounded.push({ ...partition, length: diskSize - start });
	}
	bounded.sort((a, b) => a.start - b.start || a.number - b.number);
	let furthest: Partition | undefined;
	for (const partition of bounded) {
		if (furthest !== undefined && partition.start < furthest.start + furthest.length) {
			warnings.push({
				message:
					`Partitions ${furthest.number} and ${partition.number} overlap: ${furthest.number} ends at byte ` +
					`${furthest.start + furthest.length}, ${partition.number} begins at byte ${partition.start}`,
			});
		}
		if (furthest === undefined || partition.start + partition.length > furthest.start + furthest.length) {
			furthest = partition;
		}
	}
	return { partitions: bounded, warnings };
}
