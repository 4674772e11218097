import type { SourcePartition } from '../model.ts';
import type { PartName } from '../read.ts';
import { isAbsolute } from './paths.ts';
import type { Rule } from './rule.ts';

export const noSource: Rule = ({ definition: { sources }, report }) => {
	if (sources.bootPartitions || sources.disks.length > 0 || sources.rawFiles.length > 0) return;
	report(
		'no-source',
		sources,
		undefined,
		'Nothing is imaged; select a disk or partition, or set boot_partitions to true.',
	);
};

export const duplicateSource: Rule = ({ definition: { sources }, report }) => {
	const signatures = new Set<string>();
	const partitionsOf = (partitions: readonly SourcePartition[]): void => {
		const numbers = new Set<number>();
		for (const partition of partitions) {
			if (numbers.has(partition.number)) {
				report('duplicate-source', partition, 'number', `Partition ${partition.number} is named twice; remove one.`);
			}
			numbers.add(partition.number);
		}
	};
	for (const disk of sources.disks) {
		const signature = disk.signature.toUpperCase();
		if (signatures.has(signature)) {
			report(
				'duplicate-source',
				disk,
				'signature',
				`Disk ${disk.signature} is named twice; put its partitions together.`,
			);
		}
		signatures.add(signature);
		partitionsOf(disk.partitions);
	}
	const paths = new Set<string>();
	for (const file of sources.rawFiles) {
		if (paths.has(file.path)) report('duplicate-source', file, 'path', `${file.path} is named twice; remove one.`);
		paths.add(file.path);
		partitionsOf(file.partitions);
	}
};

export const relativePaths: Rule = ({ definition, report }) => {
	const check = (path: string | undefined, part: object, name: PartName, what: string): void => {
		if (path === undefined || path === '' || isAbsolute(path)) return;
		report(
			'relative-path',
			part,
			name,
			`${what} must be a full path such as E:\\Backup or /mnt/backup; ${path} is not.`,
		);
	};
	const { destination, scripts, sources } = definition;
	check(destination.folder, destination, 'folder', 'The destination folder');
	for (const [index, folder] of destination.alternativeLocations.folders.entries()) {
		check(folder, destination.alternativeLocations, ['folder', index], 'An alternative location');
	}
	for (const file of sources.rawFiles) check(file.path, file, 'path', 'The path of a raw file');
	for (const script of [...scripts.before, ...scripts.after])
		check(script.path, script, 'path', 'The path of a script');
};
