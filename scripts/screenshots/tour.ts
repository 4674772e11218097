/**
 * Takes the moving picture of the README with the packaged extension in the real VS Code: a new image in the form, its run,
 * the files of a backup, a restore. `node scripts/screenshots/tour.ts` writes `docs/images/tour.gif`. It needs root on Linux,
 * as `views.ts` does, and the Debian packages `ffmpeg` and `gifsicle`.
 */
import { basename, join } from 'node:path';
import type { Workbench } from '../../test/e2e/pages/workbench.ts';
import { launchBrowser } from '../../test/support/browser.ts';
import { extensionFolder } from '../../test/support/vscode-server.ts';
import { Film } from './film.ts';
import { onOwnMachine, type OwnMachine } from './own-machine.ts';
import { backups, disks, makeSamples } from './samples.ts';
import { upgraded } from './server-files.ts';
import { openWindow, startWithSamples } from './window.ts';

await onOwnMachine(import.meta.filename, async (machine) => {
	makeSamples(machine.definitions, 8000);
	await filmTour(machine);
});

async function filmTour(machine: OwnMachine): Promise<void> {
	const server = await startWithSamples(machine, 'Default Dark Modern');
	const browser = await launchBrowser();
	try {
		const workbench = await openWindow(browser, server, machine);
		await workbench.showViews();
		await workbench.runs.fold(false);
		await workbench.widenSideBar(400);
		const film = new Film(workbench.page, `${machine.history}-frames`);
		await makeDefinition(workbench, film);
		await runIt(workbench, film);
		await browseFiles(workbench, film);
		await checkRestore(workbench, film);
		film.write(join(extensionFolder, 'docs/images/tour.gif'));
	} finally {
		await browser.close();
		await server.stop();
	}
}

async function makeDefinition(workbench: Workbench, film: Film): Promise<void> {
	const { definitions, disks: tree, form, page } = workbench;
	await tree.item(/home-server/).waitFor();
	await workbench.backups.expand(/^Backup set/);
	await film.frame(1.5);
	await workbench.run('Afterimage: New Image…');
	const disk = /^Raw disk file - .*home-server\.img/;
	await form.disk(disk).waitFor();
	await film.frame(1.2, form.disk(disk).locator('header').getByRole('checkbox'));
	await form.selectDisk(disk);
	await form.destination(backups);
	await page.waitForTimeout(500);
	const frame = workbench.webview();
	await film.frame(1.8, frame.locator('#next'));
	await form.next('Edit the Plan for this Backup');
	await film.frame(1.2, frame.getByRole('combobox', { name: 'Template' }));
	await form.template('Grandfather, Father, Son');
	await page.waitForTimeout(1000);
	await film.frame(3, frame.locator('#next'));
	await form.next('Imaging Summary');
	await film.frame(2, frame.locator('#finish'));
	await form.finish();
	await film.frame(1.5, frame.locator('#ok'));
	await form.save({ name: 'Nightly', runNow: false });
	await definitions.item('Nightly').waitFor();
}

async function runIt(workbench: Workbench, film: Film): Promise<void> {
	const { definitions, notifications, page } = workbench;
	await workbench.run('Notifications: Clear All Notifications');
	await definitions.item('Before the upgrade').click({ button: 'right' });
	const entry = page.getByRole('menuitem', { name: 'Run Full Backup Now', exact: true });
	await entry.hover();
	await film.frame(1.5, entry);
	await page.keyboard.press('Escape');
	const running = notifications.saying(/Back up Before the upgrade: [1-9]\d* %/);
	await definitions.choose('Before the upgrade', 'Run Full Backup Now', running);
	await page.mouse.move(900, 20);
	await page.locator('.workbench-hover').waitFor({ state: 'hidden' });
	for (let moment = 0; moment < 4; moment++) {
		await film.frame(0.6);
		await page.waitForTimeout(250);
	}
	await notifications.saying(/Full backup of set/).waitFor();
	await film.frame(2);
	await workbench.run('Notifications: Clear All Notifications');
}

async function browseFiles(workbench: Workbench, film: Film): Promise<void> {
	const { backups: sets, definitions, disks: tree, files, page } = workbench;
	for (const view of [tree, definitions]) await view.fold(false);
	await sets.expand(/^Backup set/);
	await sets.choose(/^Incremental 04/, 'Browse Files', files.item(/DEMO-ROOT/));
	await files.expand(/DEMO-ROOT/);
	await files.expand(/^etc, folder/);
	await files.expand(/^srv, folder/);
	await film.frame(1.5, files.item(new RegExp(`^${basename(upgraded)}`)));
	const change = page.locator('.monaco-diff-editor .char-insert').first();
	await files.choose(new RegExp(`^${basename(upgraded)}`), 'Compare With Previous Backup', change);
	await page.mouse.move(1050, 18);
	await page.waitForTimeout(1500);
	await film.frame(2.5);
}

async function checkRestore(workbench: Workbench, film: Film): Promise<void> {
	const { backups: sets, page, restore } = workbench;
	await workbench.closeEditors();
	await sets.choose(/^Incremental 04/, 'Restore…', restore.points.first());
	await restore.newFile();
	await workbench.quickInput.file('Restore to a new raw file', join(disks, 'restored.img'));
	await restore.target(join(disks, 'restored.img')).waitFor();
	await page.waitForTimeout(500);
	await film.frame(2);
	const check = workbench.webview().getByRole('button', { name: 'Check', exact: true });
	await check.scrollIntoViewIfNeeded();
	await film.frame(1.2, check);
	await restore.check();
	await page.waitForTimeout(500);
	await film.frame(3);
}
