import { expect, it } from 'vitest';
import { RestartPolicy } from '../../../../src/extension/engine/restart-policy.ts';

it('allows so many starts within its time, and more once that has passed', () => {
	const policy = new RestartPolicy(3, 1000);
	expect([0, 10, 20, 30, 999].map((now) => policy.allow(now))).toEqual([true, true, true, false, false]);
	// What was refused does not count: only the first start is out of the window now.
	expect(policy.allow(1000)).toBe(true);
	expect(policy.allow(1001)).toBe(false);
	expect(policy.allow(2010)).toBe(true);
});
