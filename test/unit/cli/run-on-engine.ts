import { commands } from '../../../src/cli/commands.ts';
import { runCommandLine } from '../../../src/cli/run.ts';
import type { Engine } from '../../../src/engine/engine.ts';

/** Runs the command line on an engine whose every job does what the test says. */
export async function run(args: readonly string[], job: (request: unknown) => unknown = () => ({})) {
	let [out, err] = ['', ''];
	const requests: unknown[] = [];
	const engine = new Proxy({} as Engine, {
		get: (_, name) =>
			name === 'then'
				? undefined
				: async (request: unknown) => {
						requests.push(request);
						return job(request);
					},
	});
	const code = await runCommandLine(args, {
		version: '1.2.3',
		commands,
		streams: { out: { write: (text) => (out += text) }, err: { write: (text) => (err += text) } },
		signal: new AbortController().signal,
		createEngine: async () => engine,
	});
	return { code, out, err, requests };
}
