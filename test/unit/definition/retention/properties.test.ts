import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../../../src/definition/retention/apply.ts';
import { planRetention } from '../../../../src/definition/retention/plan.ts';
import type {
	BackupFile,
	BackupSet,
	BackupType,
	RetentionInput,
	RetentionRule,
	RetentionRules,
} from '../../../../src/definition/retention/types.ts';
import { Store } from './store.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 0, 5, 9);

/** One thing that happens to the folder: a backup of disk 0 or 1 after some hours and some writes, or a purge. */
interface Event {
	readonly disk: 0 | 1;
	readonly kind: BackupType | 'purge';
	readonly hours: number;
	readonly writes: readonly (readonly [number, number | null])[];
	readonly rules: RetentionRules;
}

const rule: fc.Arbitrary<RetentionRule> = fc.record({
	enabled: fc.boolean(),
	keep: fc.integer({ min: 1, max: 6 }),
	unit: fc.constantFrom('backups', 'backups', 'days', 'weeks', 'months'),
});

const rules: fc.Arbitrary<RetentionRules> = fc.record({
	scope: fc.constantFrom('matching', 'all'),
	full: rule,
	differential: rule,
	incremental: rule,
	syntheticFull: fc.boolean(),
	runBefore: fc.boolean(),
	minFreeBytes: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
});

const event: fc.Arbitrary<Event> = fc.record({
	disk: fc.constantFrom(0, 0, 0, 1),
	kind: fc.constantFrom('full', 'diff', 'diff', 'inc', 'inc', 'inc', 'inc', 'inc', 'purge'),
	hours: fc.integer({ min: 1, max: 60 }),
	writes: fc.array(
		fc.tuple(fc.integer({ min: 0, max: 9 }), fc.option(fc.integer({ min: 1, max: 1000 }), { nil: null })),
		{ maxLength: 4 },
	),
	rules,
});

