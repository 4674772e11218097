import type { ParseArgsConfig } from 'node:util';
import type { Engine } from '../engine/engine.ts';
import type { Output } from './output/output.ts';

export type OptionValues = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

export interface CommandContext {
	readonly engine: Engine;
	readonly output: Output;
	readonly signal: AbortSignal;
}

export interface Command {
	readonly name: string;
	/** One line for the list of commands. */
	readonly summary: string;
	/** Complete text of `--help`. */
	readonly help: string;
	readonly options: NonNullable<ParseArgsConfig['options']>;
	/** Exit code. */
	run(values: OptionValues, operands: readonly string[], context: CommandContext): Promise<number>;
}

/** Options that every command has. */
export const commonOptions = {
	help: { type: 'boolean', short: 'h' },
	json: { type: 'boolean' },
} as const;

export const commonHelp = `  --json                 JSON lines on stdout: progress, log, result, error
  -h, --help             This text`;
