import { describe, expect, it } from 'vitest';
import { focused } from '../keyboard.ts';
import { open } from './form.ts';

describe('help', () => {
	it('is about the page it is asked for on', async () => {
		const { page } = await open(undefined, { state: { step: 1 } });
		await page.getByRole('button', { name: 'Help' }).click();
		await page
			.getByRole('dialog', { name: 'Backup plan' })
			.getByText('Deleting a full deletes its whole set.')
			.waitFor();
		await page.keyboard.press('Escape');
		await expect.poll(() => focused(page)).toContain('Help');
	});
});