interface History {
	readonly store: Store;
	readonly now: number;
	/** `set time` → what that backup must restore to. */
	readonly truth: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** Lives through the events: earlier purges are carried out, so that merged files are merged again later. */
function live(events: readonly Event[]): History {
	const store = new Store();
	const truth = new Map<string, ReadonlyMap<number, number>>();
	const content = [new Map<number, number>(), new Map<number, number>()] as const;
	let now = start;
	let made = 0;
	for (const { disk, kind, hours, writes, rules } of events) {
		now += hours * hour;
		for (const [block, value] of writes) {
			if (value === null) content[disk].delete(block);
			else content[disk].set(block, value);
		}
		if (kind === 'purge') {
			for (const step of plan(store, rules, now).steps) store.carryOut(step);
			continue;
		}
		const newest = store
			.list()
			.filter((set) => set.matching === (disk === 0))
			.sort((a, b) => b.time - a.time)[0];
		const type = newest === undefined ? 'full' : kind;
		const set =
			type === 'full' || newest === undefined ? { id: `s${made++}`, time: now, matching: disk === 0 } : newest;
		store.add(set, type, now, content[disk]);
		truth.set(`${set.id} ${now}`, new Map(content[disk]));
	}
	return { store, now, truth };
}

function plan(store: Store, rules: RetentionRules, now: number, more: Partial<RetentionInput> = {}) {
	const used = store.list().reduce((sum, set) => sum + set.files.reduce((all, file) => all + file.bytes, 0), 0);
	return planRetention({ sets: store.list(), rules, now, zone: 'UTC', freeBytes: 100 - used, ...more });
}

function expectTruth(history: History, store: Store): void {
	for (const [point, content] of store.points()) {
		expect(history.truth.get(point), `restore of ${point}`).toEqual(content);
	}
}

const options = { numRuns: 3000 };
const coming = fc.constantFrom<BackupType>('full', 'diff', 'inc');
const events = fc.array(event, { minLength: 1, maxLength: 30 });

describe('any history under any rules', () => {
	it('what is left restores to what it restored to before, at every moment, and a rerun ends the same', () => {
		fc.assert(
			fc.property(events, rules, coming, (events, rules, coming) => {
				const history = live(events);
				const finished = history.store.copy();
				const wanted = plan(finished, rules, history.now, { coming });
				const crashes: Store[] = [];
				for (const step of wanted.steps) {
					finished.carryOut(step, () => {
						expectTruth(history, finished);
						crashes.push(finished.copy());
					});
				}
				expect(plan(finished, rules, history.now, { coming }).steps).toEqual([]);
				const ending = [...finished.points().keys()].sort();
				for (const crashed of crashes) {
					for (const step of plan(crashed, rules, history.now, { coming }).steps) {
						crashed.carryOut(step, () => expectTruth(history, crashed));
					}
					const after = [...crashed.points().keys()].sort();
					// A set that was half deleted to make space stays as it is once enough is free.
					if (rules.minFreeBytes === undefined) expect(after).toEqual(ending);
					else expect(after).toEqual(expect.arrayContaining(ending));
				}
			}),
			options,
		);
	});

	it('the pure model of a plan and its carrying out agree', () => {
		fc.assert(
			fc.property(events, rules, coming, (events, rules, coming) => {
				const { store, now } = live(events);
				const { steps } = plan(store, rules, now, { coming });
				const modelled = names(applyPlan(store.list(), steps));
				for (const step of steps) store.carryOut(step);
				expect(names(store.list())).toEqual(modelled);
			}),
			options,
		);
	});

	it('exactly what the rules keep is left', () => {
		fc.assert(
			fc.property(events, rules, coming, (events, some, coming) => {
				const rules = { ...some, minFreeBytes: undefined };
				const { store, now } = live(events);
				const before = store.list();
				const { steps } = plan(store, rules, now, { coming });
				const left = applyPlan(before, steps).flatMap((set) => set.files.map((file) => `${set.id} ${file.time}`));
				expect(left.sort()).toEqual(oracle(before, rules, now, coming).sort());
			}),
			options,
		);
	});

	it('free space takes the oldest sets alone, no more than are needed, and never the set in use', () => {
		const off = { enabled: false, keep: 1, unit: 'backups' } as const;
		fc.assert(
			fc.property(events, rules, fc.integer({ min: 0, max: 50 }), (events, some, freeBytes) => {
				const rules = { ...some, full: off, differential: off, incremental: off, minFreeBytes: 30 };
				const { store, now } = live(events);
				const { steps } = plan(store, rules, now, { freeBytes });
				const sets = store.list().filter((set) => set.matching || rules.scope === 'all');
				const inUse = sets.filter((set) => set.matching).sort((a, b) => b.time - a.time)[0];
				const gone = new Set(steps.map((step) => step.setId));
				expect(gone.has(inUse?.id ?? '')).toBe(false);
				expect(gone.size).toBe(sets.length === 0 ? 0 : Math.min(gone.size, sets.length - 1));
				const youngestGone = Math.max(...sets.filter((set) => gone.has(set.id)).map((set) => set.time));
				for (const set of sets) {
					if (!gone.has(set.id) && set !== inUse) expect(set.time).toBeGreaterThan(youngestGone);
				}
				const freed = steps.slice(0, -1).reduce((sum, step) => sum + step.bytesFreed, freeBytes);
				if (steps.length > 0) expect(freed).toBeLessThan(30);
			}),
			options,
		);
	});
});

function names(sets: readonly BackupSet[]): string[] {
	return sets.flatMap((set) => set.files.map((file) => `${file.name} ${file.time} ${file.mergedFiles.join()}`)).sort();
}

/**
 * The rules once more, told from the backups that stay instead of the files that go: which restore points are left.
 * Written without the planner's functions.
 */
function oracle(sets: readonly BackupSet[], rules: RetentionRules, now: number, coming: BackupType): string[] {
	const seen = sets.filter((set) => rules.scope === 'all' || set.matching);
	const unseen = sets.filter((set) => !seen.includes(set));
	const byAge = [...seen].sort((a, b) => b.time - a.time);
	const inUse = byAge.find((set) => set.matching);
	const first = inUse ?? byAge[0];
	const ordered = byAge.filter((set) => set !== first);
	if (first !== undefined) ordered.unshift(first);
	const room = (type: BackupType) => (rules.runBefore && coming === type ? 1 : 0);

	const sorted = (set: BackupSet) => [...set.files].sort((a, b) => a.incrementNumber - b.incrementNumber);
	const left = ordered.filter((set, i) => keeps(rules.full, sorted(set)[0]!.time, i, room('full'), now, i === 0));

	/** Files of a set with the head they stand on. */
	const members = left.flatMap((set) => {
		let head = sorted(set)[0]!;
		return sorted(set).map((file) => {
			if (file.type !== 'inc') head = file;
			return { set, file, head };
		});
	});
	const newestFirst = (type: BackupType, list: typeof members) =>
		list.filter((member) => member.file.type === type).sort((a, b) => b.file.time - a.file.time);
	const lastHead = (set: BackupSet) => sorted(set).findLast((file) => file.type !== 'inc');
	const lostHeads = new Set<BackupFile>();
	newestFirst('diff', members).forEach(({ set, file }, i) => {
		const tip = set === inUse && lastHead(set) === file;
		if (!keeps(rules.differential, file.time, i, room('diff'), now, tip)) lostHeads.add(file);
	});
	const staying = members.filter((member) => !lostHeads.has(member.head));
	const lastOf = (set: BackupSet) => staying.findLast((member) => member.set === set)?.file;
	const lostIncrementals = new Set<BackupFile>();
	newestFirst('inc', staying).forEach(({ set, file }, i) => {
		const tip = set === inUse && lastOf(set) === file;
		if (!keeps(rules.incremental, file.time, i, room('inc'), now, tip)) lostIncrementals.add(file);
	});

	const points = staying.flatMap(({ set, file }) => {
		if (lostIncrementals.has(file)) return [];
		const own = staying.filter((member) => member.set === set);
		const rolls = rules.syntheticFull && file.type === 'full' && own.every((member) => member.file.type !== 'diff');
		const rolled = rolls ? own.filter((member) => lostIncrementals.has(member.file)).map((m) => m.file.time) : [];
		return [`${set.id} ${Math.max(file.time, ...rolled)}`];
	});
	return [...points, ...unseen.flatMap((set) => set.files.map((file) => `${set.id} ${file.time}`))];
}

function keeps(rule: RetentionRule, time: number, i: number, room: number, now: number, tip: boolean): boolean {
	if (!rule.enabled) return true;
	if (rule.unit === 'backups') return i < rule.keep - room;
	if (rule.unit === 'months') {
		const limit = new Date(now);
		const dayOfMonth = limit.getUTCDate();
		limit.setUTCDate(1);
		limit.setUTCMonth(limit.getUTCMonth() - rule.keep);
		const days = new Date(Date.UTC(limit.getUTCFullYear(), limit.getUTCMonth() + 1, 0)).getUTCDate();
		limit.setUTCDate(Math.min(dayOfMonth, days));
		return tip || time >= limit.getTime();
	}
	return tip || time >= now - rule.keep * (rule.unit === 'weeks' ? 7 : 1) * day;
}
