import { localZone } from '../../base/local-zone.ts';
import type { BackupDefinition } from '../../definition/model.ts';
import type { ValidationFacts } from '../../definition/rules/rule.ts';
import { bootPartitions } from '../../protocol/boot-partitions.ts';
import type { DiskInfo } from '../../protocol/disks.ts';
import { partitionHolding } from '../definitions/sources.ts';
import { isOnNetwork } from '../editor/destination-facts.ts';
import { openScripts } from '../rights/definition-permissions.ts';
import type { FileRights } from '../rights/file-rights.ts';

/**
 * What the semantic rules need to know of this computer for one definition.
 * @param path of the definition; undefined while it is not saved
 * @param disks as last listed; nothing is listed for this
 */
export async function validationFacts(
	rights: FileRights,
	definition: BackupDefinition,
	path: string | undefined,
	disks: readonly DiskInfo[],
): Promise<ValidationFacts> {
	const open = await openScripts(rights, definition);
	const network = path !== undefined && (await isOnNetwork(path));
	return {
		definitionPath: path,
		now: Date.now(),
		systemZone: localZone(),
		writableByOthers: (file) => open.includes(file),
		onNetwork: (file) => file === path && network,
		placeOf(folder) {
			const holding = partitionHolding(folder, disks, process.platform !== 'linux');
			if (holding === undefined || holding.disk.id === '') return undefined;
			return { diskSignature: holding.disk.id, partitionNumber: holding.partition.number };
		},
		bootPartitions: bootPartitions(disks).flatMap(({ disk, partitions }) =>
			partitions.map(({ number }) => ({ diskSignature: disk.id, partitionNumber: number })),
		),
	};
}
