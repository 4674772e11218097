import type { Locator, Page } from 'playwright-core';

/** The notifications at the window's corner. */
export class Notifications {
	readonly #page: Page;

	constructor(page: Page) {
		this.#page = page;
	}

	/** The notification that says this. */
	saying(text: string | RegExp): Locator {
		return this.#page
			.locator('.notifications-toasts .notification-list-item')
			.filter({ has: this.#page.locator('.notification-list-item-message', { hasText: text }) })
			.first();
	}

	/** Waits for a notification and gives its words. */
	async heard(text: string | RegExp): Promise<string> {
		const notification = this.saying(text);
		await notification.waitFor();
		return notification.locator('.notification-list-item-message').innerText();
	}

	async press(text: string | RegExp, button: string): Promise<void> {
		await this.saying(text).getByRole('button', { name: button, exact: true }).click();
	}
}
