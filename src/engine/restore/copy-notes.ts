import type { ByteSource } from '../../base/bytes.ts';
import { isAfterimageError } from '../../base/errors.ts';
import { recogniseFileSystem, type Recognised } from '../../disk/recognise.ts';
import { bytesOf, type PartitionLoad } from '../load/load-plan.ts';
import type { ReadPartition } from './read-partition.ts';

/**
 * What gives a copy a UUID of its own, by the beginning of the type's name. Of these the system takes no two with the same: XFS is
 * mounted once, Btrfs may take the one for the other, LVM uses neither.
 */
const remedies: readonly (readonly [type: string, remedy: string])[] = [
	['XFS', 'xfs_admin -U generate'],
	['Btrfs', 'btrfstune -u'],
	['LVM2', 'vgimportclone'],
];

/**
 * What to do after the restore about volumes of which there are two then, and about LUKS containers of which the image has what they
 * hold as another disk, as far as the image tells.
 * @param there what the target has in the place of a partition: a volume that is restored over itself is no copy
 */
export async function copyNotes(
	loads: readonly PartitionLoad[],
	read: ReadPartition,
	there?: (load: PartitionLoad) => ByteSource,
): Promise<string[]> {
	const notes: string[] = [];
	for (const load of loads) {
		const { _file_system: system, _header } = load.partition;
		// The image format has no names for these.
		if (system.type !== 'unknown') continue;
		const { type, identity } = await read(load, look);
		if (type.startsWith('LUKS') && bytesOf([load]) < load.partition._geometry.length) {
			notes.push(
				`Of partition ${_header.partition_number} the image has the header of ${type} alone: ` +
					`open it afterwards (cryptsetup open) and restore what it held, another disk of the image (--disk), to that`,
			);
		}
		const remedy = remedies.find(([name]) => type.startsWith(name))?.[1];
		if (remedy === undefined) continue;
		if (identity !== '' && there !== undefined && identity === (await look(there(load))).identity) continue;
		notes.push(
			`Partition ${_header.partition_number} has the UUID of the imaged ${type}: ` +
				`where both are in one machine, ${remedy} gives it another before it is used`,
		);
	}
	return notes;
}

async function look(volume: ByteSource): Promise<Pick<Recognised, 'type' | 'identity'>> {
	try {
		return await recogniseFileSystem(volume, { frozen: true });
	} catch (error) {
		// Whoever does not read on hears of it when it is restored.
		if (isAfterimageError(error, 'read-error')) return { type: '', identity: '' };
		throw error;
	}
}
