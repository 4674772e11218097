import type { FrameLocator, Locator } from 'playwright-core';

/** The page that restores a point of a backup set, in the active editor. */
export class RestorePage {
	readonly #frame: FrameLocator;

	constructor(frame: FrameLocator) {
		this.#frame = frame;
	}

	get points(): Locator {
		return this.#frame.getByRole('radiogroup', { name: 'Points in the chain' }).getByRole('radio');
	}

	async newFile(): Promise<void> {
		await this.#frame.getByText('New Raw File…').click();
	}

	target(path: string): Locator {
		return this.#frame.getByRole('radiogroup', { name: 'Target', exact: true }).locator(`input[value="${path}"]`);
	}

	async confirm(path: string): Promise<void> {
		await this.#frame.getByRole('textbox', { name: 'Name of the target' }).fill(path);
	}

	get restoreButton(): Locator {
		return this.#frame.locator('#restore');
	}

	get result(): Locator {
		return this.#frame.getByRole('region', { name: 'Result' });
	}
}
