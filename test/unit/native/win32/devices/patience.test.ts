import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { patiently } from '../../../../../native/win32/devices/patience.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A thing that others keep for so many attempts. */
function keptFor(attempts: number) {
	const attempt = vi.fn(() => (attempt.mock.calls.length > attempts ? 'ours' : 'kept'));
	return attempt;
}

it('tries again until others have let it go', async () => {
	const attempt = keptFor(3);
	const result = patiently(attempt, (one) => one === 'kept');
	await vi.runAllTimersAsync();
	expect(await result).toBe('ours');
	expect(attempt).toHaveBeenCalledTimes(4);
});

it('gives up after two seconds, with what it was told last', async () => {
	const attempt = keptFor(Infinity);
	const before = Date.now();
	const result = patiently(attempt, (one) => one === 'kept');
	await vi.runAllTimersAsync();
	expect(await result).toBe('kept');
	expect(Date.now() - before).toBeGreaterThan(1500);
	expect(Date.now() - before).toBeLessThanOrEqual(2000);
});

it('does not wait for what will not change', async () => {
	const attempt = keptFor(Infinity);
	expect(await patiently(attempt, () => false)).toBe('kept');
	expect(attempt).toHaveBeenCalledTimes(1);
});
