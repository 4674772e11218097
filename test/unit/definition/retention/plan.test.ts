import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../../../src/definition/retention/apply.ts';
import { planFreeSpace } from '../../../../src/definition/retention/free-space.ts';
import { day, keep, left, plan, set, start, words } from './sets.ts';

describe('the seed', () => {
	it('calendar: keeping 4 of 6 incrementals merges the two oldest into the oldest kept one', () => {
		const sets = [set('A', 'F0 D7 I8 I9 I10 I11'), set('B', 'F14 I15 I16')];
		const { steps } = plan(sets, { incremental: keep(4) });
		expect(words(steps)).toEqual(['merge A-2 A-3 A-4']);
		expect(left(sets, steps)).toEqual(['A-0', 'A-1', 'A-2', 'A-5', 'B-0', 'B-1', 'B-2']);
		const merged = applyPlan(sets, steps)[0]!.files[2]!;
		expect(merged).toMatchObject({ time: start + 10 * day, mergedFiles: [3, 4], incrementNumber: 2, type: 'inc' });
		expect(steps[0]!.reason).toBe(
			'Incremental: keep 4 incremental backups; 2 older ones merged into the oldest kept one.',
		);
	});

	it('note on version 6: keep 1 full before a full deletes every set', () => {
		const sets = [set('A', 'F0 I1'), set('B', 'F7 I8')];
		const { steps } = plan(sets, { full: keep(1), runBefore: true }, { coming: 'full' });
		expect(words(steps)).toEqual(['delete-set A-1 A-0', 'delete-set B-1 B-0']);
	});

	it('keep 1 full before an incremental leaves the set that it joins', () => {
		const sets = [set('A', 'F0 I1'), set('B', 'F7 I8')];
		const { steps } = plan(sets, { full: keep(1), runBefore: true }, { coming: 'inc' });
		expect(words(steps)).toEqual(['delete-set A-1 A-0']);
	});

	it('keeps the set that has the newest backup, though another was begun later', () => {
		// B was elsewhere on day 9 and is back.
		const sets = [set('A', 'F0 I9'), set('B', 'F7')];
		expect(words(plan(sets, { full: keep(1) }).steps)).toEqual(['delete-set B-0']);
		expect(words(plan(sets, { full: keep(1, 'days') }).steps)).toEqual(['delete-set B-0']);
		const space = {
			now: start + 30 * day,
			sets,
			scope: 'all',
			freeBytes: 0,
			minFreeBytes: 1,
		} as const;
		expect(words(planFreeSpace(space).steps)).toEqual(['delete-set B-0']);
	});

	it('a full goes with all that is linked to it, newest file first', () => {
		const sets = [set('A', 'F0 D1 I2'), set('B', 'F7'), set('C', 'F14')];
		const { steps } = plan(sets, { full: keep(2) });
		expect(words(steps)).toEqual(['delete-set A-2 A-1 A-0']);
		expect(steps[0]!.bytesFreed).toBe(300);
	});

	it('a differential goes with the incrementals that stand on it, and with no others', () => {
		const sets = [set('A', 'F0 I1 D2 I3 D4 I5')];
		const { steps } = plan(sets, { differential: keep(1) });
		expect(words(steps)).toEqual(['delete-differential A-3 A-2']);
		expect(left(sets, steps)).toEqual(['A-0', 'A-1', 'A-4', 'A-5']);
	});

	it('counts differentials over all sets', () => {
		const sets = [set('A', 'F0 D1 D2'), set('B', 'F7 D8 D9')];
		expect(words(plan(sets, { differential: keep(3) }).steps)).toEqual(['delete-differential A-1']);
	});

	it('looks at matching sets alone, or at all of the folder', () => {
		const sets = [set('A', 'F0', { matching: false }), set('B', 'F1'), set('C', 'F2', { matching: false })];
		expect(words(plan(sets, { full: keep(1) }).steps)).toEqual([]);
		expect(words(plan(sets, { full: keep(1), scope: 'all' }).steps)).toEqual(['delete-set A-0', 'delete-set C-0']);
	});
});

