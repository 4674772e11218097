import { formatBytes, formatDuration } from '../../base/quantity.ts';
import { commonHelp, type Command } from '../command.ts';
import { flagOf, invalid } from '../options/option-values.ts';

export const mergeCommand: Command = {
	name: 'merge',
	summary: 'Make one file of several backups of a set',
	help: `Usage: afterimage merge FILE… [options]

Merges backups of one set that follow each other: incrementals into one, or a full and the incrementals behind
it into a full (synthetic full). Blocks are copied as they are stored: no password is needed.

  --dry-run              Only tell what would be done
${commonHelp}
`,
	options: { 'dry-run': { type: 'boolean' } },
	async run(values, operands, { engine, output, signal }) {
		if (operands.length < 2) throw invalid('Expected at least two FILEs');
		const dryRun = flagOf(values, 'dry-run');
		const result = await engine.merge({ files: operands, dryRun }, { signal, emit: (event) => output.event(event) });
		output.result(result, [
			...result.removed.map((file) => `${dryRun ? 'Would remove' : 'Removed'} ${file}`),
			`${dryRun ? 'Would merge' : 'Merged'} into ${result.file}: ${formatBytes(result.movedBytes)} copied, ` +
				`${formatBytes(Math.max(0, result.freedBytes))} freed` +
				(dryRun ? '' : ` in ${formatDuration(result.seconds)}`),
		]);
		return 0;
	},
};
