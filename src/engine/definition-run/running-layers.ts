import type { JobContext } from '../job-context.ts';
import { runListDisks } from '../jobs/list-disks.ts';
import type { ResolvedDisk } from './resolve-sources.ts';

/**
 * What a running system stands on, as it can be imaged: with a LUKS container also what it is opened as, of which there may be
 * snapshots, and of an array that is among the disks no members, which hold the same once more.
 */
export async function withLayers(found: readonly ResolvedDisk[], context: JobContext): Promise<ResolvedDisk[]> {
	const { disks, volumes } = context.ports;
	const result: ResolvedDisk[] = [];
	const opened = new Set<string>();
	for (const { disk, partitions } of found) {
		const device = await disks.describe(disk.path);
		const holders = (await volumes.usesOf(device)).filter(({ holder }) => holder !== undefined);
		const on = (partition: ResolvedDisk['partitions'][number], kind: string) =>
			holders.filter(
				({ holder, start, length }) =>
					holder?.kind === kind && start === partition.start && length === partition.length,
			);
		const isInArray = (partition: ResolvedDisk['partitions'][number]) =>
			on(partition, 'raid').some(({ at }) => found.some((other) => other.disk.path === at));
		const kept = partitions.filter((partition) => !isInArray(partition));
		if (kept.length > 0) result.push({ disk, partitions: kept });
		for (const partition of kept) {
			for (const { at } of on(partition, 'luks')) {
				const { encrypted } = await disks.describe(at);
				if (encrypted?.disk === disk.path && encrypted.start === partition.start) opened.add(at);
			}
		}
	}
	for (const path of opened) {
		const [disk] = await runListDisks([path], context);
		result.push({ disk: disk!, partitions: disk!.partitions });
	}
	return result;
}
