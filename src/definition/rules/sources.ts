import type { Wording } from '../../base/l10n.ts';
import type { SourcePartition } from '../model.ts';
import type { PartName } from '../read.ts';
import { isAbsolute } from './paths.ts';
import type { Rule } from './rule.ts';

export const noSource: Rule = ({ definition: { sources }, report }) => {
	if (sources.bootPartitions || sources.disks.length > 0 || sources.rawFiles.length > 0) return;
	report('no-source', sources, undefined, (t) =>
		t('Nothing is imaged; select a disk or partition, or set boot_partitions to true.'),
	);
};

export const duplicateSource: Rule = ({ definition: { sources }, report }) => {
	const signatures = new Set<string>();
	const partitionsOf = (partitions: readonly SourcePartition[]): void => {
		const numbers = new Set<number>();
		for (const partition of partitions) {
			if (numbers.has(partition.number)) {
				report('duplicate-source', partition, 'number', (t) =>
					t('Partition {0} is named twice; remove one.', partition.number),
				);
			}
			numbers.add(partition.number);
		}
	};
	for (const disk of sources.disks) {
		const signature = disk.signature.toUpperCase();
		if (signatures.has(signature)) {
			report('duplicate-source', disk, 'signature', (t) =>
				t('Disk {0} is named twice; put its partitions together.', disk.signature),
			);
		}
		signatures.add(signature);
		partitionsOf(disk.partitions);
	}
	const paths = new Set<string>();
	for (const file of sources.rawFiles) {
		if (paths.has(file.path)) {
			report('duplicate-source', file, 'path', (t) => t('{0} is named twice; remove one.', file.path));
		}
		paths.add(file.path);
		partitionsOf(file.partitions);
	}
};

export const relativePaths: Rule = ({ definition, report }) => {
	const check = (path: string | undefined, part: object, name: PartName, words: (path: string) => Wording): void => {
		if (path === undefined || path === '' || isAbsolute(path)) return;
		report('relative-path', part, name, words(path));
	};
	const { destination, scripts, sources } = definition;
	check(
		destination.folder,
		destination,
		'folder',
		(path) => (t) =>
			t('The destination folder must be a full path such as E:\\Backup or /mnt/backup; {0} is not.', path),
	);
	for (const [index, folder] of destination.alternativeLocations.folders.entries()) {
		check(
			folder,
			destination.alternativeLocations,
			['folder', index],
			(path) => (t) =>
				t('An alternative location must be a full path such as E:\\Backup or /mnt/backup; {0} is not.', path),
		);
	}
	for (const file of sources.rawFiles) {
		check(
			file.path,
			file,
			'path',
			(path) => (t) =>
				t('The path of a raw file must be a full path such as E:\\Backup or /mnt/backup; {0} is not.', path),
		);
	}
	for (const script of [...scripts.before, ...scripts.after]) {
		check(
			script.path,
			script,
			'path',
			(path) => (t) =>
				t('The path of a script must be a full path such as E:\\Backup or /mnt/backup; {0} is not.', path),
		);
	}
};
