/**
 * How long VS Code takes to load the extension's code and to call its `activate`, by VS Code's own account ("Developer:
 * Startup Performance"): `node bench/activation.ts [starts]`. Needs `scripts/vscode/install.sh` and a production build.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../test/support/browser.ts';
import { startVsCode } from '../test/support/vscode-server.ts';

const starts = Number(process.argv[2] ?? 9);
/** The goal of the product for both together, in milliseconds. */
const goal = 100;
/** Time for VS Code to come to rest after the activation before it is asked, in milliseconds. */
const settle = 3_000;

interface Times {
	/** From asking for the code to having evaluated it, in milliseconds. */
	readonly load: number;
	/** The call of `activate`, until what it returned has settled, in milliseconds. */
	readonly activate: number;
}

/** The extension's row: Extension, Eager, Load Code, Call Activate, Finish Activate, Event, By. */
function timesIn(lines: readonly string[]): Times {
	const row = lines.find((line) => /^\|\s*afterimage\.afterimage\b/.test(line.replaceAll('\u00a0', ' ')));
	const [load, call, finish] = (row ?? '').split('|').slice(3, 6).map(Number);
	if (load === undefined || call === undefined || finish === undefined || Number.isNaN(load + call + finish)) {
		throw new Error(`VS Code gave no times of the extension: ${row ?? 'it has no row'}`);
	}
	return { load, activate: call + finish };
}

async function readTimes(page: Page): Promise<Times> {
	await page.keyboard.press('F1');
	const input = page.locator('.quick-input-widget input');
	await input.fill('>Developer: Startup Performance');
	await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'Startup Performance' }).waitFor();
	await input.press('Enter');
	await page.locator('.view-line', { hasText: 'afterimage.afterimage' }).first().waitFor();
	return timesIn(await page.locator('.view-line').allInnerTexts());
}

/** Waits until the log of the extension host tells of the activation. */
async function activated(dataFolder: string): Promise<void> {
	const logs = join(dataFolder, 'data/logs');
	for (let waited = 0; waited < 60_000; waited += 100) {
		await new Promise((later) => setTimeout(later, 100));
		const hosts = readdirSync(logs, { recursive: true, encoding: 'utf8' }).filter((name) => /exthost\.log$/.test(name));
		const texts = hosts.map((name) => readFileSync(join(logs, name), 'utf8'));
		if (texts.some((text) => text.includes('_doActivateExtension afterimage.afterimage'))) return;
	}
	throw new Error('The extension was not activated within a minute');
}

async function measure(): Promise<Times> {
	const workspace = mkdtempSync(join(tmpdir(), 'afterimage-bench-'));
	const server = await startVsCode();
	const browser = await launchBrowser();
	try {
		// So high that the editor draws all of the page.
		const page = await browser.newPage({ viewport: { width: 1600, height: 5000 } });
		await page.goto(server.url(workspace));
		await activated(server.dataFolder);
		await new Promise((later) => setTimeout(later, settle));
		return await readTimes(page);
	} finally {
		await browser.close();
		await server.stop();
		rmSync(workspace, { recursive: true, force: true });
	}
}

function describe(times: readonly number[]): string {
	const sorted = [...times].sort((a, b) => a - b);
	return `median ${sorted[Math.floor(sorted.length / 2)]} ms (${sorted.join(', ')})`;
}

const times: Times[] = [];
for (let start = 0; start < starts; start++) times.push(await measure());
process.stdout.write(
	`Loading: ${describe(times.map(({ load }) => load))}
Activation: ${describe(times.map(({ activate }) => activate))}
Both: ${describe(times.map(({ load, activate }) => load + activate))}; goal ${goal} ms
`,
);
