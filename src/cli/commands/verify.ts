import { exitCodeOf } from '../../base/errors.ts';
import { problemsIn } from '../../engine/file-walk/words.ts';
import { isFolder } from '../../engine/ports/expect-path.ts';
import { commonHelp, type Command, type CommandContext, type OptionValues } from '../command.ts';
import { daysOf, flagOf, invalid, pathOf, shareOf } from '../options/option-values.ts';
import { givenPassword, withPassword } from '../options/password.ts';
import { verifyBackups } from '../verify-backups.ts';
import { verifyLines } from '../output/verify-lines.ts';

export const verifyCommand: Command = {
	name: 'verify',
	summary: 'Check every block of an image, or of all in a folder',
	help: `Usage: afterimage verify FILE|FOLDER… [options]

Reads every block that the restore of FILE would read, also from the other files of its set, and compares
its MD5. Lists each bad block with partition, block number and byte range, and the files that lie in bad blocks.
Exit code 6 when there is one.
Of several files, and of a FOLDER with all backups of all sets in it, each block is read once; what cannot be
verified is told, and the rest is verified all the same. What is found to be sound is noted beside the images.
A bad block damages every backup that needs it. Files are named as each of these has them, up to 1000 of one,
the others are counted. Once an hour in all has gone into names, they are told of the newest backup of each set
alone. Without the password of a set nothing of it is verified or named.

  --unverified-for N     Leave out what was verified within N: 30d, 4w, 1m (of 30 days); its blocks are not read
                         again for what stands on it
  --password-file F      Password of encrypted images, in the first line of F
  --sample P%            Only this share of the blocks, spread over the image
  --file-systems         Open the file systems in each backup as well: every folder must list, and every file
                         lie in blocks that the image holds. Exit code 6 when something is wrong. Takes its time
                         for each backup of a set, but for partitions that have not changed since the one before
${commonHelp}
`,
	options: {
		'password-file': { type: 'string' },
		sample: { type: 'string' },
		'file-systems': { type: 'boolean' },
		'unverified-for': { type: 'string' },
	},
	async run(values, operands, context) {
		if (operands.length === 0) throw invalid('Expected a FILE or FOLDER, found none');
		const sample = shareOf(values, 'sample');
		const unverifiedDays = daysOf(values, 'unverified-for');
		const password = givenPassword(pathOf(values, 'password-file'), context.output);
		const [only] = operands.length === 1 ? operands : [];
		if (only !== undefined && unverifiedDays === undefined && !isFolder(only)) {
			return verifyFile(only, values, password, context);
		}
		const fileSystems = flagOf(values, 'file-systems');
		return verifyBackups({ paths: operands, sample, unverifiedDays, fileSystems }, password, context);
	},
};

async function verifyFile(
	file: string,
	values: OptionValues,
	given: string | undefined,
	{ engine, output, signal }: CommandContext,
): Promise<number> {
	const sample = shareOf(values, 'sample');
	const fileSystems = flagOf(values, 'file-systems');
	const result = await withPassword(given, signal, (password) =>
		engine.verify({ file, password, sample, fileSystems }, { signal, emit: (event) => output.event(event) }),
	);
	output.result(result, verifyLines(result));
	const isSound = result.bad.length === 0 && problemsIn(result.fileSystems ?? []) === 0;
	return isSound ? 0 : exitCodeOf('image-damaged');
}
