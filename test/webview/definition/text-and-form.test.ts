import { describe, expect, it } from 'vitest';
import { definitionText, destinationFacts } from '../samples.ts';
import { definitionOf, open } from './form.ts';

describe('text and form', () => {
	it('are two views of one document', async () => {
		const { page, host, fake } = await open();
		const text = definitionText.replace('<partition number="5"/>', '<partition number="4"/>');
		await fake.send({ ...host.answer({ type: 'ready' })[0]!, text, version: 2 });
		await expect.poll(() => page.locator('#total').innerText()).toBe('107.67 GB');
	});

	it('takes a typed path at the pause in typing, and gives it back on undo', async () => {
		const { page, host, fake } = await open();
		const field = page.getByRole('textbox', { name: 'Destination folder' });
		await field.fill('F:\\Other');
		await expect.poll(() => definitionOf(host).destination.folder).toBe('F:\\Other');
		// Undo in VS Code: the document goes back, the field is still focused.
		await fake.send({ ...host.answer({ type: 'ready' })[0]!, text: definitionText, version: ++host.version });
		host.text = definitionText;
		await expect.poll(() => field.inputValue()).toBe(destinationFacts.folder);
	});

	it('shows broken text read-only, with the place of the error', async () => {
		const { page, host, fake } = await open();
		const broken = definitionText.replace('</name>', '</nam>');
		await fake.send({ ...host.answer({ type: 'ready' })[0]!, text: broken, version: 2 });
		await page.getByText(/Line 4, column \d+:/).waitFor();
		await expect
			.poll(() => page.getByRole('checkbox', { name: 'Select 4 - Windows (C:)' }).getAttribute('aria-disabled'))
			.toBe('true');
		expect(await page.getByRole('button', { name: 'Finish' }).getAttribute('disabled')).not.toBeNull();
		await page.getByRole('button', { name: 'Open the text there' }).click();
		await expect
			.poll(() => fake.received.find(({ type }) => type === 'open-text'))
			.toMatchObject({
				offset: expect.any(Number) as number,
			});
	});

	it('comes back on the same page after a reload', async () => {
		const { page, fake } = await open();
		await page.getByRole('button', { name: 'Next >' }).click();
		await expect.poll(() => fake.state).toEqual({ step: 1 });
		await page.close();
		const again = await open(undefined, { state: fake.state });
		await again.page.getByText('Edit the Plan for this Backup').waitFor();
	});
});
