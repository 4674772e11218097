import { AfterimageError } from './errors.ts';

/** An argument for a Windows command line, as programs take it apart again (CommandLineToArgvW). */
export function windowsArgument(text: string): string {
	if (/^[^\s"]+$/.test(text)) return text;
	return `"${text.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

/**
 * Parameters of cmd.exe that run a command line with a variable set, which nothing else can do where a process is made
 * by somebody else: the Task Scheduler, or the service that asks for administrator rights.
 * @throws AfterimageError `not-supported` for what cmd.exe may replace even between quotation marks, or ends them
 */
export function withVariable(name: string, value: string, command: readonly string[]): string {
	for (const word of command) {
		if (!/["%\r\n]/.test(word)) continue;
		throw new AfterimageError(
			'not-supported',
			`${word}: cmd.exe would take its percent or quotation mark for something else`,
			{
				advice: 'Use a path without such a mark.',
			},
		);
	}
	// All words are quoted: outside of quotation marks &, ^, | and others have a meaning of their own.
	const line = command.map((word) => `"${word.replace(/\\+$/, '$&$&')}"`).join(' ');
	// With /s all between the first quotation mark and the last is the command; && directly behind the value keeps a space out of it.
	return `/d /v:off /s /c "set ${name}=${value}&& ${line}"`;
}
