import { resolve } from 'node:path';
import { isAfterimageError } from '../../base/errors.ts';
import { localZone } from '../../base/local-zone.ts';
import type { BackupDefinition } from '../../definition/model.ts';
import type { Place, ValidationFacts } from '../../definition/rules/rule.ts';
import { hasErrors, validateDefinition } from '../../definition/validate.ts';
import type { DiskInfo } from '../../protocol/disks.ts';
import { runListDisks } from '../jobs/list-disks.ts';
import type { JobContext } from '../job-context.ts';
import type { ValidatedFile } from '../requests/definition.ts';
import { bootPartitions } from '../../protocol/boot-partitions.ts';
import { readText } from './load-definition.ts';
import { fileProblems } from './problem-line.ts';
import type { PermissionPort } from './run-ports.ts';

/**
 * Everything there is to say about a definition file, with what this machine knows: where its folders lie, who may write
 * its scripts. What cannot be known with the rights of this process is not judged.
 * @throws AfterimageError `source-missing`, `permission-denied`, `invalid-definition` for what is no text
 */
export async function validateFile(
	file: string,
	permissions: PermissionPort,
	context: JobContext,
): Promise<ValidatedFile> {
	const path = resolve(file);
	const text = readText(path);
	const first = validateDefinition(text);
	const disks = first.read === undefined ? [] : await runListDisks([], context);
	const facts: ValidationFacts = {
		definitionPath: path,
		now: context.ports.clock.now(),
		systemZone: localZone(),
		writableByOthers: (script) => openToOthers(script, permissions),
		placeOf: first.read === undefined ? undefined : await placesOf(first.read.definition, disks, context),
		bootPartitions: bootPartitions(disks).flatMap(({ disk, partitions }) =>
			partitions.map(({ number }) => ({ diskSignature: disk.id, partitionNumber: number })),
		),
	};
	const { problems } = validateDefinition(text, facts);
	return { path, valid: !hasErrors(problems), problems: fileProblems(text, problems) };
}

function openToOthers(path: string, permissions: PermissionPort): boolean | undefined {
	try {
		return permissions.writableByOthers(path) !== undefined;
	} catch (error) {
		if (isAfterimageError(error)) return undefined;
		throw error;
	}
}

/** Looks up in advance where each destination lies. */
async function placesOf(
	{ destination }: BackupDefinition,
	disks: readonly DiskInfo[],
	context: JobContext,
): Promise<(path: string) => Place | undefined> {
	const places = new Map<string, Place>();
	const folders = [destination.folder, ...destination.alternativeLocations.folders];
	for (const folder of folders.filter((one) => one !== undefined)) {
		const place = await placeOf(folder, disks, context);
		if (place !== undefined) places.set(folder, place);
	}
	return (path) => places.get(path);
}

async function placeOf(folder: string, disks: readonly DiskInfo[], context: JobContext): Promise<Place | undefined> {
	try {
		const { on } = await context.ports.volumes.placeOf(folder);
		for (const extent of on) {
			const disk = disks.find((one) => one.path === extent.disk && one.id !== '');
			if (disk === undefined) continue;
			const partition = disk.partitions.find(
				({ start, length }) => extent.start < start + length && start < extent.start + extent.length,
			);
			return { diskSignature: disk.id, partitionNumber: partition?.number };
		}
		return undefined;
	} catch (error) {
		// A drive that is not connected now is no fault of the definition.
		if (isAfterimageError(error)) return undefined;
		throw error;
	}
}
