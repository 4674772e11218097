/** What the power port does to this Windows, as JSON: `node power.mjs`. */
import { setThreadExecutionState } from '../../../native/win32/api/kernel32.ts';
import { win32Power } from '../../../native/win32/power.ts';
import { enablePrivilege } from '../../../native/win32/rights/privilege.ts';

const continuous = 0x80000000;

/** Whether the thread keeps the system awake; the call that tells it sets another state, which is taken back. */
function isAwake(): boolean {
	const state = setThreadExecutionState(continuous);
	setThreadExecutionState(state);
	return (state & 1) !== 0;
}

const awake: boolean[] = [];
setThreadExecutionState(continuous);
awake.push(isAwake());
const [first, second] = [win32Power.keepAwake('first'), win32Power.keepAwake('second')];
awake.push(isAwake());
first();
first();
awake.push(isAwake());
second();
awake.push(isAwake());

for (const [level, force] of [
	['shutdown', false],
	['reboot', true],
	['hibernate', false],
] as const) {
	await win32Power.shutDown(level, force);
}
await win32Power.shutDown('suspend', false);
let refusal = '';
process.env['FAKE_SHUTDOWN_CODE'] = '5';
await win32Power.shutDown('shutdown', true).catch((error: unknown) => {
	refusal = (error as Error).message;
});
const privileges = ['SeShutdownPrivilege', 'SeNoSuchPrivilege'].map(enablePrivilege);
process.stdout.write(JSON.stringify({ awake, refusal, privileges }));
