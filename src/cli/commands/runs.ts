import { formatBytes, formatDuration } from '../../base/quantity.ts';
import type { RunRecord } from '../../protocol/jobs.ts';
import { commonHelp, type Command } from '../command.ts';
import { invalid, numberOf } from '../option-values.ts';
import { alignColumns } from '../table.ts';

const standardLimit = 20;

export const runsCommand: Command = {
	name: 'runs',
	summary: 'List what has run, with results and logs',
	help: `Usage: afterimage runs [options]

Lists finished runs, newest first: those of this user and of the system's scheduler, from the command line and
from VS Code.

  --limit N              How many; 20 without it
${commonHelp}
`,
	options: { limit: { type: 'string' } },
	async run(values, operands, { engine, output }) {
		if (operands.length > 0) throw invalid(`Expected no operand, found ${operands.join(' ')}`);
		const runs = await engine.runs(numberOf(values, 'limit', { least: 1, such: '50' }) ?? standardLimit);
		output.result({ runs }, lines(runs));
		return 0;
	},
};

function lines(runs: readonly RunRecord[]): string[] {
	if (runs.length === 0) return ['Nothing has run yet'];
	const rows = runs.map((run) => [
		localTime(run.started),
		run.outcome,
		formatDuration((Date.parse(run.ended) - Date.parse(run.started)) / 1000),
		run.bytesWritten === 0 ? '' : formatBytes(run.bytesWritten),
		run.title,
		run.summary,
		run.logPath ?? '',
	]);
	return alignColumns([['Started', 'Result', 'Took', 'Written', 'Run', 'Summary', 'Log'], ...rows], [3]);
}

function localTime(time: string): string {
	return new Date(time).toLocaleString('sv-SE');
}
