import type { FilePlace } from '../../protocol/files.ts';
import { namesIn } from './address.ts';

/** Files and folders of one partition of a backup. */
export interface PartitionFiles extends Omit<FilePlace, 'path'> {
	readonly paths: readonly string[];
}

/** Without what comes along with a chosen folder. */
export function outermost(places: readonly FilePlace[]): FilePlace[] {
	const keys = new Set(places.map((place) => key(place, namesIn(place.path))));
	return places.filter((place) => {
		const names = namesIn(place.path);
		return !names.some((_, depth) => keys.has(key(place, names.slice(0, depth))));
	});
}

function key({ image, disk, partition }: FilePlace, names: readonly string[]): string {
	return JSON.stringify([image, disk, partition, names]);
}

/** Places of one partition of one backup together, in the order in which its first was chosen. */
export function byPartition(places: readonly FilePlace[]): readonly PartitionFiles[] {
	const groups = new Map<string, PartitionFiles & { readonly paths: string[] }>();
	for (const { path, ...partition } of places) {
		const id = JSON.stringify(partition);
		const group = groups.get(id) ?? { ...partition, paths: [] };
		group.paths.push(path);
		groups.set(id, group);
	}
	return [...groups.values()];
}
