import { counted, formatBytes } from '../base/quantity.ts';
import type { RestoreRequest } from '../engine/requests.ts';
import type { RestorePreview } from '../protocol/restore.ts';
import { alignColumns } from './table.ts';

/** A planned restore for people. */
export function previewLines(
	preview: RestorePreview,
	{ delta, freeSpace }: Pick<RestoreRequest, 'delta' | 'freeSpace'>,
): string[] {
	const { target, size, created, partitions, bytes, blocks, clearedBytes, warnings, notes } = preview;
	const rows = partitions.map((partition) => [
		`  ${partition.number}`,
		formatBytes(partition.start),
		formatBytes(partition.length),
		partition.fileSystem,
		partition.label,
		String(partition.blocks),
		formatBytes(partition.bytes),
	]);
	const titles = ['  Partition', 'At', 'Size', 'File system', 'Label', 'Blocks', 'To write'];
	const cleared = clearedBytes === 0 ? '' : `; would ${freeSpace} ${formatBytes(clearedBytes)}`;
	return [
		`Would ${created ? 'make' : 'overwrite'} ${target}, ${formatBytes(size)} (${size} bytes)`,
		tableLine(preview),
		...alignColumns([titles, ...rows], [1, 2, 5, 6]),
		`Would write ${delta ? 'at most ' : ''}${formatBytes(bytes)} in ${counted(blocks, 'block')}${cleared}`,
		...notes,
		...warnings.map((warning) => `Warning: ${warning}`),
		'Nothing was written.',
	];
}

function tableLine({ table }: RestorePreview): string {
	if (table === undefined) return 'Its partition table stays as it is';
	const written = table.writes.reduce((sum, { length }) => sum + length, 0);
	const around = `${formatBytes(written)} of boot sectors and tables`;
	if (table.kind === 'none') return `No partition table; ${around}`;
	const numbers = table.partitions.map(({ number }) => number);
	const names = numbers.length === 0 ? 'without a partition' : `of ${counted(numbers.length, 'partition')}`;
	const list = numbers.length === 0 ? '' : ` (${numbers.join(', ')})`;
	return `${table.kind.toUpperCase()} ${table.diskId ?? 'with an id of its own'}, ${names}${list}; ${around}`;
}
