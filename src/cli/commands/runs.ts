import { accessSync, constants } from 'node:fs';
import { formatBytes, formatDuration } from '../../base/quantity.ts';
import type { RunningRun, RunRecord } from '../../protocol/jobs.ts';
import { systemCode } from '../../base/system-code.ts';
import { commonHelp, type Command } from '../command.ts';
import { invalid, numberOf } from '../options/option-values.ts';
import { alignColumns } from '../output/table.ts';

const standardLimit = 20;

export const runsCommand: Command = {
	name: 'runs',
	summary: 'List what has run, with results and logs',
	help: `Usage: afterimage runs [options]

Lists runs, newest first, those that have not ended above the others: those of this user and of the system's
scheduler, from the command line and from VS Code. The logs of root's runs that others are shown leave out what
scripts were given and said; run it as root (sudo) for the whole ones.

  --limit N              How many; 20 without it
${commonHelp}
`,
	options: { limit: { type: 'string' } },
	async run(values, operands, { engine, output }) {
		if (operands.length > 0) throw invalid(`Expected no operand, found ${operands.join(' ')}`);
		const runs = await engine.runs(numberOf(values, 'limit', { least: 1, such: '50' }) ?? standardLimit);
		const running = await engine.running();
		output.result({ runs, running }, lines(runs, running));
		return 0;
	},
};

function lines(runs: readonly RunRecord[], running: readonly RunningRun[]): string[] {
	if (runs.length + running.length === 0) return ['Nothing has run yet'];
	const still = running.map((run) => [localTime(run.started), 'running', '', '', run.title, '', logCell(run.logPath)]);
	const rows = runs.map((run) => [
		localTime(run.started),
		run.outcome,
		formatDuration((Date.parse(run.ended) - Date.parse(run.started)) / 1000),
		run.bytesWritten === 0 ? '' : formatBytes(run.bytesWritten),
		run.title,
		run.summary,
		run.logPath === undefined ? '' : logCell(run.logPath),
	]);
	return alignColumns([['Started', 'Result', 'Took', 'Written', 'Run', 'Summary', 'Log'], ...still, ...rows], [3]);
}

/** Path of a log, and that it takes rights to read it. */
function logCell(path: string): string {
	try {
		accessSync(path, constants.R_OK);
		return path;
	} catch (error) {
		if (systemCode(error) !== 'EACCES') return path;
		return `${path} (${process.platform === 'win32' ? 'administrators' : 'root'} alone may read it)`;
	}
}

function localTime(time: string): string {
	return new Date(time).toLocaleString('sv-SE');
}
