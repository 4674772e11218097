import { describe, expect, it } from 'vitest';
import { mondayOf } from '../../../../src/extension/schedule/date-tests.ts';

describe('mondayOf', () => {
	it('goes back to Monday, also over the end of a month and a year', () => {
		expect(['2026-11-23', '2026-11-29', '2027-01-01'].map(mondayOf)).toEqual([
			'2026-11-23',
			'2026-11-23',
			'2026-12-28',
		]);
	});
});
