import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	readdirSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { sweepMeetings } from '../../../../src/extension/engine/sweep-meetings.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const day = 24 * 60 * 60_000;

describe.runIf(process.platform !== 'win32')('sweeping of meetings', () => {
	let base: string;
	beforeEach(() => {
		base = tempFolder();
	});

	function folder(name: string, mode = 0o700): string {
		const path = join(base, name);
		mkdirSync(path);
		chmodSync(path, mode);
		return path;
	}

	/** Everything looks as if it had been made now, and is looked at a while later. */
	const sweep = (later: number) => sweepMeetings(base, Date.now() + later);

	it('removes empty folders of ours once they are a day old', async () => {
		const names = ['afterimage-1000', 'afterimage-aB3dE6', 'afterimage-askpass-aB3dE6'];
		for (const name of names) folder(name);
		expect(await sweep(day - 60_000)).toEqual([]);
		expect(await sweep(day + 1000)).toEqual(names.map((name) => join(base, name)));
		expect(readdirSync(base)).toEqual([]);
	});

	it('removes sockets, tokens and askpass programs that were left in them', async () => {
		const path = folder('afterimage-aB3dE6');
		const server = createServer();
		await new Promise<void>((done) => server.listen(join(path, 'socket'), done));
		writeFileSync(join(path, 'socket.token'), '');
		writeFileSync(join(path, 'askpass'), '');
		await sweep(day + 60_000);
		server.close();
		expect(existsSync(path)).toBe(false);
	});

	it.each<[string, () => void]>([
		['a folder that others may enter', () => folder('afterimage-aB3dE6', 0o755)],
		['a folder with something else in it', () => writeFileSync(join(folder('afterimage-aB3dE6'), 'notes'), '')],
		['a folder of another name', () => folder('afterimage-test-aB3dE6')],
		['a file', () => writeFileSync(join(base, 'afterimage-aB3dE6'), '', { mode: 0o700 })],
		['a link to a folder', () => symlinkSync(folder('elsewhere'), join(base, 'afterimage-aB3dE6'))],
		[
			'a link in a folder, and where it leads',
			() => symlinkSync(folder('elsewhere'), join(folder('afterimage-aB3dE6'), 'askpass')),
		],
	])('leaves %s', async (_, make) => {
		make();
		const before = readdirSync(base, { recursive: true });
		expect(await sweep(2 * day)).toEqual([]);
		expect(readdirSync(base, { recursive: true })).toEqual(before);
	});

	it('leaves a folder that was used within the day', async () => {
		const path = folder('afterimage-aB3dE6');
		writeFileSync(join(path, 'askpass'), '');
		const old = new Date(Date.now() - 2 * day);
		utimesSync(join(path, 'askpass'), old, old);
		await sweep(0);
		expect(readdirSync(path)).toEqual(['askpass']);
	});

	it.runIf(process.getuid?.() === 0)('leaves folders of other users', async () => {
		chownSync(folder('afterimage-aB3dE6'), 12345, 12345);
		expect(await sweep(2 * day)).toEqual([]);
	});

	it('does without a folder that is not there', async () => {
		expect(await sweepMeetings(join(base, 'none'), Date.now())).toEqual([]);
	});
});
