/**
 * How long the extension takes to load and activate in the extension host of the real VS Code, as it logs it itself:
 * `node bench/activation.ts [starts]`. Needs `scripts/vscode/install.sh` and a build (`npm run build:production`).
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '../test/support/browser.ts';
import { startVsCode } from '../test/support/vscode-server.ts';

const starts = Number(process.argv[2] ?? 5);
/** The goal of the product, in milliseconds. */
const goal = 100;

function logged(dataFolder: string): number | undefined {
	const logs = join(dataFolder, 'data/logs');
	for (const name of readdirSync(logs, { recursive: true, encoding: 'utf8' })) {
		if (!name.endsWith('Afterimage.log')) continue;
		const found = /Loaded and activated in ([\d.]+) ms/.exec(readFileSync(join(logs, name), 'utf8'));
		if (found !== null) return Number(found[1]);
	}
	return undefined;
}

async function measure(): Promise<number> {
	const workspace = mkdtempSync(join(tmpdir(), 'afterimage-bench-'));
	const server = await startVsCode();
	const browser = await launchBrowser();
	try {
		const page = await browser.newPage();
		await page.goto(server.url(workspace));
		for (let waited = 0; waited < 600; waited++) {
			const time = logged(server.dataFolder);
			if (time !== undefined) return time;
			await new Promise((later) => setTimeout(later, 100));
		}
		throw new Error('The extension did not log its activation within a minute');
	} finally {
		await browser.close();
		await server.stop();
		rmSync(workspace, { recursive: true, force: true });
	}
}

const times: number[] = [];
for (let start = 0; start < starts; start++) times.push(await measure());
times.sort((a, b) => a - b);
const median = times[Math.floor(times.length / 2)]!;
process.stdout.write(
	`Loading and activation: median ${median} ms of ${starts} starts (${times.join(', ')}); goal ${goal} ms\n`,
);
