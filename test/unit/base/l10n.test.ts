import { describe, expect, it } from 'vitest';
import { english, textPieces, translator } from '../../../src/base/l10n.ts';

describe('texts', () => {
	it('have what varies filled in, in any order and more than once', () => {
		expect(english('{1} of {0}, {0}', 3, 'x')).toBe('x of 3, 3');
		expect(english('{0} and {1}', 'one')).toBe('one and {1}');
		expect(english('{0}', '{1}', 'never')).toBe('{1}');
	});

	it('come from the bundle, and stay English where it has none', () => {
		const german = translator({ 'Day {0}': 'Tag {0}' });
		expect(german('Day {0}', 5)).toBe('Tag 5');
		expect(german('Night {0}', 5)).toBe('Night 5');
		expect(german('toString')).toBe('toString');
	});

	it('can be cut at what varies', () => {
		expect(textPieces('Type {0} to confirm.')).toEqual(['Type ', 0, ' to confirm.']);
		expect(textPieces('{1}{0}')).toEqual([1, 0]);
	});
});
