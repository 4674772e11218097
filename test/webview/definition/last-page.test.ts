import { describe, expect, it } from 'vitest';
import { DefinitionHost } from '../definition-host.ts';
import { definitionText } from '../samples.ts';
import { definitionOf, open } from './form.ts';

describe('the last page', () => {
	it('has every setting in the order of the seed', async () => {
		const { page } = await open(undefined, { state: { step: 2 } });
		await page.getByText('Imaging Summary').waitFor();
		const lines = await page.locator('afterimage-summary-page').locator('h3, dt, dd, li').allInnerTexts();
		const expected = [
			'Auto Verify:',
			'N',
			'Maximum File Size:',
			'Automatic',
			'Compression:',
			'Medium',
			'Password:',
			'N',
			'Intelligent Copy:',
			'Y',
			'Power Saving:',
			'N',
			'Total Selected:',
			'4.72 GB',
			'Schedules',
			'None',
			'Retention Rules',
			'Rules will be applied to all matching backup sets in the destination folder',
			'Full: Retain 12 full images',
			'Linked incremental and differential images will also be deleted',
			'Differential: Retain 4 differential images',
			'Linked incremental images will also be deleted',
			'Incremental: Retain 10 incremental images',
			'The oldest incremental images may be consolidated',
			'Purge will be run after the image.',
			'Free space threshold: Delete oldest backup sets when free space is less than 5.00 GB',
			'Destination:',
			'File Name:',
			'E:\\Macrium Backup\\{IMAGEID}-00-00.mrimgx',
		];
		expect(lines.slice(0, lines.indexOf('Source:'))).toEqual(expected);
	});

	it('says once what stands against it, before Finish and after, with the way to where it is put right', async () => {
		const nothing = definitionText.replace(/<sources>[\s\S]*<\/sources>/, '<sources/>');
		const { page } = await open(new DefinitionHost(nothing), { state: { step: 2 } });
		await page.getByText('Before this can be saved or run:').waitFor();
		await page.getByRole('button', { name: 'Finish' }).click();
		expect(await page.getByRole('dialog').count()).toBe(0);
		expect(await page.getByText('Nothing is imaged').count()).toBe(1);
		await page.getByRole('button', { name: 'Show' }).click();
		await page.getByText('Select Source Drive(s) and Image Destination').waitFor();
	});

	it('leads to the save options, which tell where it may be kept', async () => {
		const { page, host, fake } = await open(undefined, { state: { step: 2 } });
		await page.getByRole('button', { name: 'Finish' }).click();
		const dialog = page.getByRole('dialog', { name: 'Backup Save Options' });
		const folder = dialog.getByRole('textbox', { name: 'Folder' });
		await folder.fill('\\\\server\\share');
		await dialog.getByText('This is a network share.').waitFor();
		await folder.fill('E:\\Macrium Backup');
		await dialog.getByText('This is a destination folder').waitFor();
		expect(await dialog.getByRole('button', { name: 'OK' }).getAttribute('disabled')).not.toBeNull();
		await folder.fill('C:\\Definitions');
		await dialog.getByRole('textbox', { name: 'Name for this backup definition' }).fill('Nightly: C');
		await dialog.getByText('Nightly_ C.xml').waitFor();
		await dialog.getByText('Run this backup now').click();
		await dialog.getByRole('button', { name: 'OK' }).click();
		await expect
			.poll(() => fake.received.find(({ type }) => type === 'finish'))
			.toEqual({ type: 'finish', runNow: true, save: { name: 'Nightly: C', folder: 'C:\\Definitions' } });
		// The name is in the text before it is saved.
		expect(definitionOf(host).name).toBe('Nightly: C');
		await fake.send({
			type: 'refused',
			field: 'name',
			error: { code: 'invalid-argument', message: 'There is such a file already' },
		});
		await page.getByRole('dialog').getByText('There is such a file already').waitFor();
	});
});

describe('the save options', () => {
	it('run a backup once without keeping it, but do not do nothing', async () => {
		const { page, fake } = await open(undefined, { state: { step: 2 } });
		await page.getByRole('button', { name: 'Finish' }).click();
		const dialog = page.getByRole('dialog', { name: 'Backup Save Options' });
		const ok = dialog.getByRole('button', { name: 'OK' });
		await dialog.getByText('Save to an XML file').click();
		await expect.poll(() => ok.getAttribute('disabled')).not.toBeNull();
		await dialog.getByText('Run this backup now').click();
		await ok.click();
		await expect
			.poll(() => fake.received.find(({ type }) => type === 'finish'))
			.toEqual({ type: 'finish', runNow: true, save: undefined });
	});

	it('run nothing in Restricted Mode', async () => {
		const host = new DefinitionHost(definitionText);
		const answer = (message: Record<string, unknown>) =>
			host.answer(message).map((reply) => (reply.type === 'document' ? { ...reply, trusted: false } : reply));
		const { page } = await open(host, { state: { step: 2 }, answer });
		await page.getByRole('button', { name: 'Finish' }).click();
		await page.getByText('Nothing runs in Restricted Mode.').waitFor();
		const run = page.getByRole('checkbox', { name: 'Run this backup now' });
		expect(await run.getAttribute('aria-disabled')).toBe('true');
	});
});
