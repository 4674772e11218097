/**
 * Takes the pictures of the window as a whole, with the packaged extension in the real VS Code:
 * `node scripts/screenshots/views.ts` writes `docs/images/{views,files,walkthrough}-{dark,light,high-contrast}.png`. It needs root
 * on Linux: in a mount namespace of its own its disks and backups lie where those of a person would, and this machine's
 * own disks are not listed.
 */
import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Workbench } from '../../test/e2e/pages/workbench.ts';
import { launchBrowser } from '../../test/support/browser.ts';
import { extensionFolder } from '../../test/support/vscode-server.ts';
import { onOwnMachine, type OwnMachine } from './own-machine.ts';
import { makeSamples } from './samples.ts';
import { upgraded } from './server-files.ts';
import { openWindow, startWithSamples } from './window.ts';

const themes = {
	dark: 'Default Dark Modern',
	light: 'Default Light Modern',
	'high-contrast': 'Default High Contrast',
} as const;

await onOwnMachine(import.meta.filename, async (machine) => {
	makeSamples(machine.definitions, 400);
	for (const [name, theme] of Object.entries(themes)) {
		// What one picture runs is no history of the next.
		const history = `${machine.history}-${name}`;
		cpSync(machine.history, history, { recursive: true });
		process.env['AFTERIMAGE_DATA'] = history;
		await takePictures(machine, name, theme);
	}
});

async function takePictures(machine: OwnMachine, name: string, theme: string): Promise<void> {
	const server = await startWithSamples(machine, theme);
	const browser = await launchBrowser();
	try {
		const save = async ({ page }: Workbench, what: string) => {
			await page.screenshot({ path: join(extensionFolder, `docs/images/${what}-${name}.png`) });
		};
		// First, and in a window of its own: the status bar tells of runs that were cancelled.
		const browsing = await openWindow(browser, server, machine);
		await compareFile(browsing);
		await save(browsing, 'files');
		await browsing.page.close();

		const workbench = await openWindow(browser, server, machine);
		const { page } = workbench;
		await workbench.run('View: Toggle Primary Side Bar Visibility');
		await workbench.openWalkthrough('Image your first disk');
		await page.locator('.getting-started-step.expanded').waitFor();
		await workbench.webview().locator('svg').first().waitFor();
		await save(workbench, 'walkthrough');

		await workbench.closeEditors();
		await workbench.showViews();
		await workbench.widenSideBar(440);
		await workbench.definitions.expand('Home server');
		await workbench.backups.expand(/^Backup set/);
		const properties = workbench.webview().getByText('DEMO-ROOT').filter({ visible: true }).first();
		await workbench.backups.choose(/^Incremental 04/, 'Properties', properties);
		await workbench.run('Notifications: Clear All Notifications');
		const running = workbench.notifications.saying(/Back up Before the upgrade: [1-9]\d* %/);
		await workbench.definitions.choose('Before the upgrade', 'Run Full Backup Now', running);
		await page.mouse.move(900, 20);
		await page.locator('.workbench-hover').waitFor({ state: 'hidden' });
		await save(workbench, 'views');
		await workbench.notifications.press('Back up Before the upgrade', 'Cancel');
		await workbench.runs.item(/^Back up Before the upgrade, cancelled/).waitFor();
	} finally {
		await browser.close();
		await server.stop();
	}
}

/** Browses the newest backup with the other views folded away, and compares a file with the one in the backup before. */
async function compareFile(workbench: Workbench): Promise<void> {
	const { backups, definitions, disks, files, page, runs } = workbench;
	await workbench.showViews();
	for (const view of [disks, definitions, runs]) await view.fold(false);
	await workbench.widenSideBar(400);
	await backups.expand(/^Backup set/);
	await backups.choose(/^Incremental 04/, 'Browse Files', files.item(/DEMO-ROOT/));
	await files.expand(/DEMO-ROOT/);
	await files.expand(/^etc, folder/);
	await files.expand(/^srv, folder/);
	const change = page.locator('.monaco-diff-editor .char-insert').first();
	await files.choose(new RegExp(`^${basename(upgraded)}`), 'Compare With Previous Backup', change);
	await page.mouse.move(1050, 18);
	await page.waitForTimeout(2000); // until hovers and scrollbars have faded away
}
