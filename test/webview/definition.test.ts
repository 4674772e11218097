import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { readEditable } from '../../webview/definition/model/read-form.ts';
import { DefinitionHost } from './definition-host.ts';
import { focused, tabTo } from './keyboard.ts';
import { dataDisk, definitionText, destinationFacts } from './samples.ts';
import type { FakeHost, OpenOptions } from './webview-page.ts';
import { useWebviews } from './use-webviews.ts';

const webviews = useWebviews();

interface Opened {
	readonly page: Page;
	readonly host: DefinitionHost;
	readonly fake: FakeHost;
}

async function open(host = new DefinitionHost(definitionText), options: Partial<OpenOptions> = {}): Promise<Opened> {
	const opened = await webviews.open({ app: 'definition', theme: 'dark', answer: host.answer, ...options });
	await opened.page.getByRole('heading', { level: 2 }).first().waitFor();
	return { page: opened.page, host, fake: opened.host };
}

const definitionOf = (host: DefinitionHost) => readEditable(host.text)!;

/** The lines that differ between the text at first and now. */
function difference(host: DefinitionHost): string[] {
	const before = definitionText.split('\n');
	const after = host.text.split('\n');
	return [
		...before.filter((line) => !after.includes(line)).map((line) => `- ${line.trim()}`),
		...after.filter((line) => !before.includes(line)).map((line) => `+ ${line.trim()}`),
	];
}

describe('the first page', () => {
	it('shows the disks of the seed in its words', async () => {
		const { page } = await open();
		await page.getByText('Select Source Drive(s) and Image Destination').waitFor();
		await page
			.getByText('GPT Disk 1 [FBC48937-34BD-42A9-8051-1F5F83FA5E86] - SAMSUNG MZMTE256HMP-000MV EXT41M0Q <238.47 GB>')
			.first()
			.waitFor();
		const table = page.getByRole('table').first();
		expect(await table.getByRole('columnheader').allInnerTexts()).toEqual([
			'Partition',
			'File System',
			'Size',
			'Used space',
			'Selected',
		]);
		await page.getByText('107.67 GB / 232.72 GB').waitFor();
		await expect.poll(() => page.locator('#total').innerText()).toBe('4.72 GB');
		expect(await page.locator('#preview').innerText()).toBe('E:\\Macrium Backup\\{IMAGEID}-00-00.mrimgx');
	});

	it('writes a marked partition into the text and leaves every other character', async () => {
		const { page, host } = await open();
		await page.getByRole('checkbox', { name: 'Select 4 - Windows (C:)' }).click();
		await expect.poll(() => page.locator('#total').innerText()).toBe('112.39 GB');
		expect(difference(host)).toEqual(['+ <partition number="4" offset="722468864" label="Windows"/>']);
		await page.getByRole('checkbox', { name: 'Select 4 - Windows (C:)' }).click();
		await expect.poll(() => host.text).toBe(definitionText);
	});

	it('refuses a destination on a selected partition until it is left out', async () => {
		const { page, host } = await open();
		await page.getByRole('checkbox', { name: 'Select 1 - Backup (E:)' }).click();
		await page.getByRole('alert').getByText('“1 - Backup (E:)”').waitFor();
		await page.getByRole('button', { name: 'Finish' }).click();
		await page.getByText('Before this can be saved or run:').waitFor();
		expect(await page.getByRole('dialog').count()).toBe(0);
		await page.getByRole('checkbox', { name: 'Select 1 - Backup (E:)' }).click();
		await expect.poll(() => page.getByRole('alert').count()).toBe(0);
		await page.getByRole('button', { name: 'Finish' }).click();
		await page.getByRole('dialog', { name: 'Backup Save Options' }).waitFor();
		expect(definitionOf(host).sources.disks).toHaveLength(1);
	});

	it('says of a CD/DVD burner that a definition with it does not run', async () => {
		const { page, host } = await open();
		expect(await page.getByText('cannot be burnt yet').count()).toBe(0);
		await page.getByRole('radio', { name: 'CD/DVD Burner' }).click();
		await page.getByRole('status').getByText('cannot be burnt yet').waitFor();
		expect(definitionOf(host).destination).toMatchObject({ folder: undefined, opticalDrive: 'D:' });
	});

	it('keeps alternative locations in the order they are put in', async () => {
		const { page, host } = await open();
		host.chosen = { alternative: 'F:\\One' };
		await page.getByRole('button', { name: 'Alternative locations' }).click();
		await page.getByRole('button', { name: 'Add Location…' }).click();
		await page.getByRole('textbox', { name: 'Alternative location 1' }).waitFor();
		host.chosen = { alternative: 'G:\\Two' };
		await page.getByRole('button', { name: 'Add Location…' }).click();
		await page.getByRole('button', { name: 'Move location 2 up' }).click();
		await expect
			.poll(() => definitionOf(host).destination.alternativeLocations.folders)
			.toEqual(['G:\\Two', 'F:\\One']);
		await page.getByRole('button', { name: 'Remove location 1' }).click();
		await expect.poll(() => definitionOf(host).destination.alternativeLocations.folders).toEqual(['F:\\One']);
	});

	it('takes a parameter from the list that { opens, and shows what it comes to', async () => {
		const { page, host } = await open();
		await page.getByText('Use the Image ID as the file name.').click();
		const field = page.getByRole('textbox', { name: 'Backup filename' });
		await field.click();
		await page.keyboard.type('demo-{');
		await page.getByRole('listbox', { name: 'Parameters' }).waitFor();
		for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Enter');
		await page.keyboard.type('!');
		await expect
			.poll(() => page.locator('#preview').innerText())
			.toBe('E:\\Macrium Backup\\{IMAGEID}-demo-LAPTOP!-00-00.mrimgx');
		await page.keyboard.press('Tab');
		await expect.poll(() => definitionOf(host).destination.filenameTemplate).toBe('demo-{COMPUTERNAME}!');
		await page.getByText('Use the Image ID as the file name.').click();
		await expect.poll(() => host.text).toBe(definitionText);
	});

	it('takes a raw file as a disk', async () => {
		const { page, host, fake } = await open();
		host.chosen = { 'raw-file': '/images/disk.img' };
		await page.getByRole('button', { name: 'Add Raw Disk File…' }).click();
		await page.getByText('/images/disk.img').first().waitFor();
		expect(difference(host)).toEqual(['+ <raw_file path="/images/disk.img"/>']);
		await expect.poll(() => fake.received.filter(({ type }) => type === 'list-disks').length).toBeGreaterThanOrEqual(2);
	});

	it('names a disk of the definition that is missing', async () => {
		const { page } = await open(new DefinitionHost(definitionText, [dataDisk]));
		await page.getByText('Not attached now. A run would stop and name this disk.').waitFor();
		await page.getByText('Disk 1 [FBC48937-34BD-42A9-8051-1F5F83FA5E86]').first().waitFor();
	});
});

describe('the second page', () => {
	const openPlan = async () => {
		const opened = await open();
		await opened.page.getByRole('button', { name: 'Next >' }).click();
		await opened.page.getByText('Edit the Plan for this Backup').waitFor();
		return opened;
	};

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

describe('the drawer', () => {
	it('writes each option where it belongs', async () => {
		const { page, host } = await open();
		await page.getByRole('button', { name: 'Advanced Options' }).click();
		const drawer = page.getByRole('dialog', { name: 'Advanced Options' });
		await drawer.getByRole('combobox', { name: 'Compression' }).click();
		await drawer.getByRole('option', { name: 'High' }).click();
		await drawer.getByText('Forensic sector copy').click();
		await drawer.getByText('Verify the image once it is written').click();
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
