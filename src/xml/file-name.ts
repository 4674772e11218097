import { imageFileName } from '../base/image-file-name.ts';
import type { BackupDefinition } from '../definition/model.ts';
import { imageBaseName, parameters, type ParameterContext } from '../definition/parameters.ts';
import type { Words } from './words.ts';

/** What is known of the next run when file names are shown while a definition is edited. */
export interface Surroundings {
	readonly now: Date;
	/** Zone of the computer. */
	readonly zone: string;
	readonly computerName: string;
	readonly userName: string;
	readonly version: string;
	/** Locale for dates and times; undefined for that of the program. */
	readonly locale: string | undefined;
	/** Language of what is said. */
	readonly words: Words;
}

/** Stands for the image id, which every full gets anew. */
const sampleId = 'D684BA87241263E2';

/** The name that the file of a full backup would have now. */
export function fileNameNow(definition: BackupDefinition, surroundings: Surroundings): string {
	return imageFileName(imageBaseName(definition, contextOf(definition, surroundings)), 0, 0);
}

/** What a parameter stands for now; undefined when there is no such parameter. */
export function parameterNow(
	name: string,
	definition: BackupDefinition,
	surroundings: Surroundings,
): string | undefined {
	return parameters.find((one) => one.name === name)?.resolve(contextOf(definition, surroundings), definition);
}

function contextOf({ sources }: BackupDefinition, surroundings: Surroundings): ParameterContext {
	const { now, zone, computerName, userName, version } = surroundings;
	const partitions = [...sources.disks, ...sources.rawFiles].flatMap((one) => one.partitions);
	return {
		imageId: sampleId,
		time: now.getTime(),
		zone,
		computerName,
		userName,
		backupType: 'full',
		disks: sources.disks.flatMap(({ number }) => (number === undefined ? [] : [number])),
		volumes: partitions.flatMap(({ label }) => (label === undefined || label === '' ? [] : [label])),
		version,
	};
}
