import { describe, expect, it } from 'vitest';
import type { JobEvent, ProgressEvent } from '../../../src/engine/job-events.ts';
import { Progress } from '../../../src/engine/progress.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';

function setUp() {
	const clock = new FakeClock();
	const events: ProgressEvent[] = [];
	const progress = new Progress(clock, (event: JobEvent) => events.push(event as ProgressEvent));
	return { clock, events, progress };
}

describe('progress', () => {
	it('tells rate and time left from what was done since the last sample', () => {
		const { clock, events, progress } = setUp();
		progress.start('image', 1000);
		progress.add(100, 100, 50);
		clock.advance(250);
		expect(events.at(-1)).toEqual({
			type: 'progress',
			phase: 'image',
			doneBytes: 100,
			totalBytes: 1000,
			rate: 400,
			secondsLeft: 2.25,
			read: 100,
			written: 50,
		});
	});

	it('keeps rate and time left when the clock is set', () => {
		const { clock, events, progress } = setUp();
		progress.start('image', 1000);
		for (const set of [50 * 365 * 24 * 3600 * 1000, -50 * 365 * 24 * 3600 * 1000]) {
			progress.add(100, 100, 50);
			clock.setBack(set);
			clock.advance(250);
			expect(events.at(-1)).toMatchObject({ rate: 400, secondsLeft: (1000 - events.at(-1)!.doneBytes) / 400 });
		}
	});

	it('has no time left before anything was done', () => {
		const { clock, events, progress } = setUp();
		progress.start('image', 1000);
		clock.advance(250);
		expect(events.at(-1)?.secondsLeft).toBeUndefined();
	});

	it('always tells the last value of a phase, and counts bytes through all phases', () => {
		const { clock, events, progress } = setUp();
		progress.start('image', 10);
		progress.add(10, 10, 4);
		progress.start('check', 10);
		expect(events.at(-2)).toMatchObject({ phase: 'image', doneBytes: 10 });
		progress.add(5, 4, 0);
		progress.stop();
		expect(events.at(-1)).toMatchObject({ phase: 'check', doneBytes: 5, read: 14, written: 4 });
		expect(clock.timers).toBe(0);
	});

	it('goes on with a phase after another one that came in between', () => {
		const { clock, events, progress } = setUp();
		progress.start('verify', 10);
		progress.add(4, 4, 0);
		const resume = progress.interrupt();
		progress.start('name-files', 3);
		progress.add(3, 0, 0);
		progress.stop();
		resume();
		progress.drop(1);
		progress.stop();
		const told = events.map(({ phase, doneBytes, totalBytes }) => `${phase} ${doneBytes}/${totalBytes}`);
		expect(told).toEqual([
			...['verify 0/10', 'verify 4/10', 'name-files 0/3', 'name-files 3/3'],
			...['verify 4/10', 'verify 4/9'],
		]);
		progress.interrupt()();
		expect([events.length, clock.timers]).toEqual([6, 0]);
	});
});
