/**
 * Takes the pictures of the language for the README, in the real VS Code, light and dark:
 * `node esbuild.mjs && node scripts/screenshots/language.ts` writes `docs/images/language-{dark,light}.png`.
 */
import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { guidFromBytes } from '../../src/base/guid.ts';
import { launchBrowser } from '../../test/support/browser.ts';
import { extensionFolder, startVsCode } from '../../test/support/vscode-server.ts';
import { makeDemoDisk, type DemoPartition } from '../make-demo-disk.ts';

const themes = { dark: 'Default Dark Modern', light: 'Default Light Modern' } as const;
const fileName = 'Home server.xml';

const folder = mkdtempSync(join(tmpdir(), 'afterimage-picture-'));
try {
	const workspace = join(folder, 'backup');
	const disk = join(folder, 'disk.img');
	mkdirSync(workspace, { mode: 0o700 });
	const { partitions } = makeDemoDisk(disk);
	for (const [name, theme] of Object.entries(themes)) {
		// Anew for each: VS Code saves by itself.
		writeFileSync(join(workspace, fileName), definition(diskGuid(disk), partitions), { mode: 0o600 });
		await takePicture(workspace, disk, theme, join(extensionFolder, `docs/images/language-${name}.png`));
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}

async function takePicture(workspace: string, disk: string, theme: string, path: string): Promise<void> {
	const server = await startVsCode({
		settings: {
			'workbench.colorTheme': theme,
			'afterimage.diskFiles': [disk],
			'editor.minimap.enabled': false,
			'editor.fontSize': 14,
			'editor.lightbulb.enabled': 'off',
			'editor.stickyScroll.enabled': false,
			'workbench.secondarySideBar.defaultVisibility': 'hidden',
			'chat.disableAIFeatures': true,
		},
	});
	const browser = await launchBrowser();
	try {
		const page = await browser.newPage({ viewport: { width: 1120, height: 930 }, deviceScaleFactor: 2 });
		await page.goto(server.url(workspace));
		await openFile(page);
		await page.screenshot({ path });
	} finally {
		await browser.close();
		await server.stop();
	}
}

/** Opens the definition, waits until everything is drawn beside it, and begins a parameter. */
async function openFile(page: Page): Promise<void> {
	await page.locator('.explorer-folders-view').getByText(fileName).dblclick({ timeout: 60_000 });
	await page.keyboard.press('Control+b');
	await page.locator('.codelens-decoration', { hasText: /Run.incremental/ }).waitFor({ timeout: 60_000 });
	await page.locator('.view-line', { hasText: /Raw.disk.file/ }).waitFor({ timeout: 60_000 });
	await page.locator('.squiggly-warning').first().waitFor({ timeout: 60_000 });
	await page.locator('.view-line', { hasText: 'filename_template' }).click();
	await page.keyboard.press('End');
	for (let step = 0; step < '</filename_template>'.length; step++) await page.keyboard.press('ArrowLeft');
	await page.keyboard.type('{');
	await page.locator('.suggest-widget.visible').waitFor({ timeout: 30_000 });
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Control+Space'); // shows the documentation beside the list
	await page.waitForTimeout(2500);
}

/** Disk GUID in the primary GPT header (UEFI 5.3.2, offset 56). */
function diskGuid(path: string): string {
	const fd = openSync(path, 'r');
	const bytes = Buffer.alloc(16);
	readSync(fd, bytes, 0, 16, 512 + 56);
	closeSync(fd);
	return guidFromBytes(bytes);
}

function definition(guid: string, partitions: readonly DemoPartition[]): string {
	const lines = partitions.map(({ number, start }) => `\t\t\t<partition number="${number}" offset="${start}"/>\n`);
	return `<?xml version="1.0" encoding="UTF-8"?>
<!-- The system disk, every night. -->
<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1">
	<name>Home server</name>
	<sources>
		<disk signature="${guid}">
${lines.join('')}		</disk>
	</sources>
	<encryption aes_type="aes-256" password_source="prompt"/>
	<scheduling time_zone="Europe/Berlin">
		<schedule backup_type="full">
			<monthly_weekday week="first" weekday="monday" time="09:00"/>
		</schedule>
		<schedule backup_type="inc">
			<weekly days="monday tuesday wednesday thursday friday" time="21:30"/>
		</schedule>
	</scheduling>
	<disk_space_management run_before="true">
		<full_retention interval="1"/>
		<incremental_retention interval="14" period="days"/>
	</disk_space_management>
	<destination>
		<folder>/mnt/backup</folder>
		<filename_template>{COMPUTERNAME}-</filename_template>
	</destination>
</backup_definition>
`;
}
