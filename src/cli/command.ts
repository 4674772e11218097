import { parseArgs, type ParseArgsConfig } from 'node:util';
import { AfterimageError } from '../base/errors.ts';
import type { Engine } from '../engine/engine.ts';
import type { Output } from './output.ts';

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

export interface ParsedCommand {
	readonly values: OptionValues;
	readonly operands: readonly string[];
}

/** @throws AfterimageError `invalid-argument` for an unknown option, or one without its value */
export function parseCommand(command: Command, args: readonly string[]): ParsedCommand {
	try {
		const { values, positionals } = parseArgs({
			args: [...args],
			options: { ...command.options, ...commonOptions },
			allowPositionals: true,
			strict: true,
		});
		return { values, operands: positionals };
	} catch (error) {
		const reason = error instanceof Error ? error.message.split('. ')[0]! : String(error);
		throw new AfterimageError('invalid-argument', reason, {
			advice: `See afterimage ${command.name} --help.`,
			cause: error,
		});
	}
}
