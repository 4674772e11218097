import { AfterimageError } from '../../base/errors.ts';

const maxDepth = 64;

/** Refuses text nested so deeply that walking it could exhaust the stack. */
export function checkJsonDepth(bytes: Uint8Array): void {
	let depth = 0;
	let quoted = false;
	for (let i = 0; i < bytes.length; i++) {
		const byte = bytes[i];
		if (quoted) {
			if (byte === 0x5c) i++;
			else if (byte === 0x22) quoted = false;
		} else if (byte === 0x22) quoted = true;
		else if (byte === 0x7b || byte === 0x5b) {
			if (++depth > maxDepth)
				throw new AfterimageError('image-damaged', `$JSON: expected at most ${maxDepth} levels, found more`, {
					details: { expected: maxDepth, position: i },
				});
		} else if (byte === 0x7d || byte === 0x5d) depth--;
	}
}

/** JSON with sorted keys, four spaces of indent and a newline at the end. */
export function sortedJson(value: unknown): string {
	return `${JSON.stringify(sorted(value), undefined, 4)}\n`;
}

function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(entries.map(([key, entry]) => [key, sorted(entry)]));
}
