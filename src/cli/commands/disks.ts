import { formatBytes } from '../../base/quantity.ts';
import type { DiskInfo, PartitionInfo } from '../../protocol/disks.ts';
import { commonHelp, type Command } from '../command.ts';
import { alignColumns } from '../output/table.ts';

export const disksCommand: Command = {
	name: 'disks',
	summary: 'List disks and their partitions',
	help: `Usage: afterimage disks [PATH…]

Lists the disks of this machine, or those at PATH: devices and raw disk files.

${commonHelp}
`,
	options: {},
	async run(_, operands, { engine, output, signal }) {
		const disks = await engine.disks(operands, { signal, emit: (event) => output.event(event) });
		output.result({ disks }, disks.flatMap(diskLines));
		return 0;
	},
};

function diskLines(disk: DiskInfo): string[] {
	const table = disk.table === 'none' ? 'no partition table' : `${disk.table.toUpperCase()} ${disk.id}`;
	const head = [disk.path, formatBytes(disk.size), table, disk.model, disk.serial].filter((part) => part !== '');
	const rows = disk.partitions.flatMap(partitionRows);
	const titles = ['  #', 'Start', 'Size', 'File system', 'Used', 'Label', 'Type', 'Mounted at'];
	return [
		head.join('  '),
		...(rows.length === 0 ? [] : alignColumns([titles, ...rows], [1, 2, 4])),
		...(disk.needsRights ? [rightsLine()] : []),
		...disk.warnings.map((warning) => `  Warning: ${warning}`),
		...disk.partitions.flatMap(wholeLines),
		'',
	];
}

function partitionRows(partition: PartitionInfo): string[][] {
	const volumes = partition.volumes ?? [];
	return [
		[
			`  ${partition.number}`,
			formatBytes(partition.start),
			formatBytes(partition.length),
			partition.fileSystem === '' ? '?' : partition.fileSystem,
			usedText(partition),
			partition.label === '' ? partition.name : partition.label,
			partition.typeName,
			partition.mountedAt.join(', '),
		],
		...volumes.map((volume) => [
			`    ${volume.name}`,
			'',
			formatBytes(volume.size),
			volume.fileSystem,
			usedText(volume),
			volume.label,
			'',
			'',
		]),
	];
}

function usedText({ used }: { readonly used: number | undefined }): string {
	return used === undefined ? 'all' : formatBytes(used);
}

function rightsLine(): string {
	if (process.platform === 'win32') return '  Run it as administrator to see what is on this disk.';
	return process.getuid?.() === 0
		? '  The system lets not even root read this disk, as in a container.'
		: '  Run it as root to see what is on this disk.';
}

function wholeLines(partition: PartitionInfo): string[] {
	if (partition.wholeReason === undefined) return [];
	return [`  Partition ${partition.number} is stored whole: ${partition.wholeReason}`];
}
