/**
 * What a window of a user without rights does: starts an elevated engine and works with it, beside one of its own.
 * `node elevated-client.ts METHOD ENGINE DISK DEFINITION IMAGES`; tells what it found as JSON.
 */
import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { startAskpass } from '../../../src/extension/engine/askpass.ts';
import { newMeeting, removeMeeting } from '../../../src/extension/engine/meeting.ts';
import type { EngineClient } from '../../../src/extension/engine/engine-client.ts';
import type { ElevationMethod } from '../../../src/extension/engine/launch-plan.ts';
import { startEngine } from '../../../src/extension/engine/start-engine.ts';
import type { JobRequest, JobResult } from '../../../src/protocol/jobs.ts';

const [method, engineScript, disk, definition, password] = process.argv.slice(2) as [
	ElevationMethod,
	string,
	string,
	string,
	string,
];

async function start(by: ElevationMethod, answer: string) {
	const meeting = newMeeting();
	const asked: string[] = [];
	const askpass = await startAskpass(process.execPath, false, async (prompt) => {
		asked.push(prompt);
		return asked.length > 1 ? undefined : answer;
	});
	const facts = {
		platform: process.platform,
		runtime: process.execPath,
		electron: false,
		engineScript,
		elevateScript: '',
		meetingPath: meeting.path,
		tokenFile: `${meeting.path}.token`,
		askpass: askpass.program,
	};
	try {
		return { client: await startEngine(by, facts, meeting, () => undefined), meeting, asked };
	} finally {
		askpass.dispose();
	}
}

function runJob(client: EngineClient, request: JobRequest): Promise<JobResult> {
	return new Promise((done, fail) => {
		let id: string | undefined;
		const early = new Map<string, JobResult>();
		client.on('jobs/ended', (event) => (event.id === id ? done(event.result) : early.set(event.id, event.result)));
		client.request('jobs/start', { request }).then((info) => {
			id = info.id;
			const result = early.get(id);
			if (result !== undefined) done(result);
		}, fail);
	});
}

const refusal = await start(method, 'a wrong password').then(
	({ client }) => client.request('engine/shutdown', {}).then(() => 'none'),
	(error: unknown) => (error as { code?: string }).code,
);
const own = await start('direct', '');
const elevated = await start(method, password);
const info = await elevated.client.request('engine/info', {});
const readable = (path: string) => {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		return (error as { code: string }).code;
	}
};
const [mine] = (await own.client.request('disks/list', { files: [disk] })).slice(-1);
const [theirs] = (await elevated.client.request('disks/list', { files: [disk] })).slice(-1);
const backup = await runJob(elevated.client, { kind: 'backup', definition, type: 'full' });
const runs = await own.client.request('runs/list', { limit: 100 });
const log = backup.logPath === undefined ? undefined : statSync(backup.logPath);
const token = elevated.meeting.token;
process.stdout.write(
	JSON.stringify({
		uid: userInfo().uid,
		refusal,
		asked: elevated.asked,
		elevated: [info.elevated, (await own.client.request('engine/info', {})).elevated],
		exposed: ['cmdline', 'environ'].filter((what) => readable(`/proc/${info.pid}/${what}`).includes(token)),
		needsRights: [mine?.needsRights, theirs?.needsRights],
		backup,
		runs,
		log: log === undefined ? undefined : { uid: log.uid, gid: log.gid, mode: log.mode & 0o777 },
	}),
);
await elevated.client.request('engine/shutdown', {});
await Promise.all([elevated.client.ended]);
await own.client.request('engine/shutdown', {});
for (const { meeting } of [own, elevated]) removeMeeting(meeting);
process.exit(0);
