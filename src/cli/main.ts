import { systemPhrase } from '../base/system-phrase.ts';
import { openHistory } from '../engine/history/history.ts';
import { recordedEngine } from '../engine/history/recorded-engine.ts';
import { createEngine, engineVersion, systemPorts } from '../engine/main.ts';
import { commands } from './commands.ts';
import { expectUtf8 } from './expect-utf8.ts';
import { runAndExit } from './run-and-exit.ts';
import { runCommandLine } from './run.ts';

/** The composition root of `afterimage`. */
let outputError: NodeJS.ErrnoException | undefined;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	// A reader that has gone (a closed pipe) is no failure of ours; a full disk has lost what was asked for.
	if (error.code === 'EPIPE' || outputError !== undefined) return;
	outputError = error;
	process.stderr.write(`Error: Standard output cannot be written: ${systemPhrase(error)}\n`);
});
process.stderr.on('error', () => undefined);
// Not before: such an error may come only after the command has ended.
process.on('exit', (code) => {
	if (outputError !== undefined && code === 0) process.exitCode = 1;
});

await runAndExit(process, (signal) =>
	runCommandLine(process.argv.slice(2), {
		version: engineVersion,
		commands,
		streams: { out: process.stdout, err: process.stderr },
		signal,
		checkArguments: expectUtf8,
		async createEngine() {
			const ports = await systemPorts();
			return recordedEngine(await createEngine(ports), openHistory(ports.clock, ports.processes));
		},
	}),
);
