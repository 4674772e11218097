import { describe, expect, it } from 'vitest';
import { focused, tabTo } from '../keyboard.ts';
import { definitionOf, open } from './form.ts';

describe('the keyboard alone', () => {
	it('goes through the whole wizard', async () => {
		const { page, host, fake } = await open();
		await page.locator('body').click({ position: { x: 2, y: 2 } });

		await tabTo(page, 'Select 4 - Windows (C:)');
		await page.keyboard.press('Space');
		await expect.poll(() => definitionOf(host).sources.disks[0]?.partitions).toHaveLength(2);
		await tabTo(page, 'Next >');
		await page.keyboard.press('Enter');
		await expect.poll(() => focused(page)).toContain('');
		await page.getByText('Edit the Plan for this Backup').waitFor();

		await tabTo(page, 'Template');
		await page.keyboard.press('Enter');
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Enter');
		await expect.poll(() => definitionOf(host).scheduling.schedules).toHaveLength(3);

		await tabTo(page, 'Add Schedule');
		await page.keyboard.press('Enter');
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Enter');
		await page.getByRole('dialog', { name: 'Add Differential Schedule' }).waitFor();
		await tabTo(page, 'Saturday');
		await page.keyboard.press('Space');
		await tabTo(page, 'OK');
		await page.keyboard.press('Enter');
		await expect.poll(() => definitionOf(host).scheduling.schedules).toHaveLength(4);

		await tabTo(page, 'Create a Synthetic Full');
		await page.keyboard.press('Space');
		await expect.poll(() => definitionOf(host).diskSpaceManagement.incrementalsForever).toBe(true);

		await tabTo(page, 'Advanced Options');
		await page.keyboard.press('Enter');
		await page.getByRole('dialog', { name: 'Advanced Options' }).waitFor();
		await tabTo(page, 'Verify the image');
		await page.keyboard.press('Space');
		await page.keyboard.press('Escape');
		await expect.poll(() => focused(page)).toContain('Advanced Options');
		expect(definitionOf(host).autoVerify).toBe(true);

		await tabTo(page, 'Next >');
		await page.keyboard.press('Enter');
		await page.getByText('Imaging Summary').waitFor();
		await tabTo(page, 'Finish');
		await page.keyboard.press('Enter');
		await page.getByRole('dialog', { name: 'Backup Save Options' }).waitFor();
		await tabTo(page, 'OK');
		await page.keyboard.press('Enter');
		await expect
			.poll(() => fake.received.find(({ type }) => type === 'finish'))
			.toMatchObject({ runNow: false, save: { name: 'System disk' } });
	});
});
