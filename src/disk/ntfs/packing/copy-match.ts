import { damaged } from '../../../base/errors.ts';

/**
 * Repeats `length` bytes that lie `distance` back; the two may overlap.
 * @param what names the way of compressing in messages
 * @param at byte offset for messages
 * @throws AfterimageError `structure-damaged` when the match begins before `target` or ends behind it
 */
export function copyMatch(
	target: Uint8Array,
	to: number,
	distance: number,
	length: number,
	what: string,
	at: number,
): void {
	if (distance > to || distance === 0)
		throw damaged('structure-damaged', `${what} match, distance`, at, `1 to ${to}`, distance);
	if (length > target.length - to)
		throw damaged('structure-damaged', `${what} match, length`, at, `at most ${target.length - to}`, length);
	for (let i = to; i < to + length; i++) target[i] = target[i - distance]!;
}
