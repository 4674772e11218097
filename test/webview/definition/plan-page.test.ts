import { describe, expect, it } from 'vitest';
import { defaultDefinition } from '../../../src/definition/defaults.ts';
import { applyTemplate } from '../../../src/definition/plan/templates.ts';
import { definitionTree } from '../../../src/definition/tree.ts';
import { writeDocument } from '../../../src/definition/xml/write.ts';
import { DefinitionHost } from '../definition-host.ts';
import { focused } from '../keyboard.ts';
import { definitionText } from '../samples.ts';
import { definitionOf, difference, open } from './form.ts';

describe('the second page', () => {
	const openPlan = async (text = definitionText) => {
		const opened = await open(new DefinitionHost(text));
		await opened.page.getByRole('button', { name: 'Next >' }).click();
		await opened.page.getByText('Edit the Plan for this Backup').waitFor();
		return opened;
	};

	it('has the template None and its rules in a new definition', async () => {
		const { page } = await openPlan(writeDocument(definitionTree(applyTemplate(defaultDefinition(), 'none'))));
		await page.getByText('No schedules. Of the backups that you make yourself, 12 full').waitFor();
		const many = (type: string) => page.getByRole('spinbutton', { name: `${type}: how many are kept` });
		expect(await many('Full').inputValue()).toBe('12');
		expect(await many('Differential').inputValue()).toBe('4');
		expect(await many('Incremental').inputValue()).toBe('10');
		expect(await page.getByRole('spinbutton', { name: 'GB that stay free' }).inputValue()).toBe('5');
	});

	it('shows a calendar once there is a run to show', async () => {
		const { page } = await openPlan(writeDocument(definitionTree(applyTemplate(defaultDefinition(), 'none'))));
		const calendar = page.getByRole('table', { name: /^Runs in / });
		const span = page.getByRole('combobox', { name: 'Days that the simulation covers' });
		await page.getByText('No run lies ahead.').waitFor();
		expect([await calendar.count(), await span.count()]).toEqual([0, 0]);
		await page.getByRole('combobox', { name: 'Template' }).click();
		await page.getByRole('option', { name: 'Incremental Backup Set' }).click();
		await calendar.waitFor();
		await span.waitFor();
	});

	it('puts a template in the place of schedules and rules, in one edit', async () => {
		const { page, host } = await openPlan();
		await page.getByRole('combobox', { name: 'Template' }).click();
		await page.getByRole('option', { name: 'Incremental Backup Set' }).click();
		await page.getByText('First Monday of the month at 09:00').first().waitFor();
		expect(host.edits).toHaveLength(1);
		expect(definitionOf(host).scheduling.schedules).toHaveLength(2);
		await page.getByText('A full backup on the first Monday of each month').waitFor();
	});

	it('adds, edits and deletes a schedule', async () => {
		const { page, host } = await openPlan();
		await page.getByRole('button', { name: 'Add Schedule' }).click();
		await page.getByRole('menuitem', { name: 'Incremental' }).click();
		const dialog = page.getByRole('dialog', { name: 'Add Incremental Schedule' });
		await expect.poll(() => focused(page)).toContain('Frequency');
		await dialog.getByRole('checkbox', { name: 'Friday' }).click();
		await dialog.getByText('Monday and Friday at 09:00').waitFor();
		await dialog.getByRole('button', { name: 'OK' }).click();
		await expect
			.poll(() => definitionOf(host).scheduling.schedules.map(({ timing }) => timing))
			.toEqual([{ kind: 'weekly', days: ['monday', 'friday'], time: '09:00', interval: 1 }]);

		await page.getByRole('button', { name: 'Edit Schedule' }).click();
		const edit = page.getByRole('dialog', { name: 'Edit Incremental Schedule' });
		await edit.getByRole('combobox', { name: 'Frequency' }).click();
		await edit.getByRole('option', { name: 'Daily', exact: true }).click();
		await edit.getByLabel('Time').fill('21:15');
		await edit.getByRole('button', { name: 'OK' }).click();
		await expect
			.poll(() => definitionOf(host).scheduling.schedules[0]?.timing)
			.toEqual({ kind: 'daily', time: '21:15', interval: 1 });

		await page.getByRole('button', { name: 'Delete Schedule' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'No' }).click();
		expect(definitionOf(host).scheduling.schedules).toHaveLength(1);
		await page.getByRole('button', { name: 'Delete Schedule' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Yes' }).click();
		await expect.poll(() => host.text.includes('<schedule ')).toBe(false);
	});

	it('changes nothing when a dialog is cancelled', async () => {
		const { page, host } = await openPlan();
		await page.getByRole('button', { name: 'Add Schedule' }).click();
		await page.getByRole('menuitem', { name: 'Full' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
		await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
		expect(host.text).toBe(definitionText);
	});

	it('writes the retention rules in the wording of the seed', async () => {
		const { page, host } = await openPlan();
		for (const words of [
			'3. Define Retention Rules',
			'Apply retention rules to matching backup sets in the target folder',
			'Create a Synthetic Full if possible',
			'Run the purge before backup.',
			'Delete the oldest backup set(s) if less than',
			'GB on the target volume (minimum 1GB)',
		]) {
			await page.getByText(words).locator('visible=true').first().waitFor();
		}
		const many = page.getByRole('spinbutton', { name: 'Full: how many are kept' });
		await many.fill('7');
		await many.press('Tab');
		await expect
			.poll(() => difference(host))
			.toEqual(['- <full_retention interval="12"/>', '+ <full_retention interval="7"/>']);
		await page.getByRole('combobox', { name: 'Incremental: backups' }).click();
		await page.getByRole('option', { name: 'Weeks' }).click();
		await expect.poll(() => difference(host)).toContain('+ <incremental_retention interval="10" period="weeks"/>');
		await page.getByText('Differential', { exact: true }).click();
		await expect.poll(() => definitionOf(host).diskSpaceManagement.differentialRetention?.enable).toBe(false);
	});

	it('takes no number that is out of range', async () => {
		const { page, host } = await openPlan();
		const free = page.getByRole('spinbutton', { name: 'GB that stay free' });
		await free.fill('0');
		await free.press('Tab');
		expect(await free.evaluate((input: HTMLInputElement) => input.validity.valid)).toBe(false);
		expect(host.text).toBe(definitionText);
	});

	it('shows which files will exist and why others go', async () => {
		const { page } = await openPlan();
		await page.getByRole('combobox', { name: 'Template' }).click();
		await page.getByRole('option', { name: 'Grandfather' }).click();
		const slider = page.getByRole('slider', { name: 'Day of the simulation' });
		await slider.fill('0');
		await page.getByText(/^Day 1, /).waitFor();
		await page.getByRole('button', { name: 'Next day on which something goes' }).click();
		await expect.poll(() => slider.inputValue()).not.toBe('0');
		await page
			.getByText(/merged into one|deleted/)
			.first()
			.waitFor();
	});
});
