import { describe, expect, it } from 'vitest';
import { DefinitionHost } from '../definition-host.ts';
import { overflowing } from '../overflow.ts';
import { dataDisk, definitionText } from '../samples.ts';
import { definitionOf, difference, open } from './form.ts';

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

	it('draws every partition of a disk that has many on a narrow page', async () => {
		const [first] = dataDisk.partitions;
		const partitions = Array.from({ length: 24 }, (_, index) => ({
			...first!,
			number: index + 1,
			start: first!.start + index * 2 ** 30,
			length: 2 ** 30,
		}));
		const host = new DefinitionHost(definitionText, [{ ...dataDisk, partitions }]);
		const { page } = await open(host, { width: 400 });
		await page.locator('afterimage-disk-map').getByText('24', { exact: true }).waitFor({ state: 'attached' });
		expect(await overflowing(page)).toEqual([]);
	});

	it('offers no sectors of a disk that cannot be selected', async () => {
		const blank = { ...dataDisk, id: '', partitions: [], table: 'none' as const };
		const { page } = await open(new DefinitionHost(definitionText, [blank]));
		await page.getByText('so it cannot be selected').waitFor();
		await page.getByText('It has no partitions.', { exact: true }).waitFor();
	});

	it('writes a marked partition into the text and leaves every other character', async () => {
		const { page, host } = await open();
		await page.getByRole('checkbox', { name: 'Select 4 - Windows (C:)' }).click();
		await expect.poll(() => page.locator('#total').innerText()).toBe('112.39 GB');
		expect(difference(host)).toEqual(['+ <partition number="4" offset="722468864" label="Windows"/>']);
		await page.getByRole('checkbox', { name: 'Select 4 - Windows (C:)' }).click();
		await expect.poll(() => host.text).toBe(definitionText);
	});

	it('creates a destination that is not there when asked to', async () => {
		const { page, host } = await open();
		const field = page.getByRole('textbox', { name: 'Destination folder' });
		await field.fill('F:\\New');
		await field.press('Enter');
		await page.getByText('backups do not create it').waitFor();
		await page.getByRole('button', { name: 'Create Folder' }).click();
		await page.getByText('backups do not create it').waitFor({ state: 'detached' });
		expect(host.created).toEqual(['F:\\New']);
	});

	it('says of a destination that is no full path only that', async () => {
		const { page } = await open();
		const field = page.getByRole('textbox', { name: 'Destination folder' });
		await field.fill('backups');
		await field.press('Enter');
		await page.getByText('must be a full path').waitFor();
		expect(await page.getByText('is not there').count()).toBe(0);
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
