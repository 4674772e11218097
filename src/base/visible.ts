import { unseen } from './unseen.ts';

/**
 * A line for a terminal or a log. Names and comments come from disks and images that anybody may have made: what would
 * steer the terminal, or begin a line of its own, is shown as its number.
 */
export function visible(line: string): string {
	return line.replace(unseen, (character) => {
		const code = character.charCodeAt(0).toString(16);
		return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
	});
}
