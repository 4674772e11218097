import { exitCodeOf } from '../../base/errors.ts';
import { counted, formatBytes, formatDuration } from '../../base/quantity.ts';
import type { ExtractResult } from '../../engine/requests/files.ts';
import { commonHelp, type Command } from '../command.ts';
import { flagOf, invalid, numberOf, pathOf, requiredTextOf } from '../options/option-values.ts';
import { onlyPartition, partitionsMeant } from '../options/partition-choice.ts';
import { givenPassword, withPassword } from '../options/password.ts';

export const extractCommand: Command = {
	name: 'extract',
	summary: 'Copy files out of a backup',
	help: `Usage: afterimage extract FILE PATH… --to FOLDER [options]

Copies files and folders of a backup into FOLDER, each under its last name; folders with all they hold. PATH / is
everything. FOLDER is made when it is not there; nothing is ever written outside of it.

  --to FOLDER            Where they go
  --disk N               Disk of the image, when it holds several
  --partition N          Partition, when several have files
  --overwrite            Replace files that are there already; without it nothing is written when there is one
  --no-owner             As root: do not give files the owners that they have in the backup
  --password-file F      Password of an encrypted image, in the first line of F
${commonHelp}

Time of the last change and permission bits are set; on Linux access lists and extended attributes too, as far as the
system and the file system of FOLDER take them: what they do not is told at the end. As root, what comes from a file
system of Linux gets the owners, by number, and the setuid and setgid bits and capabilities that it has in the backup;
with --no-owner it belongs to the owner of FOLDER, without those. Names of one file (hard links) that are extracted
together stay that. Alternate data streams are not kept. Symbolic links are made on Linux and left out on Windows;
devices, pipes and sockets are left out. Long runs of zeros become holes. A name that Windows or the file system of
FOLDER does not take is changed: _ for each such character and before the name of a device, (2) behind a name that
differs from another by case alone. What cannot be read is listed and left out, the rest is extracted; exit code 6
then, and 1 where the file system of FOLDER does not take a file that is to be there.
`,
	options: {
		to: { type: 'string' },
		disk: { type: 'string' },
		partition: { type: 'string' },
		overwrite: { type: 'boolean' },
		'no-owner': { type: 'boolean' },
		'password-file': { type: 'string' },
	},
	async run(values, operands, { engine, output, signal }) {
		const [image, ...paths] = operands;
		if (image === undefined) throw invalid('FILE is missing');
		if (paths.length === 0) throw invalid('PATH is missing');
		const folder = requiredTextOf(values, 'to', 'FOLDER');
		const overwrite = flagOf(values, 'overwrite');
		const owners = !flagOf(values, 'no-owner');
		const asked = {
			disk: numberOf(values, 'disk', { least: 0, such: '0' }),
			partition: numberOf(values, 'partition', { least: 0, such: '1' }),
		};
		const given = givenPassword(pathOf(values, 'password-file'), output);
		const control = { signal, emit: (event: Parameters<typeof output.event>[0]) => output.event(event) };
		const result = await withPassword(given, signal, async (password) => {
			const meant = await partitionsMeant(image, asked, engine, password, control);
			const { disk, partition } = onlyPartition(meant);
			return engine.extract({ image, disk, partition, paths, folder, overwrite, owners, password }, control);
		});
		output.result(result, resultLines(result));
		if (result.damaged.length > 0) return exitCodeOf('image-damaged');
		return refusedBy(result) > 0 ? exitCodeOf('failed') : 0;
	},
};

function resultLines(result: ExtractResult): string[] {
	const { damaged, files, folders, links, hardLinks, bytes, folder, seconds } = result;
	const what = [
		`${counted(files, 'file')} (${formatBytes(bytes)})`,
		...(folders === 0 ? [] : [counted(folders, 'folder')]),
		...(links === 0 ? [] : [counted(links, 'link')]),
		...(hardLinks === 0 ? [] : [`${counted(hardLinks, 'hard link')} among them`]),
	].join(', ');
	return [
		...damaged.map(({ path, reason }) => `${path}: ${reason}`),
		`Extracted to ${folder}: ${what}, in ${formatDuration(seconds)}`,
		...(damaged.length === 0 ? [] : [`${damaged.length} of what was asked for could not be read`]),
		...(refusedBy(result) === 0 ? [] : [`${refusedBy(result)} of what was asked for could not be put into ${folder}`]),
	];
}

/** How many files the folder does not take; what is never kept, such as devices, is none of them. */
function refusedBy({ skipped }: ExtractResult): number {
	return skipped.filter(({ refused }) => refused === true).length;
}
