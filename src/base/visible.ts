import { unseen } from './unseen.ts';

/**
 * A line for a terminal, a log or a view. Names and comments come from disks and images that anybody may have made: what
 * would steer the terminal, begin a line of its own or turn letters around is shown as its number.
 */
export function visible(line: string): string {
	return line.replace(unseen, (character) => {
		const code = character.charCodeAt(0).toString(16);
		return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
	});
}

/** The same for a text of several lines. */
export function visibleLines(text: string): string {
	return text.split('\n').map(visible).join('\n');
}
