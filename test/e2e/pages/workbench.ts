import type { FrameLocator, Locator, Page } from 'playwright-core';
import { patience, until } from '../support/wait.ts';
import { DefinitionForm } from './definition-form.ts';
import { Notifications } from './notifications.ts';
import { QuickInput } from './quick-input.ts';
import { RestorePage } from './restore-page.ts';
import { Tree } from './tree.ts';

/** One window of VS Code. */
export class Workbench {
	readonly page: Page;
	readonly disks: Tree;
	readonly definitions: Tree;
	readonly backups: Tree;
	readonly files: Tree;
	readonly runs: Tree;
	readonly quickInput: QuickInput;
	readonly notifications: Notifications;

	constructor(page: Page) {
		this.page = page;
		page.setDefaultTimeout(patience);
		this.disks = new Tree(page, 'Local Disks');
		this.definitions = new Tree(page, 'Backup Definitions');
		this.backups = new Tree(page, 'Existing Backups');
		this.files = new Tree(page, 'Files in Backup');
		this.runs = new Tree(page, 'Runs');
		this.quickInput = new QuickInput(page);
		this.notifications = new Notifications(page);
	}

	/** Waits until the window is there and the extension has put itself on the Activity Bar. */
	async ready(): Promise<void> {
		await this.#activity.waitFor();
	}

	/** Shows the views of the extension, the one that is folded at first too. */
	async showViews(): Promise<void> {
		const tree = this.page.locator('.pane-header[aria-label^="Local Disks"]');
		if (!(await tree.isVisible())) await this.#activity.click();
		await tree.waitFor();
		await this.runs.fold(true);
	}

	/** Runs a command of the palette by its full title. */
	async run(title: string): Promise<void> {
		// The palette may be asked for before the window listens to keys.
		await until('the command palette', async () => {
			await this.page.keyboard.press('F1');
			return this.quickInput.input.waitFor({ timeout: 2000 }).then(
				() => true,
				() => false,
			);
		});
		await this.quickInput.input.fill(`>${title}`);
		await this.quickInput.choose(title);
	}

	/** Opens the walkthrough with this title. */
	async openWalkthrough(title: string): Promise<void> {
		await this.run('Welcome: Open Walkthrough...');
		await this.quickInput.choose(title);
	}

	/** Drags the border between side bar and editor. @param width of the side bar, in pixels */
	async widenSideBar(width: number): Promise<void> {
		const box = (await this.page.locator('.part.sidebar').boundingBox())!;
		const edge = box.x + box.width;
		await this.page.mouse.move(edge, 400);
		await this.page.mouse.down();
		await this.page.mouse.move(box.x + width, 400, { steps: 5 });
		await this.page.mouse.up();
	}

	/** Closes every editor without keeping anything. */
	async closeEditors(): Promise<void> {
		await this.run('View: Close All Editors');
	}

	/** The page of the webview in the active editor. */
	webview(): FrameLocator {
		return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
	}

	get form(): DefinitionForm {
		return new DefinitionForm(this.webview());
	}

	get restore(): RestorePage {
		return new RestorePage(this.webview());
	}

	editorTab(name: string | RegExp): Locator {
		return this.page.locator('.tabs-container').getByRole('tab', { name });
	}

	/** The one item of the extension in the status bar. */
	get statusBar(): Locator {
		return this.page.locator('#afterimage\\.afterimage\\.afterimage\\.status');
	}

	async reload(): Promise<void> {
		await this.page.reload();
		await this.ready();
	}

	get #activity(): Locator {
		return this.page.locator('.activitybar').getByRole('tab', { name: /^Afterimage/ });
	}
}
