import type { Locator, Page } from 'playwright-core';
import { until } from '../support/wait.ts';

/** The box at the top of the window: the palette, lists, questions and the file dialog. */
export class QuickInput {
	readonly #page: Page;
	readonly box: Locator;
	readonly input: Locator;

	constructor(page: Page) {
		this.#page = page;
		this.box = page.locator('.quick-input-widget').filter({ visible: true });
		this.input = this.box.locator('.quick-input-box input');
	}

	title(text: string | RegExp): Locator {
		return this.box.locator('.quick-input-title', { hasText: text });
	}

	/** Chooses the entry whose text is exactly this, or matches. */
	async choose(label: string | RegExp): Promise<void> {
		const exact = typeof label === 'string' ? new RegExp(`^\\s*${escape(label)}\\s*$`) : label;
		const entry = this.box.locator('.quick-input-list .monaco-list-row', {
			has: this.#page.locator('.label-name', { hasText: exact }),
		});
		await entry.first().click();
	}

	/** Answers the question with this title. */
	async answer(title: string | RegExp, text: string): Promise<void> {
		await this.title(title).waitFor();
		await this.input.fill(text);
		await this.input.press('Enter');
	}

	/** Chooses from the list with this title. */
	async pick(title: string | RegExp, label: string | RegExp): Promise<void> {
		await this.title(title).waitFor();
		await this.choose(label);
	}

	/** Names a file in the file dialog with this title and takes it. @param button what the button that takes it says */
	async file(title: string, path: string, button = 'OK'): Promise<void> {
		await this.title(title).waitFor();
		const list = this.box.locator('.quick-input-list .monaco-list-row');
		await list.first().waitFor();
		// The dialog puts its own first folder into the box once it has looked at it, whatever stands there by then.
		await until(`${path} taken by the dialog`, async () => {
			if (!(await this.box.isVisible())) return true;
			// It may close while it is filled or its button is waited for: the next look tells.
			await this.#take(path, button).catch(() => undefined);
			return false;
		});
	}

	async #take(path: string, button: string): Promise<void> {
		const timeout = 1000;
		if ((await this.input.inputValue({ timeout })) !== path) await this.input.fill(path, { timeout });
		else await this.box.getByRole('button', { name: button, exact: true }).click({ timeout });
	}
}

function escape(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
