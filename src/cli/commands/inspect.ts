import { formatBytes } from '../../base/quantity.ts';
import type { ImageInfo } from '../../protocol/backups.ts';
import { fileSystemName } from '../../protocol/file-system-name.ts';
import { commonHelp, type Command } from '../command.ts';
import { onlyOperand } from '../options/option-values.ts';
import { alignColumns } from '../output/table.ts';

export const inspectCommand: Command = {
	name: 'inspect',
	summary: 'Show what an image holds',
	help: `Usage: afterimage inspect FILE [options]

Shows set, type, time, disks and partitions of an image. With --json its complete $JSON as well.

${commonHelp}
`,
	options: {},
	async run(_, operands, { engine, output, signal }) {
		const info = await engine.inspect(onlyOperand(operands, 'FILE'), {
			signal,
			emit: (event) => output.event(event),
		});
		output.result(info, infoLines(info));
		return 0;
	},
};

function infoLines(info: ImageInfo): string[] {
	const { file } = info;
	const facts = [
		['File', file.path],
		['Size', formatBytes(file.size)],
		['Set', info.imageId],
		['Type', `${file.type}, backup ${file.incrementNumber}, file ${file.fileNumber}`],
		['Time', file.time],
		['Computer', info.computer],
		['Compression', info.compression],
		['Encryption', info.encryption],
		['Stands on', file.parent ?? ''],
		['Merged files', file.merged.join(', ')],
		['Comment', file.comment],
		['Verified on', file.verifiedOn ?? ''],
		['Damage', file.damage ?? (file.wasDamaged ? 'found when it was last verified' : '')],
	].filter(([, value]) => value !== '');
	return [...alignColumns(facts), ...info.disks.flatMap(diskLines)];
}

function diskLines(disk: ImageInfo['disks'][number]): string[] {
	const titles = ['  #', 'Start', 'Size', 'File system', 'Used', 'Label', 'Blocks', 'In this backup'];
	const rows = disk.partitions.map((partition) => [
		`  ${partition.number}`,
		formatBytes(partition.start),
		formatBytes(partition.length),
		fileSystemName(partition.fileSystem),
		formatBytes(partition.used),
		partition.label,
		`${partition.blocks} x ${formatBytes(partition.blockSize)}`,
		String(partition.storedBlocks),
	]);
	const table = disk.table === 'none' ? 'no partition table' : `${disk.table.toUpperCase()} ${disk.id}`.trimEnd();
	return [
		'',
		[`Disk ${disk.number}`, formatBytes(disk.size), table, disk.model].filter((part) => part !== '').join('  '),
		...alignColumns([titles, ...rows], [1, 2, 4, 7]),
	];
}
