import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { files, point } from './backup-samples.ts';
import { focused, tabTo } from './keyboard.ts';
import { answerRestore, chooseOnly, spareDisk } from './page-hosts.ts';
import { useWebviews } from './use-webviews.ts';
import type { OpenOptions } from './webview-page.ts';

const webviews = useWebviews();

async function openRestore(more: Partial<OpenOptions> = {}) {
	const opened = await webviews.open({ app: 'restore', theme: 'dark', answer: answerRestore, height: 1600, ...more });
	await opened.page.getByRole('radio', { name: 'MBR Disk 3' }).waitFor();
	return opened;
}

type Opened = Awaited<ReturnType<typeof openRestore>>;

/** The newest message of this type that the page has posted. */
async function posted({ host }: Opened, type: string): Promise<Record<string, unknown>> {
	await expect.poll(() => host.received.some((message) => message['type'] === type)).toBe(true);
	return host.received.findLast((message) => message['type'] === type)!;
}

const places = (page: Page) => page.getByRole('radiogroup', { name: 'Partition that takes' });
const restore = (page: Page) => page.getByRole('button', { name: 'Restore', exact: true });
const nameField = (page: Page) => page.getByRole('textbox', { name: 'Name of the target' });

describe('one partition', () => {
	it('goes into another partition of the target, which is lost', async () => {
		const opened = await openRestore();
		const { page } = opened;
		await chooseOnly(page, 5);
		await page.getByRole('radio', { name: 'MBR Disk 2' }).click();
		await page.getByText(/It has no partition of at least 5\.08 GB .* Choose the one that takes it\.$/).waitFor();
		expect(await nameField(page).count()).toBe(0);
		expect(await page.getByText('After the restore').count()).toBe(0);
		await places(page).getByRole('radio', { name: '5 - archive' }).click();
		await page.getByText('5 - archive · ext4 · 44.00 GB / 200.00 GB').waitFor();
		await page.getByText('Partition 5 of the target is 194.92 GB larger than needed.').waitFor();
		await page.getByRole('img', { name: /^Target after the restore: Backup.*Recovery image, 200\.00 GB/ }).waitFor();
		await page.getByRole('button', { name: 'Check' }).click();
		await page.getByText('partition 5 at 620.00 GB; on the imaged disk it is at 233.39 GB').waitFor();
		await page.getByText('partition 5 with 200.00 GB; on the imaged disk it has 5.08 GB').waitFor();
		await page.getByText('Partition 5 of the target is overwritten').waitFor();
		await nameField(page).fill('/dev/sdb');
		await restore(page).click();
		const into = { kind: 'partition', number: 5 };
		expect(await posted(opened, 'check')).toMatchObject({ choice: { partitions: [5], into } });
		expect(await posted(opened, 'start')).toMatchObject({ request: { target: '/dev/sdb', partitions: [5], into } });
		// While it runs it stays there.
		expect(await places(page).getByRole('radio', { name: '5 - archive' }).isDisabled()).toBe(true);
	});

	it('cannot go where it does not fit or what is mounted, and says why', async () => {
		const { page } = await openRestore();
		await chooseOnly(page, 5);
		await page.getByRole('radio', { name: 'GPT Disk 1' }).click();
		const small = places(page).getByRole('radio', { name: '2 - SYSTEM', description: 'too small, 5.08 GB are needed' });
		expect(await small.isDisabled()).toBe(true);
		expect(await page.getByRole('row', { name: '2 - SYSTEM' }).last().getAttribute('title')).toContain('too small');
		const mounted = places(page).getByRole('radio', { name: '4 - Windows', description: 'mounted at C:' });
		expect(await mounted.isDisabled()).toBe(true);
		// Its own place goes without saying.
		const own = places(page).getByRole('radio', { name: '5 - Recovery image', description: 'where it was' });
		expect(await own.isChecked()).toBe(true);
	});

	it('is placed on the map too, where it can be', async () => {
		const { page } = await openRestore();
		await chooseOnly(page, 5);
		await page.getByRole('radio', { name: 'MBR Disk 2' }).click();
		const map = page.getByRole('img', { name: /^Target now/ });
		await map.getByText('Backup', { exact: true }).click();
		expect(await places(page).locator(':checked').count()).toBe(0);
		await map.getByText('archive', { exact: true }).click();
		await page.getByText('Everything on this partition is lost:').waitFor();
		expect(await places(page).getByRole('radio', { name: '5 - archive' }).isChecked()).toBe(true);
	});

	it('has to be placed and named anew when its place, the target or the partition is another', async () => {
		const opened = await openRestore();
		const { page } = opened;
		await chooseOnly(page, 2);
		await page.getByRole('radio', { name: 'GPT Disk 1' }).click();
		await nameField(page).fill('/dev/nvme0n1');
		await places(page).getByRole('radio', { name: '5 - Recovery image' }).click();
		await expect.poll(() => nameField(page).inputValue()).toBe('');
		await page.getByRole('radio', { name: 'MBR Disk 2' }).click();
		await page.getByRole('radio', { name: 'GPT Disk 1' }).click();
		expect(await places(page).getByRole('radio', { name: '2 - SYSTEM' }).isChecked()).toBe(true);
		await places(page).getByRole('radio', { name: '5 - Recovery image' }).click();
		await page.getByRole('checkbox', { name: 'Restore partition 1' }).click();
		await expect.poll(() => places(page).count()).toBe(0);
		await page.getByRole('checkbox', { name: 'Restore partition 1' }).click();
		expect(await places(page).getByRole('radio', { name: '2 - SYSTEM' }).isChecked()).toBe(true);
		await page.getByRole('button', { name: 'Check' }).click();
		expect((await posted(opened, 'check'))['choice']).not.toHaveProperty('into');
	});

	it('becomes a raw file by itself', async () => {
		const opened = await openRestore();
		const { page } = opened;
		await chooseOnly(page, 5);
		await page.getByRole('button', { name: 'New Raw File…' }).click();
		await page.getByText('A raw file of 238.47 GB is made').waitFor();
		const form = page.getByRole('radiogroup', { name: 'Form of the target' });
		expect(await form.getByRole('radio', { name: 'As a disk with this partition' }).isChecked()).toBe(true);
		await form.getByRole('radio', { name: 'The partition alone' }).click();
		await page.getByText('A raw file of 5.08 GB is made').waitFor();
		await restore(page).click();
		expect(await posted(opened, 'start')).toMatchObject({ request: { into: { kind: 'volume' } } });
	});

	it('is placed by the keyboard', async () => {
		const { page } = await openRestore();
		await chooseOnly(page, 2);
		await page.getByRole('radio', { name: 'GPT Disk 1' }).focus();
		await page.keyboard.press('Space');
		await tabTo(page, '2 - SYSTEM');
		// Over the one that is too small and the one that is mounted.
		await page.keyboard.press('ArrowDown');
		expect(await focused(page)).toBe('input: 5 - Recovery image');
		await page.getByText('5 - Recovery image · NTFS · 4.72 GB / 5.08 GB').waitFor();
	});
});

