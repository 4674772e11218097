import { parseArgs } from 'node:util';
import { nearest } from '../../base/edit-distance.ts';
import { AfterimageError } from '../../base/errors.ts';
import { commonOptions, type Command, type OptionValues } from '../command.ts';
import { shown } from './option-values.ts';

export interface ParsedCommand {
	readonly values: OptionValues;
	readonly operands: readonly string[];
}

/**
 * Options and operands of a command.
 * @throws AfterimageError `invalid-argument` for an unknown option, one without its value or with one that it does not
 * take, and an empty operand
 */
export function parseCommand(command: Command, args: readonly string[]): ParsedCommand {
	const options = { ...command.options, ...commonOptions };
	const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
	for (const token of parsed.tokens) {
		if (token.kind === 'option') checkOption(command, options, token);
		// A path that a script left empty would be the folder that it runs in.
		if (token.kind === 'positional' && token.value === '') throw refusal(command, 'An operand is empty');
	}
	return { values: parsed.values, operands: parsed.positionals };
}

interface OptionToken {
	readonly name: string;
	/** As it was typed, with its dashes. */
	readonly rawName: string;
	readonly value: string | undefined;
	/** Whether the value was behind `=`. */
	readonly inlineValue: boolean | undefined;
}

function checkOption(command: Command, options: Command['options'], option: OptionToken): void {
	const { name, rawName, value } = option;
	if (!Object.hasOwn(options, name)) {
		const [meant] = rawName.startsWith('--') ? nearest(name, Object.keys(options)) : [];
		const question = meant === undefined ? '' : `; is --${meant} meant?`;
		throw refusal(command, `Unknown option ${shown(rawName)}${question}`);
	}
	if (options[name]!.type === 'boolean') {
		if (value !== undefined) throw refusal(command, `${rawName} takes no value, found ${shown(value)}`);
		return;
	}
	if (value === undefined) throw refusal(command, `${rawName}: its value is missing`);
	if (option.inlineValue !== true && /^-./.test(value)) {
		throw new AfterimageError('invalid-argument', `${rawName}: expected its value, found the option ${shown(value)}`, {
			advice: `Write ${rawName}=${value} where that is the value.`,
		});
	}
}

function refusal(command: Command, message: string): AfterimageError {
	return new AfterimageError('invalid-argument', message, {
		advice: `afterimage ${command.name} --help tells what it takes.`,
	});
}
