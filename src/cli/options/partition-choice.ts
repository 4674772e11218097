import { AfterimageError } from '../../base/errors.ts';
import { formatBytes } from '../../base/quantity.ts';
import type { Engine, JobControl } from '../../engine/engine.ts';
import { fileSystemName } from '../../protocol/file-system-name.ts';
import type { BackedUpPartition } from '../../protocol/files.ts';
import { alignColumns } from '../output/table.ts';

/** What was asked for with `--disk` and `--partition`. */
export interface AskedPartition {
	readonly disk: number | undefined;
	readonly partition: number | undefined;
}

/** The partitions of a backup that may be meant; all that fit when `--partition` alone does not tell. */
export async function partitionsMeant(
	image: string,
	{ disk, partition }: AskedPartition,
	engine: Engine,
	password: string | undefined,
	control: JobControl,
): Promise<readonly BackedUpPartition[]> {
	const all = await engine.partitions({ image, password }, control);
	const meant = all.filter(
		(one) => (disk === undefined || one.disk === disk) && (partition === undefined || one.partition === partition),
	);
	if (meant.length > 0) return meant;
	throw new AfterimageError('invalid-argument', `${image} has no such partition; it has ${phraseOf(all)}`, {
		advice: 'Choose one with --disk and --partition.',
	});
}

/**
 * The one partition with files among those that may be meant.
 * @throws AfterimageError `invalid-argument` naming them when there are several; why there is none
 */
export function onlyPartition(meant: readonly BackedUpPartition[]): BackedUpPartition {
	const [only] = meant;
	if (only !== undefined && meant.length === 1) return only;
	const readable = meant.filter(({ objection }) => objection === undefined);
	const [one] = readable;
	if (one !== undefined && readable.length === 1) return one;
	throw new AfterimageError(
		'invalid-argument',
		one === undefined ? 'The backup has no partition with files to show' : `Which partition: ${phraseOf(readable)}?`,
		{
			advice:
				one === undefined
					? 'afterimage files tells of each partition why it has none.'
					: 'Choose one with --partition, and with --disk where there are several disks.',
		},
	);
}

/** Partitions of a backup as a table. */
export function partitionLines(partitions: readonly BackedUpPartition[]): string[] {
	const titles = ['Disk', 'Partition', 'File system', 'Size', 'Label', 'Files'];
	const rows = partitions.map(({ disk, partition, fileSystem, size, label, objection }) => [
		String(disk),
		String(partition),
		fileSystemName(fileSystem),
		formatBytes(size),
		label,
		objection === undefined ? 'yes' : `no: ${objection.message}`,
	]);
	return alignColumns([titles, ...rows], [0, 1, 3]);
}

function phraseOf(partitions: readonly BackedUpPartition[]): string {
	const names = partitions.map(({ disk, partition, fileSystem, label }) => {
		const name = fileSystemName(fileSystem);
		const what = label === '' ? name : `${name}, ${label}`;
		return `disk ${disk} partition ${partition} (${what})`;
	});
	return names.join(', ') || 'none';
}