describe('a whole disk on a larger target', () => {
	it('has a partition take what is free behind it', async () => {
		const opened = await openRestore();
		const { page } = opened;
		await page.getByRole('radio', { name: 'MBR Disk 3' }).click();
		await page.getByText('Partitions keep their sizes; the rest stays free behind them.').waitFor();
		await nameField(page).fill('/dev/sdc');
		await page.getByRole('combobox', { name: 'Grow' }).click();
		await page.getByRole('option', { name: '5 - Recovery image, to 232.37 GB' }).click();
		await page.getByText('Partition 5 grows; the others keep their sizes.').waitFor();
		await page.getByRole('img', { name: /^Target after the restore.*Recovery image, 232\.37 GB, selected$/ }).waitFor();
		await page.getByRole('button', { name: 'Check' }).click();
		await page.getByText('partition 5 with 232.37 GB; on the imaged disk it has 5.08 GB').waitFor();
		// Nothing else is lost by it.
		expect(await nameField(page).inputValue()).toBe('/dev/sdc');
		await restore(page).click();
		expect(await posted(opened, 'start')).toMatchObject({ request: { target: '/dev/sdc', grow: 5 } });
	});

	it('grows nothing on one that is not larger', async () => {
		const { page } = await openRestore();
		await page.getByRole('radio', { name: 'MBR Disk 3' }).click();
		await page.getByRole('combobox', { name: 'Grow' }).waitFor();
		await page.getByRole('radio', { name: 'GPT Disk 1' }).click();
		await expect.poll(() => page.getByRole('combobox', { name: 'Grow' }).count()).toBe(0);
	});
});

