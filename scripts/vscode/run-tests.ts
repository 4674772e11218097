/**
 * Runs the compiled tests of `test/vscode` in the extension host of the real VS Code, opened in a headless browser.
 * Once in a trusted workspace, once in German, once in Restricted Mode; each ends with a line `N passed, N failed`. Exit code 1 when
 * a test failed or none ran.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchBrowser } from '../../test/support/browser.ts';
import { extensionFolder, startVsCode } from '../../test/support/vscode-server.ts';

const minutes = 10;

type Window = 'trusted' | 'german' | 'restricted';

/** One VS Code with a window on a workspace of its own; whether every test passed. */
async function runTests(window: Window): Promise<boolean> {
	const restricted = window === 'restricted';
	const workspace = mkdtempSync(join(tmpdir(), 'afterimage-workspace-'));
	cpSync(join(extensionFolder, 'test/vscode/workspace'), workspace, { recursive: true });
	// The history of runs of these tests is not that of whoever runs them.
	const data = mkdtempSync(join(tmpdir(), 'afterimage-data-'));
	const env = { AFTERIMAGE_DATA: data, AFTERIMAGE_WINDOW: window };
	const server = await startVsCode({ env, trust: restricted });
	const browser = await launchBrowser();
	let ran = false;
	try {
		const page = await browser.newPage();
		// What a language pack says of itself; extensions go by it, and the workbench's own texts stay English.
		if (window === 'german') await page.addInitScript("globalThis._VSCODE_NLS_LANGUAGE = 'de'");
		const ended = new Promise<number>((done) => {
			setTimeout(() => {
				process.stdout.write(`The tests did not end within ${minutes} minutes\n`);
				done(1);
			}, minutes * 60_000).unref();
			void page.exposeFunction('codeAutomationExit', done);
		});
		await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
			const text = args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' ');
			if (text.startsWith('[AgentHost]')) return; // the workbench's own, about services this machine does not reach
			ran ||= /\d+ passed, \d+ failed/.test(text);
			process.stdout.write(`${text}\n`);
		});
		await page.goto(server.url(workspace, { tests: resolve(extensionFolder, 'dist/test/index.cjs') }));
		const code = await ended;
		if (!ran) process.stdout.write('0 passed, 1 failed (no test ran)\n');
		return ran && code === 0;
	} finally {
		await browser.close();
		await server.stop();
		for (const folder of [workspace, data]) rmSync(folder, { recursive: true, force: true });
	}
}

/** The one suite to run (`AFTERIMAGE_SUITE`, its title) belongs to one of the windows. */
const only = process.env['AFTERIMAGE_SUITE'];
const special: Readonly<Record<string, Window>> = { 'in German': 'german', 'restricted mode': 'restricted' };
const windows: readonly Window[] =
	only === undefined ? ['trusted', 'german', 'restricted'] : [special[only] ?? 'trusted'];
let passed = true;
for (const window of windows) passed = (await runTests(window)) && passed;
process.exit(passed ? 0 : 1);
