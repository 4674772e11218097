import { gptTypes } from '../partition-table/gpt/types.ts';

/** Partitions that never hold a file system, whatever their sectors look like, by partition type. */
const types: Readonly<Record<string, string>> = {
	[gptTypes.microsoftReserved]: 'Microsoft reserved',
	[gptTypes.biosBoot]: 'BIOS boot',
	[gptTypes.ldmMetadata]: 'Windows dynamic disk metadata',
	[gptTypes.ldmData]: 'Windows dynamic disk',
	[gptTypes.storageSpaces]: 'Windows Storage Spaces',
	'42': 'Windows dynamic disk',
};

/** @param typeId as in `Partition.typeId` */
export function containerByPartitionType(typeId: string): string | undefined {
	return types[typeId];
}
