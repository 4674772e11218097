import { beforeEach, describe, expect, it } from 'vitest';
import { planVerification, soundSince } from '../../../../src/engine/verify/plan-verification.ts';
import type { BackupSet, RestorePoint } from '../../../../src/image/set/backup-set.ts';
import { openImageFolder } from '../../../../src/image/set/image-folder.ts';
import { scanFolder } from '../../../../src/image/set/scan-folder.ts';
import { codec } from '../../image/backups.ts';
import { makeSet, type Step } from './sets-on-disk.ts';

const day = 24 * 3600 * 1000;
const now = Date.parse('2026-06-01T12:00:00Z');
const steps: Step[] = [
	{ type: 'full', changes: [] },
	{ type: 'inc', changes: [[0, 1]] },
	{ type: 'inc', changes: [[1, 2]] },
];

let set: BackupSet;
beforeEach(async () => {
	const { folder } = await makeSet(steps);
	set = (await scanFolder(openImageFolder(folder), { codec })).sets[0]!;
});

/** @param ages days since each point was verified; undefined: never */
function asked(ages: readonly (number | undefined)[], wanted?: readonly number[], of = set) {
	const since = (point: RestorePoint) => {
		const age = ages[of.points.indexOf(point)];
		return age === undefined ? undefined : now - age * day;
	};
	const points = wanted && new Set(wanted.map((i) => of.points[i]!));
	return { set: of, wanted: points, verifiedSince: since };
}

const places = (points: readonly RestorePoint[]) => points.map((point) => set.points.indexOf(point));

describe('the plan of a verification', () => {
	it('has every backup that has its files, and what each reads of its own', () => {
		const { sets, leftOut, nextDue } = planVerification([asked([1, undefined, 40])], now, undefined);
		expect(sets.map(({ due }) => places(due))).toEqual([[0, 1, 2]]);
		expect(sets[0]!.bytes).toEqual(set.points.map((point) => point.member.dataEnd));
		expect([leftOut, nextDue]).toEqual([0, undefined]);
		const broken = { ...set, points: set.points.map((point, i) => ({ ...point, missing: i === 1 ? [lost] : [] })) };
		expect(planVerification([asked([], undefined, broken)], now, 30).sets[0]!.due).toHaveLength(2);
	});

	it('leaves out what was verified a short while ago, and says when the first of it is due', () => {
		const { sets, leftOut, nextDue } = planVerification([asked([29, 10, 31])], now, 30);
		expect(places(sets[0]!.due)).toEqual([2]);
		expect([...sets[0]!.young].map(([point, since]) => [places([point])[0], since])).toEqual([
			[0, now - 29 * day],
			[1, now - 10 * day],
		]);
		// What the others need was read for them.
		expect(sets[0]!.bytes).toEqual([set.points[2]!.member.dataEnd]);
		expect([leftOut, nextDue]).toEqual([2, now + day]);
		expect(planVerification([asked([1, 2, 3])], now, 30)).toMatchObject({ sets: [], leftOut: 3 });
	});

	it('reads again what was verified at a time that is yet to come', () => {
		expect(places(planVerification([asked([1, -1, 1])], now, 30).sets[0]!.due)).toEqual([1]);
	});

	it('has only the backups that are wanted, with all that they need', () => {
		const { sets, leftOut } = planVerification([asked([undefined, 5, undefined], [2])], now, undefined);
		expect(places(sets[0]!.due)).toEqual([2]);
		expect(sets[0]!.bytes).toEqual([set.points.reduce((sum, { member }) => sum + member.dataEnd, 0)]);
		expect(leftOut).toBe(0);
		// What is not wanted is not left out, but need not be read again either.
		const again = planVerification([asked([undefined, 5, undefined], [2])], now, 30);
		expect([again.leftOut, again.sets[0]!.bytes]).toEqual([0, [set.points[2]!.member.dataEnd]]);
	});

	it('begins with the set that was not verified for the longest time', () => {
		const later = { ...set, points: set.points.map((point) => ({ ...point, time: point.time + 500 })) };
		const order = (...sets: ReturnType<typeof asked>[]) =>
			planVerification(sets, now, 30).sets.map((plan) => sets.indexOf(plan.asked));
		expect(order(asked([40, 35, 1]), asked([31, 50, 1]))).toEqual([1, 0]);
		expect(order(asked([400, 400, 400]), asked([1, 1, undefined]))).toEqual([1, 0]);
		const never = [undefined, undefined, undefined];
		expect(order(asked(never, undefined, later), asked(never))).toEqual([1, 0]);
	});

	it('says of a backup that it is sound since the oldest was verified that was not read again for it', () => {
		const [full, first, second] = set.points as [RestorePoint, RestorePoint, RestorePoint];
		const young = new Map([
			[full, now - 20 * day],
			[first, now - 3 * day],
		]);
		expect(soundSince(second, young, now)).toBe(now - 20 * day);
		expect(soundSince(first, young, now)).toBe(now - 20 * day);
		expect(soundSince(full, young, now)).toBe(now);
	});
});

const lost = { fileNumber: 1, name: 'x', damaged: undefined };
