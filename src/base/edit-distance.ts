/** Fewest characters to insert, delete, replace or swap with their neighbour that make one text of the other. */
function editDistance(a: string, b: string): number {
	let beforeLast: number[] = [];
	let last = Array.from({ length: b.length + 1 }, (_, column) => column);
	for (let row = 1; row <= a.length; row++) {
		const current = [row];
		for (let column = 1; column <= b.length; column++) {
			const same = a[row - 1] === b[column - 1] ? 0 : 1;
			let best = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + same);
			if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
				best = Math.min(best, beforeLast[column - 2]! + 1);
			}
			current.push(best);
		}
		beforeLast = last;
		last = current;
	}
	return last[b.length]!;
}

/** The words that `text` may be meant to be, nearest first. Case and the choice of `-`, `_` and space do not count. */
export function nearest(text: string, words: readonly string[]): string[] {
	const plain = simplify(text);
	return words
		.map((word) => ({ word, distance: distanceOf(plain, simplify(word)) }))
		.filter(({ word, distance }) => distance <= Math.max(1, Math.floor(Math.min(word.length, text.length) / 3)))
		.sort((a, b) => a.distance - b.distance)
		.map(({ word }) => word);
}

/** A word that is the beginning of the other, or its plural, is as near as a typing error. */
function distanceOf(a: string, b: string): number {
	if (a.length >= 3 && (b.startsWith(a) || a.startsWith(b))) return Math.min(1, Math.abs(a.length - b.length));
	return editDistance(a.slice(0, 60), b.slice(0, 60));
}

function simplify(word: string): string {
	return word
		.trim()
		.toLowerCase()
		.replace(/[-_\s]+/g, '');
}
