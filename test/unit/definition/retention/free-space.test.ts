import { describe, expect, it } from 'vitest';
import { planFreeSpace } from '../../../../src/definition/retention/free-space.ts';
import { day, keep, plan, set, start, words } from './sets.ts';

describe('free space', () => {
	const sets = [set('A', 'F0 I1'), set('B', 'F2'), set('C', 'F3'), set('D', 'F4', { matching: false })];

	it('deletes the oldest sets until enough is free', () => {
		const { steps, notes } = plan(sets, { minFreeBytes: 1000 }, { freeBytes: 750 });
		expect(words(steps)).toEqual(['delete-set A-1 A-0', 'delete-set B-0']);
		expect(steps[0]!.reason).toBe('Free space: 750 bytes free, at least 1000 bytes wanted; the oldest set goes.');
		expect(notes).toEqual([]);
	});

	it('counts what the other rules free first', () => {
		const { steps } = plan(sets, { full: keep(2), minFreeBytes: 1000 }, { freeBytes: 800 });
		expect(words(steps)).toEqual(['delete-set A-1 A-0']);
	});

	it('keeps the last set and says that it is not enough', () => {
		const { steps, notes } = plan(sets, { minFreeBytes: 5000 }, { freeBytes: 0 });
		expect(words(steps)).toEqual(['delete-set A-1 A-0', 'delete-set B-0']);
		expect(notes[0]!.text).toContain('set C is the last');
	});

	it('passes over the set that a running backup writes or stands on', () => {
		const input = { sets, scope: 'all' as const, freeBytes: 0, minFreeBytes: 1000, now: start, protect: ['A'] };
		expect(words(planFreeSpace(input).steps)).toEqual(['delete-set B-0', 'delete-set D-0']);
	});

	it('deletes each file of a set once, what an interrupted merge left behind included', () => {
		const base = set('A', 'F0 I1 I2 I3');
		const files = base.files.map((file, i) => (i === 1 ? { ...file, mergedFiles: [2], time: start + 2 * day } : file));
		const input = {
			sets: [{ ...base, files }, set('B', 'F4')],
			scope: 'all' as const,
			freeBytes: 0,
			minFreeBytes: 1,
			now: start,
		};
		expect(words(planFreeSpace(input).steps)).toEqual(['delete-set A-3 A-2 A-1 A-0']);
	});

	it('does nothing while enough is free, and when it cannot know', () => {
		expect(plan(sets, { minFreeBytes: 1000 }, { freeBytes: 1000 }).steps).toEqual([]);
		expect(plan(sets, { minFreeBytes: 1000 }).steps).toEqual([]);
	});
});
