import { counted, formatBytes } from '../../base/quantity.ts';
import { localZone } from '../../base/local-zone.ts';
import type { SimulatedDay, SimulatedRun } from '../../definition/plan/simulate.ts';
import type { BackupSet, BackupType } from '../../definition/retention/types.ts';
import { commonHelp, type Command } from '../command.ts';
import { numberOf, onlyOperand, sizeOf } from '../options/option-values.ts';

const standardDays = 90;
/** Ten years: more is a mistake. */
const mostDays = 3660;
const gigabyte = 2 ** 30;

export const planCommand: Command = {
	name: 'plan',
	summary: 'Show what a definition will make and delete in the days to come',
	help: `Usage: afterimage plan DEFINITION [options]

Goes through the schedules and retention rules of a definition day by day: what runs, which files there are,
what goes and why. Nothing is read from disks and nothing is written; sizes are assumptions.

  --days N               How many days; 90 without it
  --full-size SIZE       Size of a full backup; 100G without it
  --change SIZE          What changes in a day; 2G without it
  --capacity SIZE        Size of the destination, for the free-space rule
${commonHelp}
`,
	options: {
		days: { type: 'string' },
		'full-size': { type: 'string' },
		change: { type: 'string' },
		capacity: { type: 'string' },
	},
	async run(values, operands, { output }) {
		const file = onlyOperand(operands, 'DEFINITION');
		const assumed = {
			days: numberOf(values, 'days', { least: 1, most: mostDays, such: '365' }) ?? standardDays,
			fullBytes: sizeOf(values, 'full-size', { least: 1, such: '500G' }) ?? 100 * gigabyte,
			changedBytesPerDay: sizeOf(values, 'change', { least: 0, such: '5G' }) ?? 2 * gigabyte,
			capacity: sizeOf(values, 'capacity', { least: 1, such: '4T' }),
		};
		const [{ loadDefinition }, { simulate }] = await Promise.all([
			import('../../engine/definition-run/load-definition.ts'),
			import('../../definition/plan/simulate.ts'),
		]);
		const { definition, path } = loadDefinition(file);
		const systemZone = localZone();
		const simulated = simulate({ definition, from: Date.now(), systemZone, ...assumed });
		const zone = definition.scheduling.timeZone ?? systemZone;
		output.result({ definition: path, zone, days: simulated }, planLines(simulated, zone));
		return 0;
	},
};

const typeNames: Readonly<Record<BackupType, string>> = { full: 'Full', diff: 'Differential', inc: 'Incremental' };

function planLines(days: readonly SimulatedDay[], zone: string): string[] {
	const runs = days.flatMap((day) => day.runs.map((run) => ({ run, day })));
	if (runs.length === 0) return ['No schedule runs in this time'];
	const last = days.at(-1)!;
	const fullest = days.reduce((most, day) => Math.max(most, day.bytes), 0);
	return [
		...runs.flatMap(({ run }) => runLines(run, zone)),
		'',
		`After ${counted(days.length, 'day')}, ${counted(runs.length, 'run')}; at most ${formatBytes(fullest)} are in use:`,
		...last.sets.flatMap(setLines),
		`${formatBytes(last.bytes)} in all`,
	];
}

function runLines(run: SimulatedRun, zone: string): string[] {
	const day = new Date(run.time).toLocaleDateString('en-US', { timeZone: zone, weekday: 'short' });
	const time = new Date(run.time).toLocaleString('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
	return [
		`${day} ${time}  ${typeNames[run.made]}  ${run.file.name}  ${formatBytes(run.file.bytes)}`,
		...run.steps.map((step) => `    ${step.files.map((file) => file.name).join(', ')}: ${step.reason}`),
		...run.notes.map((note) => `    ${note.text}`),
	];
}

function setLines(set: BackupSet): string[] {
	const files = [...set.files].sort((a, b) => a.fileNumber - b.fileNumber);
	return files.map(({ name, type, bytes, mergedFiles }) => {
		const merged = mergedFiles.length === 0 ? '' : `, with ${mergedFiles.length} merged into it`;
		return `  ${name}  ${typeNames[type]}, ${formatBytes(bytes)}${merged}`;
	});
}
