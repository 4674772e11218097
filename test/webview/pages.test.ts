import { describe, expect, it } from 'vitest';
import { files, point, restorePreview } from './backup-samples.ts';
import { focused, tabTo } from './keyboard.ts';
import { answerProperties, answerRestore, spareDisk } from './page-hosts.ts';
import { useWebviews } from './use-webviews.ts';

const webviews = useWebviews();

async function openRestore() {
	const opened = await webviews.open({ app: 'restore', theme: 'dark', answer: answerRestore, height: 1400 });
	await opened.page.getByRole('radio', { name: 'MBR Disk 3' }).waitFor();
	return opened;
}

describe('the restore page', () => {
	it('shows the chain, damaged points out of reach', async () => {
		const { page } = await openRestore();
		const points = page.getByRole('radiogroup', { name: 'Points in the chain' }).getByRole('radio');
		expect(await points.count()).toBe(files.length);
		expect(await points.nth(5).isChecked()).toBe(true);
		expect(await points.last().isDisabled()).toBe(true);
		await page.getByText('Block 1,204 of partition 4').waitFor();
	});

	it('starts only once the name of the target is typed in full', async () => {
		const { page, host } = await openRestore();
		const restore = page.getByRole('button', { name: 'Restore', exact: true });
		const disabled = () => restore.getAttribute('disabled');
		expect(await disabled()).not.toBeNull();
		await page.getByRole('radio', { name: 'MBR Disk 3' }).click();
		await page.getByText('Everything on this partition is lost:').waitFor();
		expect(await disabled()).not.toBeNull();
		const field = page.getByRole('textbox', { name: 'Name of the target' });
		await field.fill('/dev/sd');
		expect(await disabled()).not.toBeNull();
		await field.fill('/dev/sdc');
		await expect.poll(disabled).toBeNull();
		await restore.click();
		await page.getByRole('progressbar').waitFor();
		expect(await page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('38');
		expect(host.received.find(({ type }) => type === 'start')).toEqual({
			type: 'start',
			request: {
				kind: 'restore',
				file: point.path,
				target: '/dev/sdc',
				disk: 0,
				delta: true,
				verify: true,
				newDiskId: false,
				skipBadBlocks: false,
				confirmed: '/dev/sdc',
				confirmedDisk: { model: spareDisk.model, serial: spareDisk.serial, size: spareDisk.size },
			},
		});
		// While it runs nothing else can be chosen, and it can be cancelled.
		expect(await page.getByRole('radio', { name: 'MBR Disk 2' }).isDisabled()).toBe(true);
		await page.getByRole('button', { name: 'Cancel' }).click();
		await expect.poll(() => host.received.some(({ type }) => type === 'cancel-run')).toBe(true);
		await host.send({
			type: 'ended',
			result: {
				outcome: 'success',
				ended: '2026-11-25T10:00:00Z',
				summary: 'Restored 107.67 GB',
				files: [],
				bytesRead: 0,
				bytesWritten: 0,
			},
		});
		await page.getByText('Restored 107.67 GB').waitFor();
		expect(await disabled()).not.toBeNull();
		// What it has restored is nothing to be warned of; whoever wants to restore again chooses the target again.
		expect(await page.getByText(/lost/).count()).toBe(0);
		expect(await page.getByRole('radio', { name: 'MBR Disk 3' }).isChecked()).toBe(false);
	});

	it('asks for the name again when anything is chosen anew', async () => {
		const { page } = await openRestore();
		await page.getByRole('radio', { name: 'MBR Disk 3' }).click();
		const field = page.getByRole('textbox', { name: 'Name of the target' });
		await field.fill('/dev/sdc');
		await page.getByRole('radio', { name: /^Incremental 04/ }).click({ force: true });
		await expect.poll(() => field.inputValue()).toBe('');
		await field.fill('/dev/sdc');
		await page.getByText('Whole disk:').click();
		await expect.poll(() => field.count()).toBe(0);
		// The target has no partitions where those of the image were.
		await page.getByText(/It has no partition of at least .* where partition 4/).waitFor();
	});

	it('refuses a target that is mounted or too small', async () => {
		const { page } = await openRestore();
		await page.getByRole('radio', { name: 'MBR Disk 2' }).click();
		await page.getByText('Partition 1 is mounted at E:. Unmount it first.').waitFor();
		await page.getByText('This target cannot be written to; see above.').waitFor();
		expect(await page.getByRole('textbox', { name: 'Name of the target' }).count()).toBe(0);
	});

	it('restores to a new raw file, where nothing has to be confirmed', async () => {
		const { page, host } = await openRestore();
		await page.getByRole('button', { name: 'New Raw File…' }).click();
		await page.getByText('A raw file of 238.47 GB is made').waitFor();
		await page.getByText('The file is made. Nothing is overwritten.').waitFor();
		expect(await page.getByRole('textbox', { name: 'Name of the target' }).count()).toBe(0);
		await page.getByRole('button', { name: 'Restore', exact: true }).click();
		await expect
			.poll(() => host.received.find(({ type }) => type === 'start'))
			.toMatchObject({ request: { target: '/images/new.img', kind: 'restore' } });
		expect(host.received.find(({ type }) => type === 'start')).not.toHaveProperty('request.confirmed');
	});

	it('tells what would be written before the name is typed', async () => {
		const { page, host } = await openRestore();
		await page.getByRole('radio', { name: 'MBR Disk 3' }).click();
		await page.getByText('Restore what is sound around damaged blocks').click();
		await page.getByRole('button', { name: 'Check' }).click();
		await page.getByText('Nothing stands against this restore.').waitFor();
		await page.getByText('at most 112.82 GB in 1,848,509 blocks').waitFor();
		expect(host.received.find(({ type }) => type === 'check')).toEqual({
			type: 'check',
			id: expect.any(Number) as number,
			choice: {
				file: point.path,
				target: '/dev/sdc',
				disk: 0,
				delta: true,
				verify: true,
				newDiskId: false,
				skipBadBlocks: true,
			},
		});
		// What was checked is no longer what is chosen.
		await page.getByText('Verify afterwards').click();
		await expect.poll(() => page.getByText('Nothing stands against').count()).toBe(0);
	});

	it('takes no name while the engine refuses, and passes over answers about what is no longer chosen', async () => {
		const answers: object[] = [];
		const { page, host } = await webviews.open({
			app: 'restore',
			theme: 'dark',
			height: 1400,
			answer: (message) => (message['type'] === 'check' ? answers.splice(0) : answerRestore(message)),
		});
		const check = page.getByRole('button', { name: 'Check' });
		const field = page.getByRole('textbox', { name: 'Name of the target' });
		const refusal = { code: 'target-in-use', message: '/dev/sdc2 is swap of this machine', advice: 'Choose another' };
		const asked = () => host.received.filter(({ type }) => type === 'check');
		await page.getByRole('radio', { name: 'MBR Disk 3' }).click();
		await check.click();
		await expect.poll(() => asked().length).toBe(1);
		await page.getByText('Checking…').waitFor();
		await page.getByText('Verify afterwards').click();
		await host.send({ type: 'checked', id: asked()[0]!['id'], preview: undefined, error: refusal });
		await check.click();
		await expect.poll(() => asked().length).toBe(2);
		expect(await field.count()).toBe(1);
		await host.send({ type: 'checked', id: asked()[1]!['id'], preview: undefined, error: refusal });
		await page.getByRole('alert').getByText('is swap of this machine — Choose another').waitFor();
		await page.getByText('The check has refused this restore; see above.').waitFor();
		expect(await field.count()).toBe(0);
		// It can be checked again, and a question that was cancelled leaves everything as it was.
		await check.click();
		await expect.poll(() => asked().length).toBe(3);
		await host.send({ type: 'checked', id: asked()[2]!['id'], preview: undefined, error: undefined });
		await field.waitFor();
	});

	it('shows warnings and notes of the engine', async () => {
		const notes = ['Partition 5 has number 6 on the target'];
		const warnings = ['Partition 4 is not in the image and does not fit'];
		const { page } = await webviews.open({
			app: 'restore',
			theme: 'dark',
			height: 1400,
			answer: (message) =>
				message['type'] === 'check'
					? [{ type: 'checked', id: message['id'], preview: { ...restorePreview, notes, warnings }, error: undefined }]
					: answerRestore(message),
		});
		await page.getByRole('radio', { name: 'MBR Disk 3' }).click();
		await page.getByRole('button', { name: 'Check' }).click();
		for (const text of [...notes, ...warnings]) await page.getByText(text).waitFor();
		expect(await page.getByText('Nothing stands against').count()).toBe(0);
	});

	it('works by the keyboard alone', async () => {
		const { page, host } = await openRestore();
		await tabTo(page, 'Incremental 05');
		await page.keyboard.press('ArrowLeft');
		await expect
			.poll(() => host.received.find(({ type }) => type === 'choose-point'))
			.toMatchObject({
				file: files[4]!.path,
			});
		await tabTo(page, 'GPT Disk 1 - SAMSUNG');
		for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowDown');
		await tabTo(page, 'Check');
		await page.keyboard.press('Enter');
		await page.getByText('Nothing stands against this restore.').waitFor();
		expect(await focused(page)).toBe('vscode-button: Check');
		await tabTo(page, 'Name of the target');
		await page.keyboard.type('/dev/sdc');
		// Tab passes over a button that cannot be pressed yet.
		await expect.poll(() => page.getByRole('button', { name: 'Restore', exact: true }).isEnabled()).toBe(true);
		await tabTo(page, 'Restore');
		await page.keyboard.press('Enter');
		await page.getByRole('progressbar').waitFor();
		await expect.poll(() => focused(page)).toBe('section: Progress');
	});
});

describe('the properties page', () => {
	it('shows facts, partitions, comparison and metadata', async () => {
		const opened = await webviews.open({ app: 'properties', theme: 'dark', answer: answerProperties });
		await opened.page.getByText('Incremental 05').waitFor();
		await opened.page.getByText('1,764,066').waitFor();
		expect(await opened.page.getByText('"imageid"').isVisible()).toBe(false);
		await opened.page.getByText('Metadata as they stand in the file').click();
		await opened.page.getByText('"imageid"').waitFor();
		await opened.page.getByRole('button', { name: 'Compare' }).click();
		await opened.page.getByText('21,400 blocks changed').waitFor();
		await opened.page.getByRole('button', { name: 'Browse Files' }).click();
		await opened.page.getByRole('button', { name: 'Restore…' }).click();
		await expect
			.poll(() => opened.host.received.map(({ type }) => type))
			.toEqual(['ready', 'compare', 'browse', 'restore']);
	});

	it('keeps the place of the keyboard when its button has gone', async () => {
		const { page } = await webviews.open({ app: 'properties', theme: 'dark', answer: answerProperties });
		await tabTo(page, 'Compare');
		await page.keyboard.press('Enter');
		await page.getByRole('status').getByText('Against').waitFor();
		await page.keyboard.press('Tab');
		expect(await page.locator('summary').evaluate((details) => details.matches(':focus'))).toBe(true);
	});

	it('says why an image cannot be read', async () => {
		const opened = await webviews.open({
			app: 'properties',
			theme: 'dark',
			answer: ({ type }) =>
				type === 'ready'
					? [
							{
								type: 'failed',
								error: { code: 'image-damaged', message: 'The footer is missing', advice: 'Copy it again' },
							},
						]
					: [],
		});
		await opened.page.getByRole('alert').getByText('The footer is missing — Copy it again').waitFor();
	});
});
