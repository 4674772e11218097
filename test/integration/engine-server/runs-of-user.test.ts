import {
	chownSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	renameSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHistory } from '../../../src/engine/history/history.ts';
import { openRunsFolder } from '../../../src/engine/history/runs-folder.ts';
import type { JobEvent } from '../../../src/engine/job-events.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** A user with a home, for whom root keeps the runs. */
const uid = 47_111;
const gid = 47_112;

function setUp() {
	const home = join(tempFolder(), 'home');
	mkdirSync(home);
	chownSync(home, uid, gid);
	const owner = { uid, gid, home };
	return { home, place: { folder: join(home, '.local/share/afterimage/runs'), owner, shared: false, others: [] } };
}

const mineIn = (path: string) => {
	const { uid: u, gid: g } = lstatSync(path);
	return [u, g];
};

describe('the runs of a user, written by root', () => {
	it('belong to the user, with the folders on the way that were made for them', () => {
		const { home, place } = setUp();
		const folder = openRunsFolder(place);
		folder.create('a.log', 'everybody');
		expect(folder.list()).toEqual(['a.log']);
		for (const path of ['.local', '.local/share', '.local/share/afterimage', '.local/share/afterimage/runs']) {
			expect(mineIn(join(home, path))).toEqual([uid, gid]);
			expect(statSync(join(home, path)).mode & 0o777).toBe(0o700);
		}
		expect(mineIn(join(place.folder, 'a.log'))).toEqual([uid, gid]);
		expect(statSync(join(place.folder, 'a.log')).mode & 0o777).toBe(0o600);
		folder.remove('a.log');
		expect(readdirSync(place.folder)).toEqual([]);
	});

	it('go through no link that the user has put in the way', () => {
		for (const at of ['.local', '.local/share', '.local/share/afterimage', '.local/share/afterimage/runs']) {
			const { home, place } = setUp();
			const elsewhere = tempFolder();
			mkdirSync(join(home, at, '..'), { recursive: true });
			for (let path = join(home, at, '..'); path !== home; path = join(path, '..')) chownSync(path, uid, gid);
			symlinkSync(elsewhere, join(home, at));
			expect(() => openRunsFolder(place)).toThrow(/ELOOP|ENOTDIR|not a directory/);
			expect(readdirSync(elsewhere)).toEqual([]);
			expect(mineIn(elsewhere)).toEqual([0, 0]);
		}
	});

	it('replace no file and follow no link under the name of a log', () => {
		const { place } = setUp();
		const folder = openRunsFolder(place);
		const victim = join(tempFolder(), 'victim');
		writeFileSync(victim, 'mine');
		symlinkSync(victim, join(place.folder, 'a.log'));
		expect(() => folder.create('a.log', 'owner')).toThrow(/EEXIST/);
		symlinkSync(join(victim, '..', 'new'), join(place.folder, 'b.log'));
		expect(() => folder.create('b.log', 'owner')).toThrow(/EEXIST/);
		expect(mineIn(victim)).toEqual([0, 0]);
	});

	it('stay in the folder that was opened, whatever its name means by now', () => {
		const { home, place } = setUp();
		const folder = openRunsFolder(place);
		const elsewhere = tempFolder();
		renameSync(join(home, '.local'), join(home, 'moved'));
		symlinkSync(elsewhere, join(home, '.local'));
		folder.create('a.log', 'everybody');
		expect(readdirSync(elsewhere)).toEqual([]);
		expect(readdirSync(join(home, 'moved/share/afterimage/runs'))).toEqual(['a.log']);
	});

	it('take over no folder that belongs to another user', () => {
		const { home, place } = setUp();
		mkdirSync(join(home, '.local'));
		expect(() => openRunsFolder(place)).toThrow('.local does not belong to the user with the number 47111');
		expect(mineIn(join(home, '.local'))).toEqual([0, 0]);
	});

	it('are kept by the history, where the user can list them', async () => {
		const { place } = setUp();
		const processes = { self: () => ({ host: 'box', pid: 1, started: 'x' }), isAlive: () => false };
		const history = openHistory(new FakeClock(), processes, place);
		const events: JobEvent[] = [];
		const control = { signal: new AbortController().signal, emit: (event: JobEvent) => void events.push(event) };
		const summary = { summary: 'ok', bytesRead: 0, bytesWritten: 0, files: [] };
		await history.record(
			{ kind: 'verify', title: 'Verify' },
			control,
			async () => 1,
			() => summary,
		);
		expect(events).toEqual([]);
		expect(history.list(1)).toMatchObject([{ outcome: 'success' }]);
		for (const name of readdirSync(place.folder)) expect(mineIn(join(place.folder, name))).toEqual([uid, gid]);
	});
});
