import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockIndex } from '../../../../src/image/index/block-index.ts';
import { DeltaIndex } from '../../../../src/image/index/delta-index.ts';
import { TrackedIndex } from '../../../../src/engine/verify/tracked-index.ts';

const count = 70;
/** Where each block lies; undefined: a hole. */
type Places = readonly (number | undefined)[];

function indexOf(places: Places): BlockIndex {
	const index = new BlockIndex(count);
	const md5 = new Uint8Array(16);
	places.forEach((place, block) => {
		md5.fill(block);
		if (place !== undefined) index.set(block, place, md5, 0, 10, place % 3);
	});
	return index;
}

function deltaOf(from: Places, to: Places): DeltaIndex {
	const delta = new DeltaIndex(count);
	const whole = indexOf(to);
	to.forEach((place, block) => {
		if (place === undefined) delta.freed.add(block);
		else if (place !== from[block]) delta.stored.copyFrom(whole, block);
	});
	return delta;
}

const places = fc.array(fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }), {
	minLength: count,
	maxLength: count,
});
const isBad = (block: number, place: number | undefined) => place !== undefined && (block * 7 + place) % 5 === 0;

describe('a tracked index', () => {
	it('has each place of a block read once, and knows of every state what is bad in it', () => {
		const step = fc.record({ places, complete: fc.boolean(), isRead: fc.boolean() });
		fc.assert(
			fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
				let tracked = new TrackedIndex(indexOf(new Array<undefined>(count)));
				let before: Places = new Array<undefined>(count);
				for (const { places: now, complete, isRead } of steps) {
					const known = tracked;
					const open = new Set(known.unread());
					const settled = before.map((place, block) => place !== undefined && !open.has(block));
					if (complete) tracked = new TrackedIndex(indexOf(now), [known]);
					else tracked.apply(deltaOf(before, now));
					const unread = now.flatMap((place, block) =>
						place === undefined || (settled[block] === true && place === before[block]) ? [] : block,
					);
					expect([...tracked.unread()]).toEqual(unread);
					if (isRead) {
						tracked.settle(unread.filter((block) => isBad(block, now[block])));
						expect(tracked.unread()).toHaveLength(0);
						const bad = now.map((_, block) => tracked.bad.has(block));
						expect(bad).toEqual(now.map((place, block) => isBad(block, place)));
					}
					before = now;
				}
			}),
			{ numRuns: 100 },
		);
	});

	it('goes its own way as a clone, and learns what another has read of the same', () => {
		const first: Places = [1, 2, 3];
		const full = new TrackedIndex(indexOf(first));
		const later = full.clone();
		later.apply(deltaOf(first, [1, 3, 3]));
		const read = later.unread();
		later.settle([0, 1]);
		expect([...full.unread()]).toEqual([0, 1, 2]);
		full.learn(later, read);
		expect([...full.unread()]).toEqual([1]);
		expect([full.bad.has(0), full.bad.has(1)]).toEqual([true, false]);
		expect(full.index.position(1)).toBe(2);
	});
});