describe('worked example of version 7.2 (00, 01, 02, 03; synthetic full; keep 1)', () => {
	it('after the backup: 00 is merged with 03', () => {
		const { steps } = plan([set('A', 'F0 I1 I2 I3 I4')], { incremental: keep(1), syntheticFull: true });
		expect(words(steps)).toEqual(['roll-forward A-0 A-1 A-2 A-3']);
	});

	it('before the backup: 00 is merged with 03, and no incremental is lost', () => {
		const sets = [set('A', 'F0 I1 I2 I3')];
		const some = { incremental: keep(1), syntheticFull: true, runBefore: true };
		const { steps } = plan(sets, some, { coming: 'inc' });
		expect(words(steps)).toEqual(['roll-forward A-0 A-1 A-2 A-3']);
		expect(applyPlan(sets, steps)[0]!.files).toMatchObject([
			{ name: 'A-0', type: 'full', time: start + 3 * day, mergedFiles: [1, 2, 3] },
		]);
	});
});

describe('incrementals', () => {
	it('deletes those of a branch that keeps none', () => {
		const sets = [set('A', 'F0 I1 I2 D3 I4 I5')];
		const { steps } = plan(sets, { incremental: keep(1) });
		expect(words(steps)).toEqual(['delete-incrementals A-2 A-1', 'merge A-4 A-5']);
	});

	it('makes room for a coming incremental, not for a coming differential', () => {
		const sets = [set('A', 'F0 I1 I2 I3')];
		const some = { incremental: keep(2), runBefore: true };
		expect(words(plan(sets, some, { coming: 'inc' }).steps)).toEqual(['merge A-1 A-2 A-3']);
		expect(words(plan(sets, some, { coming: 'diff' }).steps)).toEqual(['merge A-1 A-2']);
	});

	it('merges instead of rolling forward where the set has a differential', () => {
		const { steps } = plan([set('A', 'F0 I1 I2 D3 I4')], { incremental: keep(2), syntheticFull: true });
		expect(words(steps)).toEqual(['merge A-1 A-2']);
	});

	it('leaves a set with a split backup alone and says so', () => {
		const base = set('A', 'F0 I1 I2');
		const sets = [{ ...base, files: base.files.map((file, i) => (i === 1 ? { ...file, split: true } : file)) }];
		const { steps, notes } = plan(sets, { incremental: keep(1) });
		expect(steps).toEqual([]);
		expect(notes.map((note) => note.text)).toEqual([
			'Incrementals of set A stay: the set has backups that are split into several files.',
		]);
	});

	it('uses the size of a merge when it is told', () => {
		const sets = [set('A', 'F0 I1 I2')];
		const { steps } = plan(sets, { incremental: keep(1) }, { mergedBytes: () => 150 });
		expect(steps[0]!.bytesFreed).toBe(50);
		expect(applyPlan(sets, steps)[0]!.files[1]!.bytes).toBe(150);
	});
});

