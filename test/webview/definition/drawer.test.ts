import { describe, expect, it } from 'vitest';
import { definitionText } from '../samples.ts';
import { definitionOf, open } from './form.ts';

describe('the drawer', () => {
	it('writes each option where it belongs', async () => {
		const { page, host } = await open();
		await page.getByRole('button', { name: 'Advanced Options' }).click();
		const drawer = page.getByRole('dialog', { name: 'Advanced Options' });
		await drawer.getByRole('combobox', { name: 'Compression' }).click();
		await drawer.getByRole('option', { name: 'High' }).click();
		await drawer.getByText('Forensic sector copy').click();
		await drawer.getByText('Verify the image once it is written').click();
		const days = drawer.getByRole('spinbutton', { name: 'Days after which backups are verified again' });
		expect(await days.isDisabled()).toBe(true);
		await drawer.getByText('Verify backups again every').click();
		await days.fill('14');
		await drawer.getByRole('combobox', { name: 'Cipher' }).click();
		await drawer.getByRole('option', { name: 'AES 256' }).click();
		await drawer.getByRole('combobox', { name: 'Where the password comes from' }).click();
		await drawer.getByRole('option', { name: 'Environment variable' }).click();
		await drawer.getByRole('textbox', { name: 'Environment variable' }).fill('BACKUP_PASSWORD');
		await drawer.getByText('Fixed:').click();
		await drawer.getByText('At most').click();
		await drawer.getByRole('textbox', { name: 'Stored in every image' }).fill('two\nlines');
		host.chosen = { script: 'C:\\scripts\\stop.exe' };
		await drawer.getByRole('button', { name: 'Add Program… that runs before the backup' }).click();
		await drawer.getByRole('textbox', { name: 'Arguments, one a line' }).fill('--now\na b');
		await drawer.getByText('When it fails', { exact: true }).last().click();
		await drawer.getByRole('textbox', { name: 'Recipients' }).fill('ada@example.com');
		await drawer.getByText('Also when it was cancelled').click();
		await drawer.getByRole('button', { name: 'Close', exact: true }).click();
		await expect
			.poll(() => definitionOf(host))
			.toMatchObject({
				compressionLevel: 'high',
				intelligentSectorCopy: false,
				autoVerify: true,
				reverifyAfterDays: 14,
				encryption: { aesType: 'aes-256', passwordSource: 'environment', passwordName: 'BACKUP_PASSWORD' },
				fileSizeLimit: 4 * 1024 ** 3,
				rateLimit: 51_200,
				comment: 'two\nlines',
				scripts: { before: [{ path: 'C:\\scripts\\stop.exe', arguments: ['--now', 'a b'], onFailure: 'stop' }] },
				email: { failure: { enable: true, recipients: 'ada@example.com', includeCancelled: true } },
			});
		// What was there stays as it was written.
		for (const line of definitionText.split('\n')) expect(host.text).toContain(line);
	});
});
