import { exitCodeOf } from '../../base/errors.ts';
import { counted, formatBytes, formatDuration } from '../../base/quantity.ts';
import { badBlock } from '../../engine/history/summaries.ts';
import type { VerifyResult } from '../../engine/requests.ts';
import { commonHelp, type Command } from '../command.ts';
import { onlyOperand, pathOf, shareOf } from '../option-values.ts';
import { givenPassword, withPassword } from '../password.ts';

export const verifyCommand: Command = {
	name: 'verify',
	summary: 'Check every block of an image',
	help: `Usage: afterimage verify FILE [options]

Reads every block that the restore of FILE would read, also from the other files of its set, and compares
its MD5. Lists each bad block with partition, block number and byte range. Exit code 6 when there is one.

  --password-file F      Password of an encrypted image, in the first line of F
  --sample P%            Only this share of the blocks, spread over the image
${commonHelp}
`,
	options: { 'password-file': { type: 'string' }, sample: { type: 'string' } },
	async run(values, operands, { engine, output, signal }) {
		const file = onlyOperand(operands, 'FILE');
		const sample = shareOf(values, 'sample');
		const given = givenPassword(pathOf(values, 'password-file'), output);
		const result = await withPassword(given, (password) =>
			engine.verify({ file, password, sample }, { signal, emit: (event) => output.event(event) }),
		);
		output.result(result, resultLines(result));
		return result.bad.length === 0 ? 0 : exitCodeOf('image-damaged');
	},
};

function resultLines(result: VerifyResult): string[] {
	const extent = `${counted(result.blocks, 'block')}, ${formatBytes(result.bytes)} in ${formatDuration(result.seconds)}`;
	if (result.bad.length === 0) {
		return [`${result.file} is sound${result.sampled ? ' as far as it was sampled' : ''}: ${extent}`];
	}
	return [
		...result.bad.map(badBlock),
		`${result.file} is damaged: ${result.bad.length} bad of ${extent}. Its other blocks can still be restored, with restore --skip-bad-blocks.`,
	];
}
