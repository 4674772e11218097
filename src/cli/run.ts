import { nearest } from '../base/edit-distance.ts';
import { AfterimageError, exitCodeOf, toErrorRecord } from '../base/errors.ts';
import type { Engine } from '../engine/engine.ts';
import type { Command } from './command.ts';
import { shown } from './options/option-values.ts';
import { jsonOutput, textOutput, type Output, type OutputStreams } from './output/output.ts';
import { parseCommand } from './options/parse.ts';

export interface CommandLine {
	readonly version: string;
	readonly commands: readonly Command[];
	readonly streams: OutputStreams;
	readonly signal: AbortSignal;
	/** Refuses arguments that did not come as they were typed. @throws AfterimageError `invalid-argument` */
	readonly checkArguments?: (args: readonly string[]) => void;
	/** Made only when a command runs. */
	readonly createEngine: () => Promise<Engine>;
}

/** Runs `afterimage` with the arguments after its name. Never throws; gives the exit code. */
export async function runCommandLine(args: readonly string[], line: CommandLine): Promise<number> {
	const end = args.indexOf('--');
	// Behind it stand paths, whatever they look like.
	const asJson = (end === -1 ? args : args.slice(0, end)).includes('--json');
	const output: Output = asJson ? jsonOutput(line.streams) : textOutput(line.streams);
	try {
		line.checkArguments?.(args);
		return await dispatch(args, output, line);
	} catch (error) {
		output.error(error);
		return exitCodeOf(toErrorRecord(error).code);
	} finally {
		output.finish();
	}
}

async function dispatch(args: readonly string[], output: Output, line: CommandLine): Promise<number> {
	// It says how things are told, wherever it stands.
	const first = args.findIndex((arg) => arg !== '--json');
	const name = first === -1 ? undefined : args[first];
	const rest = first === -1 ? [] : args.slice(first + 1);
	switch (name) {
		case undefined:
			line.streams.out.write(overview(line));
			return 2;
		case '-h':
		case '--help':
		case 'help': {
			const asked = rest.find((arg) => arg !== '--json');
			line.streams.out.write(asked === undefined ? overview(line) : commandOf(asked, line.commands).help);
			return 0;
		}
		case '--version':
			line.streams.out.write(`${line.version}\n`);
			return 0;
		default:
			return runCommand(commandOf(name, line.commands), rest, output, line);
	}
}

function commandOf(name: string, commands: readonly Command[]): Command {
	const command = commands.find((one) => one.name === name);
	if (command !== undefined) return command;
	const names = commands.map((one) => one.name);
	const [meant] = nearest(name, names);
	const question = meant === undefined ? '' : `; is ${meant} meant?`;
	throw new AfterimageError('invalid-argument', `There is no command ${shown(name)}${question}`, {
		advice: `There are ${names.join(', ')}; see afterimage --help.`,
	});
}

async function runCommand(
	command: Command,
	args: readonly string[],
	output: Output,
	line: CommandLine,
): Promise<number> {
	const { values, operands } = parseCommand(command, args);
	if (values['help'] === true) {
		line.streams.out.write(command.help);
		return 0;
	}
	const engine = await line.createEngine();
	return command.run(values, operands, { engine, output, signal: line.signal });
}

function overview(line: CommandLine): string {
	const width = Math.max(...line.commands.map((command) => command.name.length));
	const list = line.commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`).join('\n');
	return `afterimage ${line.version}: images of disks and partitions, and back

${list}

afterimage COMMAND --help tells the options of a command.

Exit codes: 0 success, 1 failed, 2 invalid definition or arguments, 3 busy, 4 cancelled, 5 wrong password,
6 image damaged, 7 not enough space, 8 source or destination missing, 9 backup overdue.
`;
}
