import { openHistory } from '../engine/history/history.ts';
import { recordedEngine } from '../engine/history/recorded-engine.ts';
import { createEngine, engineVersion, systemPorts } from '../engine/main.ts';
import { commands } from './commands.ts';
import { runCommandLine } from './run.ts';

/** The composition root of `afterimage`. */
const controller = new AbortController();
let signals = 0;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(name, () => {
		controller.abort();
		// Who insists is not kept waiting: files of this run are then cleared away by the next one.
		if (++signals > 2) process.exit(4);
	});
}
// A reader that has gone (a closed pipe) is no failure of ours.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

process.exitCode = await runCommandLine(process.argv.slice(2), {
	version: engineVersion,
	commands,
	streams: { out: process.stdout, err: process.stderr },
	signal: controller.signal,
	async createEngine() {
		const ports = await systemPorts();
		return recordedEngine(await createEngine(ports), openHistory(ports.clock, ports.processes));
	},
});
