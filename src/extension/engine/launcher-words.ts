/**
 * What a launcher or an engine said before it ended, in one line for a message: its error line where there is one, else
 * its last line. Stack traces stay in the output channel.
 */
export function wordsOf(output: string): string {
	const lines = output
		.split(/\r?\n/)
		.map((line) => line.trim())
		.filter((line) => line !== '' && !line.startsWith('at ') && !/^Node\.js v\d/.test(line));
	return lines.find((line) => /^\w*Error\b.*:/.test(line)) ?? lines.at(-1) ?? '';
}
