import { AfterimageError } from '../../base/errors.ts';
import { formatBytes, formatDuration } from '../../base/quantity.ts';
import { longestImageName } from '../../engine/backup/destination/name-length.ts';
import type { ImagedPartition, ImageResult } from '../../engine/requests/image.ts';
import { commonHelp, type Command } from '../command.ts';
import {
	choiceOf,
	flagOf,
	invalid,
	minFreeOf,
	numbersOf,
	shown,
	pathOf,
	requiredTextOf,
	sizeOf,
	textOf,
} from '../options/option-values.ts';
import { givenPassword } from '../options/password.ts';

/** Smaller parts would be mostly metadata. */
const smallestSplit = 1024 * 1024;

export const imageCommand: Command = {
	name: 'image',
	summary: 'Image disks or partitions to a file',
	help: `Usage: afterimage image SOURCE… --to FOLDER [options]

SOURCE is a disk (/dev/sda; on Windows \\\\.\\PhysicalDrive0), one of its partitions (/dev/sda1; E:), a volume of
LVM (/dev/vg0/root), or a raw disk file.

  --to FOLDER            Folder for the image; not on a partition that is imaged
  --type TYPE            full (default), inc, diff, or auto: inc when a matching set is there, else full
  --partition N          Only partition N of the source; may be repeated
  --name TEXT            Goes into the file name, behind the image id
  --compression LEVEL    none, medium (default) or high
  --password-file F      Encrypt with the password in the first line of F
  --aes BITS             128, 192 or 256 (default); needs --password-file
  --split SIZE           Largest file, such as 700M; without it as large as the folder's file system allows
  --all-sectors          Store every sector, not only those that file systems use
  --skip-bad-sectors     Store zeros for sectors that cannot be read, and list them
  --verify               Verify the finished image from the medium
  --min-free GB          Delete the oldest other sets of the folder while fewer GB are free
  --comment TEXT         Kept in the image
${commonHelp}
`,
	options: {
		to: { type: 'string' },
		type: { type: 'string' },
		partition: { type: 'string', multiple: true },
		name: { type: 'string' },
		compression: { type: 'string' },
		'password-file': { type: 'string' },
		aes: { type: 'string' },
		split: { type: 'string' },
		'all-sectors': { type: 'boolean' },
		'skip-bad-sectors': { type: 'boolean' },
		verify: { type: 'boolean' },
		'min-free': { type: 'string' },
		comment: { type: 'string' },
	},
	async run(values, operands, { engine, output, signal }) {
		if (operands.length === 0) throw invalid('SOURCE is missing');
		const partitions = numbersOf(values, 'partition');
		if (partitions !== undefined && operands.length > 1) {
			throw invalid('--partition: expected one SOURCE; name partition devices as sources instead');
		}
		const aes = choiceOf(values, 'aes', ['128', '192', '256'], '256');
		const passwordFile = pathOf(values, 'password-file');
		if (passwordFile === undefined && textOf(values, 'aes') !== undefined) throw withoutPassword();
		const result = await engine.image(
			{
				sources: operands.map((path) => ({ path, partitions })),
				folder: requiredTextOf(values, 'to', 'FOLDER'),
				type: choiceOf(values, 'type', ['full', 'inc', 'diff', 'auto'], 'full'),
				name: checkedName(textOf(values, 'name') ?? ''),
				compression: choiceOf(values, 'compression', ['none', 'medium', 'high'], 'medium'),
				password: givenPassword(passwordFile, output),
				aes: `aes-${aes}`,
				splitSize: sizeOf(values, 'split', { least: smallestSplit, such: '700M or 4.5G' }),
				allSectors: flagOf(values, 'all-sectors'),
				verify: flagOf(values, 'verify'),
				comment: textOf(values, 'comment') ?? '',
				skipBadSectors: flagOf(values, 'skip-bad-sectors'),
				minFree: minFreeOf(values),
			},
			{ signal, emit: (event) => output.event(event) },
		);
		output.result(result, imageLines(result));
		return 0;
	},
};

/** Who names a cipher expects an image that is encrypted. */
function withoutPassword(): AfterimageError {
	return new AfterimageError(
		'invalid-argument',
		'--aes needs --password-file: without a password nothing is encrypted',
		{
			advice: 'Name a file whose first line is the password, or leave --aes out for an image that is not encrypted.',
		},
	);
}

/** A name becomes part of a file name on every system. */
function checkedName(name: string): string {
	// eslint-disable-next-line no-control-regex -- control characters are what is looked for
	if (/[/\\:*?"<>|\u0000-\u001f]/.test(name)) {
		throw invalid(`--name: expected a text without / \\ : * ? " < > | and control characters, found ${shown(name)}`);
	}
	const bytes = Buffer.byteLength(name);
	if (bytes > longestImageName) {
		throw invalid(`--name: expected at most ${longestImageName} bytes in UTF-8, found ${bytes}: ${shown(name)}`);
	}
	return name;
}

const typeNames = { full: 'Full', inc: 'Incremental', diff: 'Differential' } as const;

export function imageLines(result: ImageResult): string[] {
	return [
		...result.partitions.flatMap(partitionLines),
		`${typeNames[result.backupType]} image of set ${result.imageId}: ` +
			`${formatBytes(result.bytesRead)} read, ${formatBytes(result.bytesWritten)} written ` +
			`in ${formatDuration(result.seconds)}`,
		...result.files,
	];
}

function partitionLines(partition: ImagedPartition): string[] {
	const label = partition.label === '' ? '' : ` "${partition.label}"`;
	const bad = partition.badRanges.map(
		({ offset, length }) => `    Unreadable, stored as zeros: bytes ${offset} to ${offset + length - 1}`,
	);
	return [
		`  Disk ${partition.disk}, partition ${partition.number}: ${partition.fileSystem}${label}, ` +
			`${formatBytes(partition.usedBytes)} of ${formatBytes(partition.length)}` +
			(partition.wholeReason === undefined ? '' : ' (every sector)'),
		...bad,
	];
}
