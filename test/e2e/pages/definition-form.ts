import type { FrameLocator, Locator } from 'playwright-core';

/** The form of a backup definition in the active editor. */
export class DefinitionForm {
	readonly #frame: FrameLocator;

	constructor(frame: FrameLocator) {
		this.#frame = frame;
	}

	get title(): Locator {
		return this.#frame.locator('#page');
	}

	/** The part of the first page that shows one disk. */
	disk(title: string | RegExp): Locator {
		return this.#frame.getByRole('region', { name: title });
	}

	async selectDisk(title: string | RegExp): Promise<void> {
		await this.disk(title).locator('header').getByRole('checkbox').click();
	}

	async selectPartition(disk: string | RegExp, partition: string): Promise<void> {
		await this.disk(disk)
			.getByRole('checkbox', { name: `Select ${partition}` })
			.click();
	}

	isSelected(disk: string | RegExp, partition: string): Locator {
		return this.disk(disk).getByRole('checkbox', { name: `Select ${partition}`, checked: true });
	}

	async destination(folder: string): Promise<void> {
		const field = this.#frame.getByRole('textbox', { name: 'Destination folder' });
		await field.fill(folder);
		await field.press('Enter');
	}

	async next(title: string): Promise<void> {
		await this.#frame.locator('#next').click();
		await this.title.filter({ hasText: title }).waitFor();
	}

	async template(title: string | RegExp): Promise<void> {
		await this.#frame.getByRole('combobox', { name: 'Template' }).click();
		await this.#frame.getByRole('option', { name: title }).click();
	}

	/** The summary's value beside a name. */
	summary(name: string): Locator {
		return this.#frame.locator(`dt:text-is("${name}:") + dd`);
	}

	text(text: string | RegExp): Locator {
		return this.#frame.getByText(text).first();
	}

	async finish(): Promise<void> {
		await this.#frame.locator('#finish').click();
		await this.#frame.getByRole('dialog', { name: 'Backup Save Options' }).waitFor();
	}

	async save(options: { readonly name: string; readonly runNow: boolean }): Promise<void> {
		const dialog = this.#frame.getByRole('dialog', { name: 'Backup Save Options' });
		await dialog.getByRole('textbox', { name: 'Name for this backup definition' }).fill(options.name);
		if (options.runNow) await dialog.getByRole('checkbox', { name: 'Run this backup now' }).click();
		await dialog.locator('#ok').click();
	}
}
