import { describe, expect, it } from 'vitest';
import { defaultDefinition } from '../../../../src/definition/defaults.ts';
import { simulate, type SimulatedDay, type SimulationInput } from '../../../../src/definition/plan/simulate.ts';
import { applyTemplate, type TemplateId } from '../../../../src/definition/plan/templates.ts';

const gb = 1024 ** 3;

function days(id: TemplateId, count: number, more: Partial<SimulationInput> = {}): SimulatedDay[] {
	return simulate({
		definition: applyTemplate(defaultDefinition(), id),
		from: Date.parse('2026-01-04T00:00Z'),
		days: count,
		systemZone: 'UTC',
		fullBytes: 100 * gb,
		changedBytesPerDay: 2 * gb,
		...more,
	});
}

function files(day: SimulatedDay | undefined): string {
	return day!.sets.map((set) => set.files.map((file) => file.type[0]).join('')).join(' ');
}

function steps(all: readonly SimulatedDay[]): string[] {
	return all.flatMap((day) => day.runs.flatMap((run) => run.steps.map((step) => `${day.date} ${step.kind}`)));
}

describe('a simulated plan', () => {
	it('of grandfather, father, son reaches a state that stays the same size', () => {
		const all = days('grandfather', 400);
		expect(all).toHaveLength(400);
		expect(files(all[1])).toBe('f');
		expect(files(all[6])).toBe('fiiiii');
		expect(all[1]!.date).toBe('2026-01-05');
		const last = all.at(-1)!;
		expect(last.sets.length).toBeGreaterThanOrEqual(6);
		expect(last.sets.length).toBeLessThanOrEqual(7);
		expect(last.bytes).toBeLessThan(8 * 100 * gb);
		const kinds = new Set(steps(all).map((step) => step.split(' ')[1]));
		expect([...kinds].sort()).toEqual(['delete-differential', 'delete-incrementals', 'delete-set', 'merge']);
	});

	it('of incrementals for ever makes one full and rolls it forward', () => {
		const all = days('forever', 30);
		expect(files(all[20])).toBe('fiiiiiiiiiiiiii');
		expect(files(all[29])).toBe('fiiiiiiiiiiiiii');
		expect(all[1]!.runs[0]).toMatchObject({ backupType: 'inc', made: 'full' });
		expect(steps(all)[0]).toBe('2026-01-22 roll-forward');
		const [run] = all[18]!.runs;
		expect(run!.steps[0]!.reason).toContain('keep 14 incremental backups');
	});

	it('takes a backup of exactly the age that is kept for older once the next one is made, and not before', () => {
		const { scheduling, diskSpaceManagement } = applyTemplate(defaultDefinition(), 'none');
		const [full] = applyTemplate(defaultDefinition(), 'grandfather').scheduling.schedules;
		const weekly = { ...full!, timing: { kind: 'weekly', days: ['monday'], time: '09:00', interval: 1 } } as const;
		const sets = (runBefore: boolean) =>
			simulate({
				definition: {
					scheduling: { ...scheduling, schedules: [weekly] },
					diskSpaceManagement: {
						...diskSpaceManagement,
						runBefore,
						fullRetention: { enable: true, interval: 2, period: 'weeks' },
					},
				},
				from: Date.parse('2026-01-04T00:00Z'),
				days: 30,
				systemZone: 'UTC',
				fullBytes: gb,
				changedBytesPerDay: gb,
			}).at(-1)!.sets.length;
		expect(sets(false)).toBe(2);
		expect(sets(true)).toBe(3);
	});

	it('deletes the oldest sets when the destination is full', () => {
		const all = days('differential', 120, { capacity: 300 * gb });
		const reasons = all.flatMap((day) => day.runs.flatMap((run) => run.steps.map((step) => step.reason)));
		expect(reasons.filter((reason) => reason.startsWith('Free space')).length).toBeGreaterThan(0);
		for (const day of all) expect(day.sets.length).toBeLessThanOrEqual(3);
	});

	it('goes on from what is there, and shows days without a run', () => {
		const first = days('incremental', 10);
		const more = days('incremental', 2, { sets: first.at(-1)!.sets, from: Date.parse('2026-01-17T23:00Z') });
		expect(more.map((day) => day.runs.length)).toEqual([0, 0]);
		expect(more[0]!.sets).toEqual(first.at(-1)!.sets);
		expect(days('none', 3).map(files)).toEqual(['', '', '']);
	});
});
