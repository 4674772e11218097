import { counted, formatBytes } from '../../base/quantity.ts';
import type { RetentionRule, RetentionUnit } from '../../definition/retention/types.ts';
import type { PurgeStep } from '../../engine/requests/retention.ts';
import { commonHelp, type Command, type OptionValues } from '../command.ts';
import { choiceOf, flagOf, invalid, minFreeOf, numberOf, onlyOperand } from '../options/option-values.ts';

export const purgeCommand: Command = {
	name: 'purge',
	summary: 'Apply retention rules to a folder',
	help: `Usage: afterimage purge FOLDER [rules] [options]

Removes and merges old backups until the rules hold; a rule that is not given keeps everything of its type.
Prints each step with its reason and the bytes that it frees.

  --full N               Keep N fulls; an older one goes with its whole set
  --diff N               Keep N differentials; an older one goes with the incrementals on it
  --inc N                Keep N incrementals; older ones are merged, or go where nothing needs them
  --unit UNIT            What N counts: backups (default), days, weeks or months
  --all-sets             Apply the rules to all sets together, not only to sets of the same partitions
  --synthetic            Roll the full forward instead of merging incrementals, where there are no differentials
  --min-free GB          Then delete the oldest sets until GB are free
  --dry-run              Only tell what would be done
${commonHelp}
`,
	options: {
		full: { type: 'string' },
		diff: { type: 'string' },
		inc: { type: 'string' },
		unit: { type: 'string' },
		'all-sets': { type: 'boolean' },
		synthetic: { type: 'boolean' },
		'min-free': { type: 'string' },
		'dry-run': { type: 'boolean' },
	},
	async run(values, operands, { engine, output, signal }) {
		const folder = onlyOperand(operands, 'FOLDER');
		const unit = choiceOf(values, 'unit', ['backups', 'days', 'weeks', 'months'], 'backups');
		const minFreeBytes = minFreeOf(values);
		const rules = {
			scope: flagOf(values, 'all-sets') ? ('all' as const) : ('matching' as const),
			full: ruleOf(values, 'full', unit),
			differential: ruleOf(values, 'diff', unit),
			incremental: ruleOf(values, 'inc', unit),
			syntheticFull: flagOf(values, 'synthetic'),
			runBefore: false,
			minFreeBytes,
		};
		if (
			![rules.full, rules.differential, rules.incremental].some((rule) => rule.enabled) &&
			minFreeBytes === undefined
		) {
			throw invalid('No rule is given: expected --full, --diff, --inc or --min-free');
		}
		const dryRun = flagOf(values, 'dry-run');
		const result = await engine.purge({ folder, rules, dryRun }, { signal, emit: (event) => output.event(event) });
		output.result(result, [
			...result.steps.flatMap(stepLines),
			...result.notes.map((note) => `Left alone: ${note}`),
			`${dryRun ? 'Would free' : 'Freed'} ${formatBytes(result.freedBytes)} in ${counted(result.steps.length, 'step')}`,
		]);
		return 0;
	},
};

function ruleOf(values: OptionValues, name: string, unit: RetentionUnit): RetentionRule {
	const keep = numberOf(values, name, { least: 1, most: 9999, such: '12' });
	return { enabled: keep !== undefined, keep: keep ?? 1, unit };
}

const verbs: Readonly<Record<PurgeStep['kind'], string>> = {
	'delete-leftovers': 'Delete leftovers',
	'delete-set': 'Delete set',
	'delete-differential': 'Delete differential',
	'delete-incrementals': 'Delete incrementals',
	merge: 'Merge',
	'roll-forward': 'Roll forward',
};

function stepLines(step: PurgeStep): string[] {
	return [
		`${verbs[step.kind]} (${formatBytes(Math.max(0, step.freedBytes))}): ${step.reason}`,
		...step.files.map((file) => `  ${file}`),
	];
}