describe('rules by age', () => {
	it('keeps a backup of exactly the boundary and drops the one before it', () => {
		const sets = [set('A', 'F0'), set('B', 'F9'), set('C', 'F10'), set('D', 'F30')];
		const { steps } = plan(sets, { full: keep(20, 'days') });
		expect(words(steps)).toEqual(['delete-set A-0', 'delete-set B-0']);
	});

	it('keeps a backup of exactly the second, in whatever part of a second they are applied', () => {
		const sets = [set('A', 'F9'), set('B', 'F10'), set('C', 'F30')];
		const at = (milliseconds: number) => ({ now: Date.UTC(2026, 1, 4) + milliseconds });
		const gone = (milliseconds: number) => words(plan(sets, { full: keep(20, 'days') }, at(milliseconds)).steps);
		expect(gone(999)).toEqual(['delete-set A-0']);
		expect(gone(1000)).toEqual(['delete-set A-0', 'delete-set B-0']);
	});

	it('counts months by the calendar', () => {
		const sets = [set('A', 'F0'), set('B', 'F10')];
		// 31 March minus one month is 28 February: day 54 of this calendar.
		const at = { now: Date.UTC(2026, 2, 31) };
		const some = { full: keep(1, 'months') };
		expect(words(plan([...sets, set('C', 'F53'), set('D', 'F54')], some, at).steps)).toHaveLength(3);
	});

	it('counts days by the clock on the wall', () => {
		// Berlin sets its clocks forward on 29 March 2026: one day back from noon on the 29th is 23 hours.
		const noon = Date.UTC(2026, 2, 29, 10);
		const hour = 3_600_000;
		const sets = [set('A', 'F0', { time: 0 }), set('B', 'F1')].map((one, i) => ({
			...one,
			files: one.files.map((file) => ({ ...file, time: noon - (i === 0 ? 23 : 0) * hour })),
		}));
		const at = { now: noon, zone: 'Europe/Berlin' };
		expect(plan(sets, { full: keep(1, 'days') }, at).steps).toHaveLength(0);
		expect(plan(sets, { full: keep(1, 'days') }, { ...at, now: noon + 1000 }).steps).toHaveLength(1);
	});

	it('leaves out of ages what no backup was made in for more than two years: a clock was wrong', () => {
		const rules = { full: keep(7, 'days'), incremental: keep(7, 'days') };
		// Days 0 and 1 are of 1970, say; or those from 20,000 on of 2080.
		const sets = [set('C', 'F20003'), set('B', 'F20001'), set('A', 'F0 I1')];
		const after = (days: number) => plan(sets, rules, { now: start + days * day });
		expect(words(after(20_004).steps)).toEqual([]);
		expect(after(20_004).notes.map(({ text }) => text)).toEqual([
			"No backup was made from 2026-01-06 to 2080-10-09, as their dates and this machine's clock have it: rules by age do not count that time, since one of them may be wrong.",
		]);
		// Their time counts on.
		expect(words(after(20_008).steps)).toEqual(['delete-set A-1 A-0']);
		expect(words(after(20_011).steps)).toEqual(['delete-set A-1 A-0', 'delete-set B-0']);
		// Nothing was made since: nothing has aged.
		expect(words(after(30_000).steps)).toEqual([]);
		// Who makes one a year may have missed one.
		expect(words(plan([set('B', 'F735'), set('A', 'F0')], rules, { now: start + 735 * day }).steps)).toEqual([
			'delete-set A-0',
		]);
	});

	it('takes a backup that is dated ahead for no newer than what stands on it', () => {
		// A was begun while the clock was ahead by years; B is newer than all of it.
		const sets = [set('A', 'F9000 I5'), set('B', 'F8'), set('C', 'F6')];
		expect(words(plan(sets, { full: keep(1) }).steps)).toEqual(['delete-set A-1 A-0', 'delete-set C-0']);
		expect(words(plan(sets, { full: keep(24, 'days') }).steps)).toEqual(['delete-set A-1 A-0']);
		const space = { sets, scope: 'all', freeBytes: 0, minFreeBytes: 150, now: start + 30 * day } as const;
		expect(words(planFreeSpace(space).steps)).toEqual(['delete-set A-1 A-0']);
	});

	it('takes what is dated ahead and all that follows it for the newest', () => {
		const sets = [set('A', 'F8'), set('B', 'F9000'), set('C', 'F9001 I9002')];
		expect(words(plan(sets, { full: keep(1) }).steps)).toEqual(['delete-set A-0', 'delete-set B-0']);
		expect(words(plan(sets, { full: keep(24, 'days') }).steps)).toEqual([]);
	});

	it('never takes the newest restore point, however old', () => {
		const sets = [set('A', 'F0 I1'), set('B', 'F2 D3 I4 I5')];
		const some = { full: keep(1, 'days'), differential: keep(1, 'days'), incremental: keep(1, 'days') };
		const { steps } = plan(sets, some);
		expect(words(steps)).toEqual(['delete-set A-1 A-0', 'merge B-2 B-3']);
	});

	it('never takes what is the newest restore point once a differential is gone', () => {
		const sets = [set('A', 'F0 I1 D2')];
		const some = { differential: keep(1), incremental: keep(1, 'days'), runBefore: true };
		expect(words(plan(sets, some, { coming: 'diff' }).steps)).toEqual(['delete-differential A-2']);
	});

	it('refuses an unknown time zone', () => {
		expect(() => plan([], { full: keep(1, 'days') }, { zone: 'Mars/Olympus' })).toThrow(/Mars\/Olympus/);
	});
});

