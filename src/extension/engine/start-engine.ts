import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { AfterimageError } from '../../base/errors.ts';
import { elevateCodes } from '../../protocol/elevate.ts';
import { awaitEngine } from './channel.ts';
import { EngineClient } from './engine-client.ts';
import { wordsOf } from './launcher-words.ts';
import { launchPlan, type ElevationMethod, type LaunchFacts } from './launch-plan.ts';
import type { Meeting } from './meeting.ts';

/** How long a person may take to answer a question for rights, in milliseconds. */
const patience = 5 * 60_000;

/**
 * Starts an engine and waits until it has connected and proved the token. Every way in which the launcher can end first
 * is told apart: it is missing, the user refused, the engine broke.
 */
export async function startEngine(
	method: ElevationMethod,
	facts: LaunchFacts,
	meeting: Meeting,
	onOutput: (text: string) => void,
	signal?: AbortSignal,
): Promise<EngineClient> {
	const plan = launchPlan(method, facts);
	if (plan.tokenBy === 'file') writeFileSync(facts.tokenFile, `${meeting.token}\n`, { mode: 0o600, flag: 'wx' });
	const controller = new AbortController();
	const stop = (error: AfterimageError) => controller.abort(error);
	const onAbort = () => stop(new AfterimageError('cancelled', 'Cancelled'));
	signal?.addEventListener('abort', onAbort, { once: true });
	const timer = setTimeout(
		() => stop(new AfterimageError('engine-lost', 'The imaging engine did not connect within five minutes')),
		patience,
	);
	// The engine lives on its own: it goes on with a running job when this window reloads.
	const child = spawn(plan.command, plan.args, {
		env: { ...process.env, ...plan.env },
		stdio: ['pipe', 'pipe', 'pipe'],
		detached: true,
		windowsHide: true,
	});
	let output = '';
	const hear = (chunk: Buffer) => {
		output = (output + chunk.toString()).slice(-2000);
		onOutput(chunk.toString());
	};
	child.stdout.on('data', hear);
	child.stderr.on('data', hear);
	child.stdin.on('error', () => undefined); // the launcher ended before it read: its exit says why
	if (plan.tokenBy === 'stdin') child.stdin.write(`${meeting.token}\n`);
	child.on('error', (error) =>
		stop(new AfterimageError('engine-lost', `${plan.command} cannot be started: ${error.message}`)),
	);
	child.on('exit', (code, killedBy) => {
		// A launcher that hands over to another process (UAC, macOS) ends with 0 before the engine connects.
		if (plan.tokenBy === 'file' && code === 0) return;
		stop(launcherEnded(method, code, killedBy, output));
	});
	try {
		return new EngineClient(await awaitEngine(meeting, controller.signal));
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener('abort', onAbort);
		child.unref();
		// What started the engine ends with its input; what the engine has not read is a secret that nobody needs any more.
		if (plan.tokenBy === 'file') {
			child.stdin.end();
			rmSync(facts.tokenFile, { force: true });
		}
		for (const stream of [child.stdin, child.stdout, child.stderr])
			(stream as unknown as { unref?: () => void }).unref?.();
	}
}

/** Listens for an engine that a window before has started. @throws when none has proved the token before `signal` aborts */
export async function meetAgain(meeting: Meeting, signal: AbortSignal): Promise<EngineClient> {
	return new EngineClient(await awaitEngine(meeting, signal));
}

function launcherEnded(
	method: ElevationMethod,
	code: number | null,
	killedBy: string | null,
	output: string,
): AfterimageError {
	const how = killedBy === null ? `code ${code}` : `signal ${killedBy}`;
	const words = wordsOf(output);
	const said = words === '' ? '' : `: ${words}`;
	// pkexec(1): 126 = the user dismissed the dialog or is not authorised, 127 = not authorised or no agent.
	if (method === 'pkexec' && (code === 126 || code === 127)) {
		return new AfterimageError('permission-denied', `Administrator rights were not granted by pkexec (${how})${said}`, {
			advice: 'Try again, or set afterimage.elevation to "sudo"',
		});
	}
	if (method === 'sudo' && code === 1) {
		return new AfterimageError('permission-denied', `Administrator rights were not granted by sudo${said}`, {
			advice: 'Check the password and that you may use sudo',
		});
	}
	if (method === 'uac' && code === elevateCodes.refused) {
		return new AfterimageError(
			'permission-denied',
			'You did not give administrator rights when Windows asked for them',
			{
				advice: 'Try again and answer Yes. What asks is Windows (User Account Control).',
			},
		);
	}
	if (method === 'uac') {
		return new AfterimageError(
			'engine-lost',
			`The imaging engine did not start with administrator rights (${how})${said}`,
		);
	}
	if (method === 'osascript') {
		return new AfterimageError('permission-denied', `Administrator rights were not granted (${how})${said}`);
	}
	return new AfterimageError('engine-lost', `The imaging engine ended with ${how} before it connected${said}`);
}
