import type { Locator, Page } from 'playwright-core';
import { until } from '../support/wait.ts';

/** One of the views: its items, and what can be done with them. */
export class Tree {
	readonly #page: Page;
	readonly #pane: Locator;

	constructor(page: Page, name: string) {
		this.#page = page;
		this.#pane = page.locator('.pane').filter({ has: page.locator(`.pane-header[aria-label^="${name}"]`) });
	}

	/** The line with the view's name and buttons. */
	get header(): Locator {
		return this.#pane.locator('.pane-header');
	}

	item(name: string | RegExp): Locator {
		return this.#pane.getByRole('treeitem', { name }).first();
	}

	async expand(name: string | RegExp): Promise<void> {
		const item = this.item(name);
		await item.waitFor();
		if ((await item.getAttribute('aria-expanded')) === 'false') await item.locator('.monaco-tl-twistie').click();
	}

	/**
	 * Chooses an action from the item's context menu and waits for what it leads to. While a view is read anew VS Code
	 * runs the action without its item, so that the action asks which is meant: then the menu is opened again.
	 */
	async choose(name: string | RegExp, action: string, shown: Locator): Promise<void> {
		const question = this.#page.locator('.quick-input-title', { hasText: /^Choose a backup/ });
		await until(`${action} of ${String(name)}`, async () => {
			await this.#menu(name, action);
			await shown.or(question).filter({ visible: true }).first().waitFor();
			if (!(await question.isVisible())) return true;
			await this.#page.keyboard.press('Escape');
			await question.waitFor({ state: 'hidden' });
			return false;
		});
	}

	async #menu(name: string | RegExp, action: string): Promise<void> {
		const item = this.item(name);
		const entry = this.#page.getByRole('menuitem', { name: action, exact: true });
		await item.waitFor();
		await item.click({ button: 'right' });
		await entry.waitFor();
		// A menu that has just been drawn may take the first click for the end of the one that opened it.
		await until(`${action} in the menu of ${String(name)}`, async () => {
			await entry.hover();
			await entry.click();
			return entry.waitFor({ state: 'hidden', timeout: 2000 }).then(
				() => true,
				() => false,
			);
		});
	}

	/** Presses a button that stands in the item's line. */
	async press(name: string | RegExp, action: string): Promise<void> {
		const item = this.item(name);
		await item.hover();
		await item.getByRole('button', { name: action }).click();
	}

	/** Presses a button of the view's title. */
	async title(action: string): Promise<void> {
		await this.header.hover();
		await this.header.getByRole('button', { name: action }).click();
	}

	/** Makes the view's list visible, or takes its room away. */
	async fold(open: boolean): Promise<void> {
		if ((await this.header.getAttribute('aria-expanded')) !== String(open)) await this.header.click();
	}
}
