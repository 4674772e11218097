import { AfterimageError } from '../../base/errors.ts';
import { visible } from '../../base/visible.ts';
import { commonHelp, type Command } from '../command.ts';
import { pathOf } from '../options/option-values.ts';
import { ask, givenPassword } from '../options/password.ts';
import { recoverByDialog } from '../recover/recover.ts';

export const recoverCommand: Command = {
	name: 'recover',
	summary: 'Restore step by step: asks which backup, and onto which disk',
	help: `Usage: afterimage recover [FOLDER…] [options]

Looks for backups in each FOLDER, or in the current one, and in the folders below, six deep. Asks which backup set,
which of its backups, the whole disk or which partition, and onto which disk of this computer; tells what would be
written, and has the name of that disk typed. What was written is read back and compared. It is what the rescue medium
starts with (afterimage rescue). For everything that it does not ask see afterimage restore --help.

  --password-file F      Password of an encrypted image, in the first line of F; without it, it is asked for
${commonHelp}
`,
	options: { 'password-file': { type: 'string' } },
	async run(values, operands, { engine, output, signal }) {
		if (!process.stdin.isTTY) {
			throw new AfterimageError('invalid-argument', 'recover asks questions, and nobody is there to answer them', {
				advice: 'Run it in a terminal, or use afterimage restore.',
			});
		}
		const folders = operands.length === 0 ? [process.cwd()] : operands;
		const dialog = {
			say: (line: string) => void process.stderr.write(`${visible(line)}\n`),
			ask: (question: string) => ask(question, false, signal),
			askPassword: () => ask('Password: ', true, signal),
		};
		const password = givenPassword(pathOf(values, 'password-file'), output);
		return recoverByDialog({ folders, password }, { engine, output, signal, dialog });
	},
};
