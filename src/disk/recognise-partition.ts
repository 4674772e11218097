import type { ByteSource } from '../base/bytes.ts';
import { isAfterimageError, toErrorRecord } from '../base/errors.ts';
import { lvmType } from './container/layers.ts';
import { openPhysicalVolume } from './lvm/physical-volume.ts';
import { recogniseFileSystem, type Recognised, type RecogniseOptions } from './recognise.ts';

export interface RecognisePartitionOptions extends RecogniseOptions {
	/**
	 * Whether bytes of the partition (`end` is exclusive) are of a volume that is frozen or a shadow copy, where it holds several;
	 * without it all are as `frozen` says.
	 */
	readonly isFrozen?: (start: number, end: number) => boolean;
}

/**
 * As {@link recogniseFileSystem}, and looks into what holds volumes of its own: a physical volume of LVM.
 * @throws AfterimageError `read-error`, `cancelled`
 */
export async function recognisePartition(
	partition: ByteSource,
	options: RecognisePartitionOptions = {},
): Promise<Recognised> {
	const recognised = await recogniseFileSystem(partition, options);
	if (recognised.type !== lvmType) return recognised;
	const { isFrozen = () => options.frozen ?? false, signal } = options;
	try {
		const look = { isFrozen, ...(signal === undefined ? {} : { signal }) };
		const fileSystem = await openPhysicalVolume(partition, recognised, look);
		const { label, dirty } = fileSystem.info;
		const { type, uuid, identity } = recognised;
		const found = { type, label, uuid, identity, fileSystem };
		return dirty === undefined ? { ...found, amiss: false } : { ...found, wholeReason: dirty, amiss: true };
	} catch (error) {
		const isDamaged = isAfterimageError(error, 'structure-damaged');
		if (!isDamaged && !isAfterimageError(error, 'not-supported')) throw error;
		return { ...recognised, wholeReason: toErrorRecord(error).message, amiss: isDamaged };
	}
}
