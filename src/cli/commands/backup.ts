import { counted, formatBytes } from '../../base/quantity.ts';
import { runSummary } from '../../engine/history/summaries.ts';
import type { DefinitionRunResult } from '../../engine/requests/definition.ts';
import { commonHelp, type Command } from '../command.ts';
import { choiceOf, onlyOperand, pathOf, secondsOf } from '../options/option-values.ts';
import { givenPassword, withPassword } from '../options/password.ts';
import { imageLines } from './image.ts';

export const backupCommand: Command = {
	name: 'backup',
	summary: 'Run a backup definition',
	help: `Usage: afterimage backup DEFINITION [options]

Runs a backup definition: its scripts, the backup, its retention rules, verification and mail. The run leaves a
log and an entry in the history (afterimage runs).

  --type TYPE            full, inc, diff, or auto (default): what the definition says
  --wait TIME            While others have the folder, wait for up to 90s, 30m or 6h instead of ending at once (code 3).
                         It is a scheduled run then: where this definition has made a backup of the type, or of a
                         greater one, since the minute in which the run began, there is nothing to do.
  --password-file F      Password for an encrypted backup, in the first line of F; goes before the definition's own
${commonHelp}
`,
	options: { type: { type: 'string' }, wait: { type: 'string' }, 'password-file': { type: 'string' } },
	async run(values, operands, { engine, output, signal }) {
		const definition = onlyOperand(operands, 'DEFINITION');
		const type = choiceOf(values, 'type', ['full', 'inc', 'diff', 'auto'], 'auto');
		const wait = secondsOf(values, 'wait');
		const waits = wait === undefined ? {} : { wait: wait * 1000 };
		const given = givenPassword(pathOf(values, 'password-file'), output);
		const interactive = process.stdin.isTTY === true;
		let logPath: string | undefined;
		const control = {
			signal,
			emit: (event: Parameters<typeof output.event>[0]) => output.event(event),
			onLog: (path: string | undefined) => void (logPath = path),
		};
		const result = await withPassword(given, signal, (password) =>
			engine.backup({ definition, type, password, interactive, ...waits }, control),
		);
		output.result({ ...result, logPath }, resultLines(result, logPath));
		return 0;
	},
};

function resultLines(result: DefinitionRunResult, logPath: string | undefined): string[] {
	const { image, madeMeanwhile, purged, reverified } = result;
	const freed = purged.reduce((sum, step) => sum + step.freedBytes, 0);
	return [
		...(madeMeanwhile ? [runSummary(result).summary, ...image.files] : imageLines(image)),
		...(purged.length === 0 ? [] : [`Retention: ${counted(purged.length, 'step')}, ${formatBytes(freed)} freed`]),
		...(reverified.length === 0 ? [] : [`Verified again: ${counted(reverified.length, 'backup')}`]),
		...(logPath === undefined ? [] : [`Log: ${logPath}`]),
	];
}