describe('a whole disk on a smaller target', () => {
	it('has file systems made smaller when that is asked for', async () => {
		const opened = await openRestore();
		const { page, host } = opened;
		const small = { ...spareDisk, size: 200 * 1024 ** 3 };
		await host.send({ type: 'disks', disks: [small], elevated: false, error: undefined });
		await page.getByRole('radio', { name: 'MBR Disk 3' }).click();
		await page.getByText(/It has 200\.00 GB .* are needed, unless file systems are made smaller/).waitFor();
		expect(await nameField(page).count()).toBe(0);
		const box = page.getByRole('checkbox', { name: 'Make file systems smaller until everything fits' });
		await box.focus();
		await page.keyboard.press('Space');
		await page
			.getByRole('img', { name: /^Target after the restore.*Recovery image, [45]\.\d\d GB, selected$/ })
			.waitFor();
		await page.getByRole('button', { name: 'Check' }).click();
		expect(await posted(opened, 'check')).toMatchObject({
			choice: { shrink: expect.arrayContaining([5]) as number[] },
		});
		await nameField(page).fill('/dev/sdc');
		await restore(page).click();
		expect(await posted(opened, 'start')).toMatchObject({
			request: { target: '/dev/sdc', shrink: expect.arrayContaining([5]) as number[] },
		});
		await expect.poll(() => host.state).toMatchObject({ shrink: true });
	});
});

describe('after a reload', () => {
	it('all is as it was chosen, but confirmed anew', async () => {
		const first = await openRestore();
		await chooseOnly(first.page, 5);
		await first.page.getByRole('radio', { name: 'MBR Disk 2' }).click();
		await places(first.page).getByRole('radio', { name: '5 - archive' }).click();
		await first.page.getByText('Verify afterwards').click();
		await nameField(first.page).fill('/dev/sdb');
		await expect.poll(() => first.host.state).toMatchObject({ into: { kind: 'partition', number: 5 } });
		await first.page.close();

		const again = await openRestore({ state: first.host.state });
		const { page } = again;
		expect(await posted(again, 'ready')).toEqual({ type: 'ready', file: point.path, target: '/dev/sdb' });
		expect(await places(page).getByRole('radio', { name: '5 - archive' }).isChecked()).toBe(true);
		expect(await nameField(page).inputValue()).toBe('');
		await page.getByRole('button', { name: 'Check' }).click();
		expect(await posted(again, 'check')).toMatchObject({
			choice: { partitions: [5], into: { kind: 'partition', number: 5 }, verify: false },
		});
	});

	it('what another version has kept is passed over', async () => {
		const { page } = await openRestore({ state: { file: files[4]!.path, into: 'somewhere' } });
		expect(await page.getByRole('radio', { checked: true }).count()).toBe(1);
		expect(await page.getByRole('checkbox', { name: 'Whole disk' }).isChecked()).toBe(true);
	});
});
