import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { cancelled, throwIfAborted } from '../../../src/base/abort.ts';
import { AfterimageError } from '../../../src/base/errors.ts';
import { systemPhrase } from '../../../src/base/system-phrase.ts';
import { environment } from '../programs.ts';

/** Characters that are kept of what a tool says: the last of them. */
const longestOutput = 65_536;

/** What a tool calls the file that it is given. */
export const ownFile = '/proc/self/fd/3';

export interface ToolEnd {
	readonly code: number;
	/** What it wrote to both of its outputs. */
	readonly said: string;
}

/**
 * Runs a tool to its end, however long it takes, in a session of its own.
 * @param fd the file that it is to work on, by the name {@link ownFile}
 * @param answer its standard input
 * @throws AfterimageError `cancelled` as soon as it is killed because of the signal; `failed` when it cannot be started, or is killed
 * by somebody else
 */
export async function runTool(
	name: string,
	args: readonly string[],
	fd: number,
	signal: AbortSignal,
	answer = '',
): Promise<ToolEnd> {
	throwIfAborted(signal);
	const child = spawn(name, args, { env: environment, cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'pipe', fd] });
	const { stdin, stdout, stderr } = child as ChildProcessByStdio<Writable, Readable, Readable>;
	let said = '';
	for (const stream of [stdout, stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-longestOutput)));
	}
	// It may have ended before it reads.
	stdin.on('error', () => undefined);
	stdin.end(answer);
	const kill = () => void child.kill('SIGKILL');
	signal.addEventListener('abort', kill, { once: true });
	try {
		const end = await new Promise<{ code: number | null; by: string | null }>((done, fail) => {
			child.once('error', fail);
			child.once('close', (code, by) => done({ code, by }));
		});
		if (signal.aborted) throw cancelled();
		if (end.code !== null) return { code: end.code, said };
		throw new AfterimageError('failed', `${name} was ended by ${end.by} before it was done`, {
			details: { tool: name },
		});
	} catch (error) {
		if (error instanceof AfterimageError) throw error;
		throw new AfterimageError('failed', `${name} cannot be started: ${systemPhrase(error)}`, {
			details: { tool: name },
			cause: error,
		});
	} finally {
		signal.removeEventListener('abort', kill);
	}
}

/** A tool that ended otherwise than it has to, with the last lines that it wrote. */
export function toolFailure(name: string, { code, said }: ToolEnd, advice: string): AfterimageError {
	const lines = linesOf(said).slice(-4).join('; ');
	return new AfterimageError('failed', `${name} ended with ${code}: ${lines === '' ? 'it said nothing' : lines}`, {
		advice,
		details: { tool: name, code },
	});
}

/** Lines that say something, without the percentages that were written over each other. */
export function linesOf(said: string): string[] {
	return said
		.split(/[\r\n]+/)
		.map((line) =>
			line
				.replaceAll(`${ownFile}: `, '')
				.replace(/\s*\d+\.\d+ percent completed/g, '')
				.trim(),
		)
		.filter((line) => line !== '');
}
