import { describe, expect, it } from 'vitest';
import { rateLimit } from '../../../../src/engine/definition-run/rate-limit.ts';
import { FakeClock } from '../../../support/fakes/fake-clock.ts';

describe('rate limit', () => {
	it('lets no more through than the rate, whatever the size of the writes', async () => {
		const clock = new FakeClock();
		const { signal } = new AbortController();
		const sleep = async (milliseconds: number) => clock.advance(milliseconds);
		const before = rateLimit(1000, clock, sleep, signal);
		const began = clock.now();
		for (const bytes of [100, 900, 5000, 1, 3999, 10_000]) await before(bytes);
		await before(0);
		const seconds = (clock.now() - began) / 1000;
		expect(seconds).toBeGreaterThan(19.5);
		expect(seconds).toBeLessThanOrEqual(20);
	});

	it('does not save up time in which nothing was written', async () => {
		const clock = new FakeClock();
		const slept: number[] = [];
		const sleep = async (milliseconds: number) => void (slept.push(milliseconds), clock.advance(milliseconds));
		const before = rateLimit(1000, clock, sleep, new AbortController().signal);
		await before(1000);
		clock.advance(3_600_000);
		await before(1000);
		await before(1000);
		expect(slept).toEqual([750]);
	});

	it('waits no longer and no shorter when the clock is set', async () => {
		const clock = new FakeClock();
		const slept: number[] = [];
		const sleep = async (milliseconds: number) => void (slept.push(milliseconds), clock.advance(milliseconds));
		const before = rateLimit(1000, clock, sleep, new AbortController().signal);
		await before(1000);
		clock.setBack(3_600_000);
		await before(1000);
		clock.setBack(-3_600_000);
		await before(1000);
		expect(slept).toEqual([750, 1000]);
	});

	it('passes on that the wait was cancelled', async () => {
		const before = rateLimit(
			1,
			new FakeClock(),
			() => Promise.reject(new Error('cancelled')),
			new AbortController().signal,
		);
		await before(100);
		await expect(before(1)).rejects.toThrow('cancelled');
	});
});
