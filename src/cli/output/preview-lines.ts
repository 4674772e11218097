import { counted, formatBytes } from '../../base/quantity.ts';
import type { RestoreRequest } from '../../engine/requests/restore.ts';
import { fileSystemName } from '../../protocol/file-system-name.ts';
import type { PartitionPreview, RestorePreview } from '../../protocol/restore.ts';
import { alignColumns } from './table.ts';

/** A planned restore for people. */
export function previewLines(
	preview: RestorePreview,
	{ delta, freeSpace, into, grow }: Pick<RestoreRequest, 'delta' | 'freeSpace' | 'into' | 'grow'>,
): string[] {
	const { target, size, created, partitions, bytes, blocks, clearedBytes, warnings, notes } = preview;
	const inPartition = into?.kind === 'partition';
	const what = inPartition ? `partition ${into.number} of ${target}` : target;
	const whole = inPartition ? partitions[0]!.room : size;
	const rows = partitions.map((partition) => [
		`  ${partition.number}`,
		formatBytes(partition.start),
		formatBytes(partition.length),
		fileSystemName(partition.fileSystem),
		partition.label,
		String(partition.blocks),
		formatBytes(partition.bytes),
	]);
	const titles = ['  Partition', 'At', 'Size', 'File system', 'Label', 'Blocks', 'To write'];
	const cleared = clearedBytes === 0 ? '' : `; would ${freeSpace} ${formatBytes(clearedBytes)}`;
	return [
		`Would ${created ? 'make' : 'overwrite'} ${what}, ${formatBytes(whole)} (${whole} bytes)`,
		into?.kind === 'volume' ? 'It gets no partition table' : tableLine(preview),
		...alignColumns([titles, ...rows], [1, 2, 5, 6]),
		...partitions.flatMap((partition) => placeLine(partition, grow)),
		`Would write ${delta ? 'at most ' : ''}${formatBytes(bytes)} in ${counted(blocks, 'block')}${cleared}`,
		...notes,
		...warnings.map((warning) => `Warning: ${warning}`),
		'Nothing was written.',
	];
}

/** Where a partition was and where it goes, if that is not the same. */
function placeLine(
	{ number, from, start, length, imaged, room }: PartitionPreview,
	grow: number | undefined,
): string[] {
	const places = from === start ? [] : [`from byte ${from} to byte ${start}`];
	const lengths = number === grow ? [`from ${length} to ${room} bytes (${formatBytes(room)})`] : [];
	const shrunk = length < imaged ? [`from ${imaged} to ${length} bytes (${formatBytes(length)})`] : [];
	return [...places, ...lengths, ...shrunk].map((change) => `Partition ${number}: ${change}`);
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
