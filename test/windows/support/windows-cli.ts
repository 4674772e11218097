import { windowsPath, type WineOptions, type WineResult, type Windows } from './wine.ts';

/** A line of `--json`. */
export interface JsonLine {
	readonly type: string;
	readonly [key: string]: unknown;
}

/** Runs the built command line with Node for Windows. @param program see `buildForWindows` */
export function afterimageThere(
	windows: Windows,
	program: string,
	args: readonly string[],
	options?: WineOptions,
): Promise<WineResult> {
	return windows.node([windowsPath(program), ...args], options);
}

/** The result line of a command that succeeds; fails with all it said otherwise. */
export async function resultThere<T>(windows: Windows, program: string, args: readonly string[]): Promise<T> {
	const { code, out, err } = await afterimageThere(windows, program, [...args, '--json']);
	const result = linesOf(out).find((line) => line.type === 'result');
	if (code === 0 && result !== undefined) return result as T;
	throw new Error(`afterimage ${args.join(' ')} ended with ${code}: ${out}${err}`);
}

/** The error line of a command that fails with an exit code. */
export async function errorThere(
	windows: Windows,
	program: string,
	args: readonly string[],
): Promise<{
	readonly exit: number | null;
	readonly code: string;
	readonly message: string;
	readonly advice?: string;
}> {
	const { code, out, err } = await afterimageThere(windows, program, [...args, '--json']);
	const error = linesOf(out).find((line) => line.type === 'error');
	if (error === undefined)
		throw new Error(`afterimage ${args.join(' ')} ended with ${code} and no error: ${out}${err}`);
	const record = (error['error'] ?? error) as { code: string; message: string; advice?: string };
	return { ...record, exit: code };
}

export function linesOf(out: string): JsonLine[] {
	return out
		.split('\n')
		.filter((line) => line.startsWith('{'))
		.map((line) => JSON.parse(line) as JsonLine);
}
