import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineService } from '../../../../src/engine/server/service.ts';
import { serveSession } from '../../../../src/engine/server/session.ts';
import { awaitEngine } from '../../../../src/extension/engine/channel.ts';
import { EngineClient } from '../../../../src/extension/engine/engine-client.ts';
import { newMeeting, removeMeeting } from '../../../../src/extension/engine/meeting.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

describe.runIf(process.platform !== 'win32')('meetings', () => {
	let base: string;
	beforeEach(() => {
		base = tempFolder();
		vi.stubEnv('XDG_RUNTIME_DIR', base);
	});
	afterEach(() => {
		vi.unstubAllEnvs();
	});

	it('share one folder that only the user may enter, each with a name and a token of its own', () => {
		const [first, second] = [newMeeting(), newMeeting()];
		expect(dirname(first.path)).toBe(dirname(second.path));
		expect(statSync(dirname(first.path)).mode & 0o777).toBe(0o700);
		expect(first.path).not.toBe(second.path);
		expect(first.token).not.toBe(second.token);
		expect(first.token).toMatch(/^[\w-]{43}$/);
	});

	it.each<[string, (taken: string) => void]>([
		['a folder that others may enter', (taken) => mkdirSync(taken, { mode: 0o755 })],
		['a file', (taken) => writeFileSync(taken, '')],
		['a link to nothing', (taken) => symlinkSync(join(base, 'nothing'), taken)],
		['a link to a private folder', (taken) => symlinkSync(base, taken)],
	])('keep out of %s', (_, take) => {
		const taken = join(base, `afterimage-${process.getuid!()}`);
		take(taken);
		const { path } = newMeeting();
		expect(dirname(path)).not.toBe(taken);
		expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
	});

	it('leave nothing behind', async () => {
		const meeting = newMeeting();
		await expect(awaitEngine(meeting, AbortSignal.timeout(50))).rejects.toThrow();
		expect(existsSync(meeting.path)).toBe(false);
		writeFileSync(meeting.path, '');
		removeMeeting(meeting);
		expect(readdirSync(base)).toEqual([]);
	});

	it('leave the folder to others that meet there', () => {
		const [first, second] = [newMeeting(), newMeeting()];
		writeFileSync(second.path, '');
		removeMeeting(first);
		expect(readdirSync(dirname(first.path))).toEqual([basename(second.path)]);
	});

	it('are found again though the folder has gone meanwhile, unless it is somebody else’s now', async () => {
		const meeting = newMeeting();
		removeMeeting(meeting);
		const controller = new AbortController();
		const waiting = awaitEngine(meeting, controller.signal);
		await vi.waitFor(() => expect(existsSync(meeting.path)).toBe(true));
		expect(statSync(dirname(meeting.path)).mode & 0o777).toBe(0o700);
		controller.abort();
		await expect(waiting).rejects.toThrow();
		removeMeeting(meeting);
		mkdirSync(dirname(meeting.path), { mode: 0o755 });
		await expect(awaitEngine(meeting, AbortSignal.timeout(5000))).rejects.toThrow(/this user alone/);
	});

	it('hang up on who cannot prove the token, and go on waiting', async () => {
		const meeting = newMeeting();
		const controller = new AbortController();
		const waiting = awaitEngine(meeting, controller.signal);
		await vi.waitFor(() => expect(existsSync(meeting.path)).toBe(true));
		const body = JSON.stringify({ jsonrpc: '2.0', id: 0, result: { proof: '00', nonce: 'x' } });
		const closed = await new Promise((done) => {
			const socket = connect(meeting.path);
			socket.on('data', () => socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`));
			socket.on('close', () => done(true));
		});
		expect(closed).toBe(true);
		controller.abort();
		await expect(waiting).rejects.toThrow();
	});

	it('hear what an engine says just before it goes', async () => {
		const meeting = newMeeting();
		const waiting = awaitEngine(meeting, AbortSignal.timeout(20_000));
		await vi.waitFor(() => expect(existsSync(meeting.path)).toBe(true));
		const socket = connect(meeting.path);
		serveSession(socket, meeting.token, {} as EngineService);
		const connection = await waiting;
		const heard: string[] = [];
		connection.onNotification('jobs/ended', () => void heard.push('a job'));
		const ended = new EngineClient(connection).ended.then(() => heard.push('the end'));
		const asked = connection.sendRequest('engine/shutdown', {});
		const messages = [
			...Array.from({ length: 500 }, (_, id) => ({ method: 'jobs/ended', params: { id } })),
			{ id: 2, result: 'last' },
		];
		const text = messages.map((one) => JSON.stringify({ jsonrpc: '2.0', ...one }));
		socket.removeAllListeners('data');
		socket.end(text.map((one) => `Content-Length: ${one.length}\r\n\r\n${one}`).join(''));
		await expect(asked).resolves.toBe('last');
		await ended;
		expect(heard).toEqual([...Array.from({ length: 500 }, () => 'a job'), 'the end']);
	});
});
