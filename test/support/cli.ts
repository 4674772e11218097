import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import './programs.ts';

/** How the command line is started: the one that is shipped, by this Node. */
export const commandLine = (): readonly [string, string] => [
	process.execPath,
	join(inject('programs'), 'afterimage.mjs'),
];

let dataFolder: string | undefined;

afterAll(() => {
	if (dataFolder !== undefined) rmSync(dataFolder, { recursive: true, force: true });
});

/** Where the runs of this file of tests leave their logs, so that the machine's own history stays as it is. */
export function testDataFolder(): string {
	dataFolder ??= mkdtempSync(join(tmpdir(), 'afterimage-test-data-'));
	return dataFolder;
}

export interface CliResult {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly out: string;
	readonly err: string;
}

export interface JsonLine {
	readonly type: string;
	readonly [key: string]: unknown;
}

/**
 * Runs the real command line in a process of its own.
 * @param started is given the process, to signal it
 * @param under a command that is to run it: a tracer, another clock, another processor
 */
export function afterimage(
	args: readonly string[],
	started?: (child: ChildProcess) => void,
	under: readonly string[] = [],
): Promise<CliResult> {
	const [command, ...rest] = [...under, ...commandLine(), ...args];
	return new Promise((done, reject) => {
		const child = spawn(command!, rest, {
			stdio: ['ignore', 'pipe', 'pipe'],
			env: { AFTERIMAGE_DATA: testDataFolder(), ...process.env },
		});
		let [out, err] = ['', ''];
		child.stdout.on('data', (data: Buffer) => (out += data.toString('utf8')));
		child.stderr.on('data', (data: Buffer) => (err += data.toString('utf8')));
		child.on('error', reject);
		child.on('close', (code, signal) => done({ code, signal, out, err }));
		started?.(child);
	});
}

/** Runs it with `--json` and gives its lines; fails with all it said when the exit code is another one. */
export async function afterimageJson(
	args: readonly string[],
	code = 0,
	under: readonly string[] = [],
): Promise<JsonLine[]> {
	const result = await afterimage([...args, '--json'], undefined, under);
	if (result.code !== code) {
		throw new Error(
			`afterimage ${args.join(' ')} ended with ${result.code ?? result.signal}: ${result.out}${result.err}`,
		);
	}
	return result.out
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as JsonLine);
}

/** The result line of a command that succeeds. */
export async function afterimageResult<T = JsonLine>(
	args: readonly string[],
	code = 0,
	under: readonly string[] = [],
): Promise<T> {
	const lines = await afterimageJson(args, code, under);
	const result = lines.find((line) => line.type === 'result');
	if (result === undefined) throw new Error(`No result: ${JSON.stringify(lines)}`);
	return result as T;
}
