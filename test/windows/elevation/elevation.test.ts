import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elevateCodes } from '../../../src/protocol/elevate.ts';
import { buildForWindows, bundleForWindows, Windows, windowsPath, type WineResult } from '../support/wine.ts';

let windows: Windows;
let dist: string;
let program: string;

beforeAll(() => {
	dist = dirname(buildForWindows());
	program = windowsPath(bundleForWindows(join(import.meta.dirname, 'client.ts')));
	windows = Windows.fresh();
});
afterAll(() => windows.remove());

async function client(how: string): Promise<Record<string, unknown>> {
	const { code, out, err } = await windows.node([program, windowsPath(dist), how]);
	if (code !== 0) throw new Error(`The client ended with ${code}: ${out}${err}`);
	return JSON.parse(out) as Record<string, unknown>;
}

/** Wine asks nobody, and gives every process the rights of an administrator. */
describe('an engine with administrator rights', () => {
	it('is started by Windows, meets its client on a named pipe, proves the token, and ends with the client', async () => {
		expect(await client('')).toMatchObject({
			info: { elevated: true, protocol: 1 },
			'another process': true,
			disks: true,
			rights: true,
			'token file is gone': true,
			'ends with its client': true,
		});
	});

	it('that ends before it meets its client is noticed at once', async () => {
		expect(await client('broken')).toMatchObject({
			error: {
				code: 'engine-lost',
				message: expect.stringMatching(/did not start.*ended with code 1/) as string,
			},
			'token file is gone': true,
		});
	});

	it('that cannot be started is told in the words of Windows', async () => {
		const nowhere = `Object.defineProperty(process, 'execPath', { value: 'C:\\\\nowhere\\\\node.exe' });`;
		const { code, err } = await elevate(nowhere, 'engine.mjs');
		expect([code, err]).toEqual([
			elevateCodes.failed,
			expect.stringMatching(/^Windows could not start it: .*not there/),
		]);
	});

	it('whose runtime is Electron is told to behave as Node, which only cmd.exe can do', async () => {
		const electron = `Object.defineProperty(process.versions, 'electron', { value: '30.0.0' });`;
		const script = join(windows.folder, 'a script.cjs');
		const report = join(windows.folder, 'report.json');
		writeFileSync(
			script,
			`require('node:fs').writeFileSync(process.argv[2], JSON.stringify([process.env.ELECTRON_RUN_AS_NODE, process.argv.slice(3), process.cwd()]));
			process.exit(7);`,
		);
		const words = ['&', 'C:\\a b\\', '^', 'a|b'];
		const { code, err } = await elevate(electron, windowsPath(script), windowsPath(report), ...words);
		const user = ['--user', expect.stringMatching(/^S-1-5-21-/) as string];
		expect(JSON.parse(readFileSync(report, 'utf8'))).toEqual(['1', [...words, ...user], 'C:\\windows\\system32']);
		expect([code, err.trim()]).toEqual([elevateCodes.ended, 'The engine with administrator rights ended with code 7']);
	});
});

/** Runs the script that asks for rights in a process that was changed before. */
function elevate(change: string, ...args: string[]): Promise<WineResult> {
	const script = windowsPath(join(dist, 'elevate.mjs'));
	const code = `${change}
		process.argv = [process.execPath, process.argv[1], ...process.argv.slice(2)];
		import(require('node:url').pathToFileURL(process.argv[1]).href);`;
	return windows.node(['-e', code, script, ...args]);
}
