import { execFileSync } from 'node:child_process';
import {
	existsSync,
	lstatSync,
	mkdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFolder, lockName } from '../../../src/engine/folder-lock.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { FakeProcesses } from '../../support/fakes/fake-processes.ts';
import { tempFolder } from '../../support/temp-folder.ts';

function setUp() {
	const folder = tempFolder();
	const processes = new FakeProcesses();
	const clock = new FakeClock(Date.now());
	const said: string[] = [];
	const lock = () => lockFolder(folder, 'image', processes, clock, (message) => said.push(message));
	return { folder, path: join(folder, lockName), processes, clock, said, lock };
}

describe('lock of a folder', () => {
	it('holds host, process and start time while it is held, and nothing is left after it', () => {
		const { path, lock } = setUp();
		const held = lock();
		expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ host: 'here', pid: 100, started: 'start-100' });
		held.release();
		expect(existsSync(path)).toBe(false);
	});

	it('is busy for a second run, also in the same process', () => {
		const { lock } = setUp();
		lock();
		expect(lock).toThrow(expect.objectContaining({ code: 'busy' }));
	});

	it('takes over the lock of a dead process and says so', () => {
		const { path, said, lock } = setUp();
		writeFileSync(path, JSON.stringify({ host: 'here', pid: 7, started: 'old', since: '2024-01-01', task: 'image' }));
		lock();
		expect(said).toEqual([expect.stringContaining('process 7 on here')]);
		expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: 100 });
	});

	it('takes over when the number belongs to another process by now', () => {
		const { path, processes, said, lock } = setUp();
		processes.alive.set(7, 'newer');
		writeFileSync(path, JSON.stringify({ host: 'here', pid: 7, started: 'old', since: '', task: '' }));
		lock();
		expect(said).toHaveLength(1);
	});

	it('is busy while the process lives, or runs on another machine', () => {
		const { path, processes, lock } = setUp();
		processes.alive.set(7, 'same');
		writeFileSync(path, JSON.stringify({ host: 'here', pid: 7, started: 'same', since: '', task: '' }));
		expect(lock).toThrow(expect.objectContaining({ code: 'busy' }));
		writeFileSync(path, JSON.stringify({ host: 'there', pid: 7, started: 'x', since: '', task: '' }));
		expect(lock).toThrow(expect.objectContaining({ code: 'busy', advice: expect.stringContaining(path) as string }));
	});

	it('takes over a lock that names nobody only once it is old, or dated ahead by a clock that was set back', () => {
		for (const away of [-60, 86_400]) {
			const { path, said, lock } = setUp();
			writeFileSync(path, '');
			expect(lock).toThrow(expect.objectContaining({ code: 'busy' }));
			const time = Date.now() / 1000 + away;
			utimesSync(path, time, time);
			writeFileSync(`${path}.takeover`, '');
			utimesSync(`${path}.takeover`, time, time);
			lock();
			expect(said).toHaveLength(1);
		}
	});

	it('leaves it to the run that is about to take over a dead lock', () => {
		const { path, said, lock } = setUp();
		const dead = JSON.stringify({ host: 'here', pid: 7, started: 'old', since: '', task: 'image' });
		writeFileSync(path, dead);
		writeFileSync(`${path}.takeover`, '');
		expect(lock).toThrow(expect.objectContaining({ code: 'busy' }));
		expect([readFileSync(path, 'utf8'), existsSync(`${path}.takeover`), said]).toEqual([dead, true, []]);
	});

	it('takes a dead lock over at once from a run that was killed as it took it over', () => {
		const { path, processes, said, lock } = setUp();
		const record = { host: 'here', since: '', task: 'takeover' };
		writeFileSync(path, JSON.stringify({ ...record, pid: 7, started: 'old' }));
		processes.alive.set(8, 'new');
		writeFileSync(`${path}.takeover`, JSON.stringify({ ...record, pid: 8, started: 'new' }));
		expect(lock).toThrow(expect.objectContaining({ code: 'busy' }));
		processes.alive.delete(8);
		lock();
		expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: 100 });
		expect([existsSync(`${path}.takeover`), said.length]).toEqual([false, 1]);
	});

	it('leaves no marker of a run that was killed when it had removed the dead lock', () => {
		const { path, lock } = setUp();
		writeFileSync(`${path}.takeover`, JSON.stringify({ host: 'here', pid: 8, started: 'new', since: '', task: '' }));
		lock();
		expect(existsSync(`${path}.takeover`)).toBe(false);
	});

	it('looks at a dead lock again before it takes it over: another run may have it by now', () => {
		const { path, processes, said, lock } = setUp();
		const record = { host: 'here', since: '', task: 'image' };
		writeFileSync(path, JSON.stringify({ ...record, pid: 7, started: 'old' }));
		processes.alive.set(8, 'new');
		const isAlive = processes.isAlive.bind(processes);
		processes.isAlive = (one) => {
			const alive = isAlive(one);
			if (one.pid === 7) writeFileSync(path, JSON.stringify({ ...record, pid: 8, started: 'new' }));
			return alive;
		};
		expect(lock).toThrow(expect.objectContaining({ code: 'busy' }));
		expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: 8 });
		expect([existsSync(`${path}.takeover`), said]).toEqual([false, []]);
	});

	it('goes on where the lock was let go of while it looked', () => {
		const { path, processes, lock } = setUp();
		writeFileSync(path, JSON.stringify({ host: 'here', pid: 7, started: 'old', since: '', task: 'image' }));
		processes.isAlive = () => {
			rmSync(path);
			return false;
		};
		lock();
		expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: 100 });
	});

	it('lets go only of its own lock', () => {
		const { path, lock } = setUp();
		const held = lock();
		writeFileSync(path, JSON.stringify({ host: 'there', pid: 1, started: 'x', since: '', task: '' }));
		held.release();
		expect(existsSync(path)).toBe(true);
	});

	it('names a folder that is not there', () => {
		const { processes, clock } = setUp();
		expect(() => lockFolder('/nowhere/at/all', 'image', processes, clock, () => undefined)).toThrow(
			expect.objectContaining({ code: 'destination-missing' }),
		);
	});

	it.runIf(process.platform === 'linux')('waits for nothing that stands in its place and is no file of ours', () => {
		const makers: ((path: string) => void)[] = [
			(path) => void execFileSync('mkfifo', [path]),
			(path) => symlinkSync('/dev/zero', path),
			(path) => mkdirSync(path),
			(path) => writeFileSync(path, Buffer.alloc(1 << 20)),
		];
		for (const make of makers) {
			const { path, lock } = setUp();
			make(path);
			expect(lock).toThrow(
				expect.objectContaining({ code: 'busy', message: expect.stringContaining('something else') as string }),
			);
			expect(lstatSync(path)).toBeDefined();
		}
	});
});
