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

	async existingFile(): Promise<void> {
		await this.#frame.getByText('Existing Raw File…').click();
	}

	target(path: string): Locator {
		return this.#frame.getByRole('radiogroup', { name: 'Target', exact: true }).locator(`input[value="${path}"]`);
	}

	/** Takes the partitions of the disk one by one instead of the whole: all of them at first. */
	async partitionsOnly(): Promise<void> {
		await this.#frame.getByText('Whole disk:').click();
	}

	/** A partition of the target that the only one of the image could go into. @param checked it does, or does not */
	place(name: string, checked?: boolean): Locator {
		const all = this.#frame.getByRole('radiogroup', { name: 'Partition that takes' });
		return all.getByRole('radio', { name, ...(checked === undefined ? {} : { checked }) });
	}

	text(text: string | RegExp): Locator {
		return this.#frame.getByText(text);
	}

	/** Asks what the restore would do, and waits until nothing stands against it. */
	async check(): Promise<void> {
		await this.#frame.getByRole('button', { name: 'Check', exact: true }).click();
		await this.text('Partitions that are written').waitFor({ state: 'attached' });
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
