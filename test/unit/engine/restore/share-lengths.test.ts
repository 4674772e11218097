import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	leastLength,
	shareLengths,
	type Lengths,
	type Shareable,
} from '../../../../src/engine/restore/shrink/share-lengths.ts';

const mebibyte = 2 ** 20;

function part(number: number, length: number, least: number, size?: number): Shareable {
	return { number, start: number * 10_000 * mebibyte, length: length * mebibyte, least: least * mebibyte, size: size === undefined ? undefined : size * mebibyte }; // prettier-ignore
}

/** What a target needs: the partitions one behind the other, and some that keep their lengths. */
const together = (others: number) => async (lengths: Lengths) =>
	[...lengths.values()].reduce((sum, length) => sum + Math.ceil(length / mebibyte) * mebibyte, others * mebibyte);

async function shared(parts: readonly Shareable[], target: number, others = 0): Promise<number[]> {
	const { lengths } = await shareLengths(parts, target * mebibyte, together(others));
	return parts.map(({ start }) => lengths.get(start)! / mebibyte);
}

describe('partitions that become smaller', () => {
	it('give up the same share of what is free in each', async () => {
		expect(await shared([part(1, 100, 20), part(2, 200, 40)], 180)).toEqual([60, 120]);
		// What is full gives up nothing.
		expect(await shared([part(1, 100, 100), part(2, 200, 40)], 180)).toEqual([100, 80]);
	});

	it('keep their lengths where everything fits', async () => {
		expect(await shared([part(1, 100.5, 20), part(2, 200, 40)], 400, 10)).toEqual([100.5, 200]);
	});

	it('have the size that is asked for, and only the others the share', async () => {
		expect(await shared([part(1, 100, 20, 90), part(2, 200, 40)], 180)).toEqual([90, 90]);
		expect(await shared([part(1, 100, 20, 90), part(2, 200, 40)], 400)).toEqual([90, 200]);
	});

	it('are as small as they can be where even that is too much, and the needed size is told', async () => {
		const parts = [part(1, 100, 20), part(2, 200, 40.5)];
		const { lengths, needed } = await shareLengths(parts, 50 * mebibyte, together(5));
		expect([...lengths.values()].map((length) => length / mebibyte)).toEqual([20, 41]);
		expect(needed).toBe(66 * mebibyte);
	});

	it('fit into every target that is not smaller than the least, by whole MiB, none below its least', async () => {
		const parts = fc.array(
			fc.record({
				length: fc.integer({ min: 1, max: 2 ** 32 }),
				used: fc.double({ min: 0, max: 1.1, noNaN: true }),
			}),
			{ minLength: 1, maxLength: 6 },
		);
		await fc.assert(
			fc.asyncProperty(parts, fc.double({ min: 0, max: 1.1, noNaN: true }), async (drawn, at) => {
				const all = drawn.map(({ length, used }, i) => {
					const sectors = Math.max(mebibyte, length * 512);
					return { number: i, start: i, length: sectors, least: Math.floor(sectors * used), size: undefined };
				});
				const least = all.reduce((sum, one) => sum + Math.ceil(leastLength(one) / mebibyte) * mebibyte, 0);
				const whole = all.reduce((sum, one) => sum + Math.ceil(one.length / mebibyte) * mebibyte, 0);
				const target = Math.floor(least + (whole - least) * at);
				const { lengths, needed } = await shareLengths(all, target, together(0));
				expect(needed).toBeLessThanOrEqual(target);
				for (const one of all) {
					const length = lengths.get(one.start)!;
					expect(length).toBeGreaterThanOrEqual(Math.min(one.least, one.length));
					expect(length).toBeLessThanOrEqual(one.length);
					if (length < one.length) expect(length % mebibyte).toBe(0);
				}
				// Nothing is taken without need: rounding costs a MiB for each.
				if (target < whole) expect(needed).toBeGreaterThan(target - (2 * all.length + 1) * mebibyte);
				else expect(all.every((one) => lengths.get(one.start) === one.length)).toBe(true);
			}),
		);
	});
});
