import { counted, formatBytes } from '../../base/quantity.ts';
import type { BackupFileInfo, BackupFolderInfo, BackupSetInfo } from '../../protocol/backups.ts';
import { commonHelp, type Command } from '../command.ts';
import { onlyOperand } from '../options/option-values.ts';
import { alignColumns } from '../output/table.ts';

export const setsCommand: Command = {
	name: 'sets',
	summary: 'List the backup sets of a folder',
	help: `Usage: afterimage sets FOLDER [options]

Lists sets and the backups in them: type, time, size, how much of it are blocks that no other file holds (unique),
what each stands on, when it was verified, and what is missing or damaged. Reads only the end of each file.

${commonHelp}
`,
	options: {},
	async run(_, operands, { engine, output, signal }) {
		const info = await engine.sets(onlyOperand(operands, 'FOLDER'), { signal, emit: (event) => output.event(event) });
		output.result(info, [
			...info.sets.flatMap(setLines),
			...info.unreadable.map(
				({ path, reason }) => `Unreadable: ${reason.startsWith(path) ? reason : `${path}: ${reason}`}`,
			),
			`${counted(info.sets.length, 'set')}${roomPhrase(info)}`,
		]);
		return 0;
	},
};

function roomPhrase({ free, total }: BackupFolderInfo): string {
	return total === 0 ? '' : `, ${formatBytes(free)} free of ${formatBytes(total)}`;
}

function setLines(set: BackupSetInfo): string[] {
	const titles = ['  Type', 'Time', 'Size', 'Unique', 'File', 'Stands on', 'Verified on', ''];
	return [
		`${set.imageId}  ${formatBytes(set.size)}  ${set.sources}`,
		...alignColumns([titles, ...set.files.map(fileRow)], [2, 3]),
		...set.damage.map((text) => `  Damaged: ${text}`),
		...set.aside.map((text) => `  No part of it: ${text}`),
		'',
	];
}

function fileRow(file: BackupFileInfo): string[] {
	const marks = [
		file.encrypted ? 'encrypted' : '',
		file.split ? 'split' : '',
		file.merged.length > 0 ? `holds ${file.merged.length + 1} backups' blocks` : '',
		file.damage ?? (file.wasDamaged ? 'damaged when it was last verified' : ''),
	];
	return [
		`  ${file.type}`,
		file.time.replace('T', ' ').replace(/\.\d+Z$/, ' UTC'),
		formatBytes(file.size),
		formatBytes(file.uniqueBytes),
		file.name,
		file.parent ?? '',
		file.verifiedOn?.slice(0, 10) ?? '',
		marks.filter((mark) => mark !== '').join(', '),
	];
}
