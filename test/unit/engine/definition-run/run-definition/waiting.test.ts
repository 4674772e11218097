import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cancelled } from '../../../../../src/base/abort.ts';
import { lockName } from '../../../../../src/engine/folder-lock.ts';
import { setUp } from './set-up.ts';

const hour = 3_600_000;
const minute = 60_000;

/** A machine whose time passes while a run waits; what `passing` does happens meanwhile, told how long that has lasted. */
function setUpWaiting(parts: Parameters<typeof setUp>[0] = {}) {
	const all = setUp(parts);
	const { machine, ports, images } = all;
	const lock = join(images, lockName);
	const others = { passing: (() => undefined) as (waited: number) => void };
	let waited = 0;
	ports.sleep = async (milliseconds) => {
		machine.clock.advance(milliseconds);
		waited += milliseconds;
		others.passing(waited);
	};
	const occupy = () => {
		machine.processes.alive.set(7, 'same');
		const since = new Date(machine.clock.now()).toISOString();
		writeFileSync(lock, JSON.stringify({ host: 'here', pid: 7, started: 'same', since, task: 'Backup Other' }));
	};
	return { ...all, lock, others, occupy, waited: () => waited };
}

describe('a scheduled run', () => {
	it('waits while another one has the folder, and says once for whom', async () => {
		const { run, occupy, others, lock, said, images } = setUpWaiting();
		occupy();
		others.passing = (waited) => (waited >= 10 * minute ? rmSync(lock, { force: true }) : undefined);
		const { image, madeMeanwhile } = await run({ wait: hour, type: 'full' });
		expect(madeMeanwhile).toBe(false);
		expect(readdirSync(images)).toEqual([image.files[0]!.slice(images.length + 1)]);
		const waits = said().filter((line) => line.includes('waiting for up to'));
		expect(waits).toEqual([
			expect.stringMatching(
				/Backup Other by process 7 on here since 2024-01-01 \d\d:00:00: waiting for up to 1 h 00 min$/,
			),
		]);
	});

	it('ends as busy after the time, before its scripts', async () => {
		const { run, occupy, ports, waited } = setUpWaiting({
			more: '<scripts><before path="/bin/stop"/></scripts>',
		});
		occupy();
		const busy = { code: 'busy', advice: expect.stringContaining('It was waited for 1 h 00 min.') as string };
		await expect(run({ wait: hour })).rejects.toMatchObject(busy);
		expect(waited()).toBe(hour);
		expect(ports.requests).toEqual([]);
	});

	it('waits as long as it was told when the clock is set back meanwhile', async () => {
		const { run, occupy, machine, others, waited } = setUpWaiting();
		occupy();
		others.passing = (past) => {
			if (past === minute) machine.clock.setBack(365 * 24 * hour);
			if (past > 2 * hour) throw new Error('still waits');
		};
		await expect(run({ wait: hour })).rejects.toMatchObject({ code: 'busy' });
		expect(waited()).toBe(hour);
	});

	it('is made where the clock was behind when it began, and older backups are there', async () => {
		const { run, occupy, machine, others, lock } = setUpWaiting();
		await run({ type: 'full' });
		machine.clock.advance(24 * hour);
		machine.clock.setBack(30 * 365 * 24 * hour);
		occupy();
		others.passing = (past) => {
			if (past !== minute) return;
			machine.clock.setBack(-30 * 365 * 24 * hour);
			rmSync(lock);
		};
		expect((await run({ wait: hour, type: 'full' })).madeMeanwhile).toBe(false);
	});

	it('does not wait for what is no lock of a run', async () => {
		const { run, lock, waited } = setUpWaiting();
		mkdirSync(lock);
		await expect(run({ wait: hour })).rejects.toThrow('expected the lock file of a run, found something else');
		expect(waited()).toBe(0);
	});

	it('ends when it is cancelled while it waits', async () => {
		const { run, occupy, ports } = setUpWaiting();
		occupy();
		ports.sleep = () => Promise.reject(cancelled());
		await expect(run({ wait: hour })).rejects.toMatchObject({ code: 'cancelled' });
	});

	it('makes nothing where a greater one of the same minute was made, and says which', async () => {
		const { machine, run, said, images, ports } = setUpWaiting({
			more: '<post_backup_shutdown enable="true" level="shutdown"/><email><success recipients="a@example.com"/></email>',
		});
		machine.clock.advance(minute - (machine.clock.now() % minute));
		const full = await run({ wait: hour, type: 'full' });
		const done = ports.log.length;
		machine.clock.advance(20_000);
		const { madeMeanwhile, image } = await run({ wait: hour, type: 'inc' });
		expect([madeMeanwhile, image.files, image.bytesWritten]).toEqual([true, full.image.files, 0]);
		expect(readdirSync(images)).toHaveLength(1);
		expect(said().at(-1)).toBe(`Nothing is to be made: ${full.image.files[0]} was made since this backup was due`);
		expect(ports.log.slice(done)).toEqual(['awake', 'may sleep']);
		expect(existsSync(join(images, lockName))).toBe(false);
	});

	it('is made where what was made is less or older', async () => {
		const { machine, run, images } = setUpWaiting();
		machine.clock.advance(minute - (machine.clock.now() % minute));
		await run({ type: 'full' });
		expect((await run({ type: 'full' })).madeMeanwhile).toBe(false);
		machine.clock.advance(minute);
		expect((await run({ wait: hour, type: 'inc' })).madeMeanwhile).toBe(false);
		expect((await run({ wait: hour, type: 'diff' })).madeMeanwhile).toBe(false);
		expect((await run({ wait: hour, type: 'diff' })).madeMeanwhile).toBe(true);
		expect(readdirSync(images)).toHaveLength(4);
	});

	it('is made where the clock was ahead when the backups there were made', async () => {
		const { machine, run } = setUpWaiting();
		machine.clock.advance(24 * hour);
		await run({ type: 'full' });
		machine.clock.advance(-24 * hour);
		expect((await run({ wait: hour, type: 'inc' })).madeMeanwhile).toBe(false);
		machine.clock.advance(hour);
		expect((await run({ wait: hour, type: 'inc' })).madeMeanwhile).toBe(false);
	});

	it('leaves a folder that becomes free to a greater one that waits too', async () => {
		const { ports, run, occupy, lock, images } = setUpWaiting();
		ports.sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds / 50));
		occupy();
		const lesser = run({ wait: hour, type: 'inc' });
		const greater = run({ wait: hour, type: 'full' });
		setTimeout(() => rmSync(lock), 50);
		const [inc, full] = await Promise.all([lesser, greater]);
		expect([inc.madeMeanwhile, full.madeMeanwhile]).toEqual([true, false]);
		expect(inc.image.files).toEqual(full.image.files);
		expect(readdirSync(images)).toHaveLength(1);
	});

	it('has the folder for itself as one run, not for each of its jobs', async () => {
		const { run, others, lock } = setUpWaiting({ more: '<rate_limit>1</rate_limit>' });
		const tasks = new Set<unknown>();
		others.passing = () => {
			const { task } = JSON.parse(readFileSync(lock, 'utf8')) as { task: unknown };
			tasks.add(task);
		};
		await run({ wait: hour });
		expect([...tasks]).toEqual(['Back up My PC']);
	});
});
