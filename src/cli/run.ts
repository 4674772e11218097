import { AfterimageError, exitCodeOf, toErrorRecord } from '../base/errors.ts';
import type { Engine } from '../engine/engine.ts';
import { parseCommand, type Command } from './command.ts';
import { jsonOutput, textOutput, type Output, type OutputStreams } from './output.ts';

export interface CommandLine {
	readonly version: string;
	readonly commands: readonly Command[];
	readonly streams: OutputStreams;
	readonly signal: AbortSignal;
	/** Made only when a command runs. */
	readonly createEngine: () => Promise<Engine>;
}

/** Runs `afterimage` with the arguments after its name. Never throws; gives the exit code. */
export async function runCommandLine(args: readonly string[], line: CommandLine): Promise<number> {
	const [name, ...rest] = args;
	if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
		const topic = line.commands.find((command) => command.name === rest[0]);
		line.streams.out.write(topic?.help ?? overview(line));
		return name === undefined ? 2 : 0;
	}
	if (name === '--version') {
		line.streams.out.write(`${line.version}\n`);
		return 0;
	}
	const output: Output = rest.includes('--json') ? jsonOutput(line.streams) : textOutput(line.streams);
	const command = line.commands.find((one) => one.name === name);
	try {
		if (command === undefined) {
			throw new AfterimageError('invalid-argument', `There is no command ${name}`, {
				advice: 'See afterimage --help.',
			});
		}
		return await runCommand(command, rest, output, line);
	} catch (error) {
		output.error(error);
		return exitCodeOf(toErrorRecord(error).code);
	} finally {
		output.finish();
	}
}

async function runCommand(command: Command, args: string[], output: Output, line: CommandLine): Promise<number> {
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
6 image damaged, 7 not enough space, 8 source or destination missing.
`;
}
