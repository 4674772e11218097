import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { Workbench } from '../../test/e2e/pages/workbench.ts';
import { startVsCode, type VsCodeServer } from '../../test/support/vscode-server.ts';
import type { OwnMachine } from './own-machine.ts';
import { disks } from './samples.ts';

/** The real VS Code with the packaged extension and the sample disks. @param theme its label */
export function startWithSamples({ extensions }: OwnMachine, theme: string): Promise<VsCodeServer> {
	return startVsCode({
		extensions,
		settings: {
			'workbench.colorTheme': theme,
			'workbench.secondarySideBar.defaultVisibility': 'hidden',
			'chat.disableAIFeatures': true,
			'diffEditor.useInlineViewWhenSpaceIsLimited': false,
			'afterimage.diskFiles': ['workstation.img', 'home-server.img'].map((file) => join(disks, file)),
		},
	});
}

/** A window of a size that fits into the README. */
export async function openWindow(
	browser: Browser,
	server: VsCodeServer,
	{ workspace }: OwnMachine,
): Promise<Workbench> {
	const page = await browser.newPage({
		viewport: { width: 1280, height: 860 },
		locale: 'en-GB',
		reducedMotion: 'reduce',
	});
	await page.goto(server.url(workspace));
	const workbench = new Workbench(page);
	await workbench.ready();
	return workbench;
}
