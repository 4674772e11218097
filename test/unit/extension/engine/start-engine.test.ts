import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LaunchFacts } from '../../../../src/extension/engine/launch-plan.ts';
import { newMeeting, removeMeeting } from '../../../../src/extension/engine/meeting.ts';
import { startEngine } from '../../../../src/extension/engine/start-engine.ts';
import { elevateCodes } from '../../../../src/protocol/elevate.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

/** Tries to start an engine by a program that ends as it is told. */
async function startBy(code: number, words: string): Promise<{ error: unknown; tokenLeft: boolean }> {
	const folder = tempFolder();
	const elevateScript = join(folder, 'elevate.mjs');
	writeFileSync(elevateScript, `process.stderr.write(${JSON.stringify(words)}); process.exitCode = ${code};`);
	const meeting = newMeeting();
	const facts: LaunchFacts = {
		platform: 'win32',
		runtime: process.execPath,
		electron: false,
		engineScript: 'engine.mjs',
		elevateScript,
		meetingPath: meeting.path,
		tokenFile: join(folder, 'token'),
		askpass: '',
	};
	const error = await startEngine('uac', facts, meeting, () => undefined).catch((thrown: unknown) => thrown);
	removeMeeting(meeting);
	return { error, tokenLeft: existsSync(facts.tokenFile) };
}

describe('an engine that Windows is to give rights', () => {
	it('and that a person refuses is no fault of the engine', async () => {
		const { error, tokenLeft } = await startBy(elevateCodes.refused, 'Administrator rights were refused\n');
		expect(error).toMatchObject({
			code: 'permission-denied',
			message: expect.stringContaining('did not give administrator rights') as string,
			advice: expect.stringContaining('answer Yes') as string,
		});
		expect(tokenLeft).toBe(false);
	});

	it('and that cannot be started is lost, with the reason', async () => {
		const { error, tokenLeft } = await startBy(elevateCodes.failed, 'Windows could not start it: it is not there\n');
		expect(error).toMatchObject({
			code: 'engine-lost',
			message: expect.stringContaining('it is not there') as string,
		});
		expect(tokenLeft).toBe(false);
	});
});