describe('sets that are left alone', () => {
	it('does not count a damaged set, and says so', () => {
		const sets = [set('A', 'F0'), set('B', 'F1', { damage: 'B-1 is missing' }), set('C', 'F2')];
		const { steps, notes } = plan(sets, { full: keep(2) });
		expect(steps).toEqual([]);
		expect(notes).toEqual([{ setId: 'B', text: 'Backup set B is left alone and not counted: B-1 is missing.' }]);
	});

	it.each([
		['I0 I1', 'its full backup is missing'],
		['F0 F1', 'it has more than one full backup'],
	])('takes %s for damaged', (text, why) => {
		const { steps, notes } = plan([set('A', text), set('B', 'F2')], { full: keep(1), incremental: keep(1) });
		expect(steps).toEqual([]);
		expect(notes[0]!.text).toContain(why);
	});

	it('takes one without files for damaged', () => {
		const { steps, notes } = plan([{ ...set('A', 'F0'), files: [] }, set('B', 'F2')], { full: keep(1) });
		expect(steps).toEqual([]);
		expect(notes.map((note) => note.text)).toEqual(['Backup set A is left alone and not counted: it has no files.']);
	});

	it('rolls no full forward over nothing', () => {
		const sets = [set('A', 'F0 I1 I2')];
		expect(plan(sets, { incremental: keep(2), syntheticFull: true }).steps).toEqual([]);
	});

	it('counts for a merge what it frees, which is nothing where nobody can tell', () => {
		const sets = [set('A', 'F0 I1 I2 I3')];
		const freed = (mergedBytes?: () => number) =>
			plan(sets, { incremental: keep(2) }, { mergedBytes }).steps.map((step) => step.bytesFreed);
		expect([freed(), freed(() => 120), freed(() => 201)]).toEqual([[0], [80], [0]]);
	});

	it('takes the files of a set in whatever order they come', () => {
		const base = set('A', 'F0 D1 I2 I3 I4');
		const reversed = { ...base, files: [...base.files].reverse() };
		expect(words(plan([reversed], { incremental: keep(2) }).steps)).toEqual(['merge A-2 A-3']);
	});

	it('counts the parts of a split backup as one, which goes as a whole', () => {
		const base = set('A', 'F0 D1 D2 D3');
		const files = base.files.map((file, i) => (i === 2 ? { ...file, incrementNumber: 1 } : file));
		expect(words(plan([{ ...base, files }], { differential: keep(1) }).steps)).toEqual(['delete-differential A-2 A-1']);
		expect(plan([{ ...base, files }], { differential: keep(2) }).steps).toEqual([]);
	});

	it('does not touch a set that a job uses', () => {
		const sets = [set('A', 'F0 I1 I2'), set('B', 'F7')];
		const { steps, notes } = plan(sets, { full: keep(1), incremental: keep(1) }, { protect: ['A'] });
		expect(steps).toEqual([]);
		expect(notes[0]!.text).toContain('A is in use');
	});

	it('removes what an interrupted merge left behind', () => {
		const base = set('A', 'F0 I1 I2 I3');
		const files = base.files.map((file, i) => (i === 1 ? { ...file, mergedFiles: [2], time: start + 2 * day } : file));
		const { steps } = plan([{ ...base, files }], { incremental: keep(2) });
		expect(words(steps)).toEqual(['delete-leftovers A-2']);
	});

	it('does not take a file for a leftover that was made after the merge and got a number back', () => {
		const base = set('A', 'F0 I1');
		const files = base.files.map((file, i) => (i === 0 ? { ...file, mergedFiles: [1, 2] } : file));
		expect(plan([{ ...base, files }], { incremental: keep(2) }).steps).toEqual([]);
	});
});
