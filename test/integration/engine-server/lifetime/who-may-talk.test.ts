import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { awaitEngine } from '../../../../src/extension/engine/channel.ts';
import { EngineClient } from '../../../../src/extension/engine/engine-client.ts';
import { newMeeting, removeMeeting } from '../../../../src/extension/engine/meeting.ts';
import { startEngine } from '../../../../src/extension/engine/start-engine.ts';
import { engineEntry } from '../../../support/engine.ts';
import { ended, engine } from './engine-process.ts';

describe('engine process: who may talk to it', () => {
	it('asks for a token on standard input, a private folder, and nothing it does not know', () => {
		const start = (args: string[], input = '') => {
			const { status, stdout, stderr } = spawnSync(process.execPath, [engineEntry, ...args], { input });
			return { status, out: stdout.toString(), err: stderr.toString().replace(/^\(.*\n.*\n/, '') };
		};
		expect(start(['--help'])).toMatchObject({ status: 0, out: expect.stringContaining('--connect PATH') as string });
		expect(start(['--version']).out).toMatch(/^\d+\.\d+\.\d+\n$/);
		expect(start([])).toMatchObject({ status: 2 });
		expect(start(['--conect', 'x'])).toMatchObject({ status: 2 });
		const { path } = newMeeting();
		expect(start(['--connect', path], 'no token\n')).toMatchObject({ status: 2 });
		chmodSync(join(path, '..'), 0o755);
		expect(start(['--connect', path])).toMatchObject({ status: 1, err: expect.stringContaining('mode 755') as string });
		rmSync(join(path, '..'), { recursive: true });
	});

	it('shows the token neither in its arguments nor in its environment', async () => {
		const { meeting, process: child, client } = await engine();
		await client.request('engine/info', {});
		for (const what of ['cmdline', 'environ']) {
			expect(readFileSync(`/proc/${child.pid}/${what}`, 'utf8')).not.toContain(meeting.token);
		}
	});

	it('hangs up on a client that does not prove the token', async () => {
		const meeting = newMeeting();
		const other = { ...meeting, token: randomBytes(32).toString('base64url') };
		const facts = launchFacts(meeting.path);
		const controller = new AbortController();
		const listening = awaitEngine(other, controller.signal);
		const child = spawn(process.execPath, [facts.engineScript, '--connect', meeting.path], {
			stdio: ['pipe', 'ignore', 'ignore'],
		});
		child.stdin.write(`${meeting.token}\n`);
		let proved = false;
		listening.then(
			() => (proved = true),
			() => undefined,
		);
		expect(await ended(child)).toBe(0);
		expect(proved).toBe(false);
		controller.abort();
		removeMeeting(meeting);
	});

	it('takes the token from a file, which it removes', async () => {
		const meeting = newMeeting();
		const facts = { ...launchFacts(meeting.path), tokenFile: `${meeting.path}.token` };
		writeFileSync(facts.tokenFile, `${meeting.token}\n`, { mode: 0o600 });
		const child = spawn(
			process.execPath,
			[facts.engineScript, '--connect', meeting.path, '--token-file', facts.tokenFile],
			{ stdio: 'ignore' },
		);
		const client = new EngineClient(await awaitEngine(meeting, AbortSignal.timeout(30_000)));
		expect(existsSync(facts.tokenFile)).toBe(false);
		await client.request('engine/shutdown', {});
		expect(await ended(child)).toBe(0);
		removeMeeting(meeting);
	});

	it('is started by the extension, which is told why when it cannot be', async () => {
		const meeting = newMeeting();
		const facts = launchFacts(meeting.path);
		const client = await startEngine('direct', facts, meeting, () => undefined);
		expect(await client.request('engine/info', {})).toMatchObject({ protocol: 1 });
		await client.request('engine/shutdown', {});
		await client.ended;
		removeMeeting(meeting);
		const broken = newMeeting();
		await expect(
			startEngine('direct', { ...launchFacts(broken.path), engineScript: '/nowhere.mjs' }, broken, () => undefined),
		).rejects.toMatchObject({ code: 'engine-lost' });
		removeMeeting(broken);
	});
});

function launchFacts(meetingPath: string) {
	return {
		platform: process.platform,
		runtime: process.execPath,
		electron: false,
		engineScript: engineEntry,
		elevateScript: '',
		meetingPath,
		tokenFile: `${meetingPath}.token`,
		askpass: '',
	};
}
