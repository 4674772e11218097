import { shown } from '../options/option-values.ts';

/** What is asked, and how; a test answers by itself. */
export interface Dialog {
	/** Shows a line. */
	say(line: string): void;
	/** @throws AfterimageError `cancelled` */
	ask(question: string): Promise<string>;
}

/**
 * Has one of several lines chosen by its number; Enter is the first.
 * @param lines at least one, each one line
 * @returns its index
 */
export async function choose(
	dialog: Dialog,
	title: string,
	lines: readonly string[],
	question: string,
): Promise<number> {
	dialog.say('');
	dialog.say(title);
	const width = String(lines.length).length;
	lines.forEach((line, index) => dialog.say(`  ${String(index + 1).padStart(width)}  ${line}`));
	for (;;) {
		const answer = (await dialog.ask(`${question} [1]: `)).trim();
		if (answer === '') return 0;
		const number = /^\d{1,6}$/.test(answer) ? Number(answer) : 0;
		if (number >= 1 && number <= lines.length) return number - 1;
		dialog.say(`Expected a number from 1 to ${lines.length}, found ${shown(answer)}. Ctrl+C ends this.`);
	}
}
