import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { toErrorRecord } from '../../../src/base/errors.ts';
import { launchFacts } from '../../../src/extension/engine/environment.ts';
import { newMeeting } from '../../../src/extension/engine/meeting.ts';
import { startEngine } from '../../../src/extension/engine/start-engine.ts';

/**
 * Runs under Wine, as the extension host does on Windows: starts the engine with administrator rights, asks it something,
 * goes, and tells whether the engine goes too. What comes of it goes to standard output as JSON.
 */
const [dist = '', how = ''] = process.argv.slice(2);
const meeting = newMeeting();
const facts = {
	...launchFacts(dist, meeting, ''),
	engineScript: join(dist, how === 'broken' ? 'nothing.mjs' : 'engine.mjs'),
	elevateScript: join(dist, 'elevate.mjs'),
};
const result: Record<string, unknown> = {};
const said: string[] = [];

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

try {
	const client = await startEngine('uac', facts, meeting, (text) => void said.push(text));
	const info = await client.request('engine/info', {});
	result['info'] = { elevated: info.elevated, protocol: info.protocol };
	result['another process'] = info.pid !== process.pid;
	result['disks'] = Array.isArray(await client.request('disks/list', { files: [] }));
	result['rights'] = Array.isArray(await client.request('rights/open', { path: process.execPath }));
	result['token file is gone'] = !existsSync(facts.tokenFile);
	client.dispose();
	for (const end = Date.now() + 60_000; isAlive(info.pid) && Date.now() < end;) {
		await new Promise((again) => setTimeout(again, 200));
	}
	result['ends with its client'] = !isAlive(info.pid);
} catch (error) {
	result['error'] = toErrorRecord(error);
	result['token file is gone'] = !existsSync(facts.tokenFile);
}
console.log(JSON.stringify({ ...result, said: said.join('') }));
process.exit(0);
