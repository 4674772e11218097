import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { requireTools } from '../support/require.ts';
import { makeImage } from './support/command-line.ts';
import { makeDefinition } from './support/definitions.ts';
import { makeDisk, tool } from './support/disks.ts';
import { useStage } from './support/stage.ts';
import { until } from './support/wait.ts';

requireTools(['mkfs.ext4', 'sgdisk']);

/** The runs of this file would last for minutes: what ends them is what the test does. */
const slowly = '<rate_limit>50</rate_limit>';

const theatre = useStage({
	prepare: (stage) => {
		const disk = makeDisk(stage.file('disk.img'), 20);
		makeDefinition(stage, { name: 'Cancelled', disk, folder: stage.make('cancelled'), more: slowly });
		makeDefinition(stage, { name: 'Killed', disk, folder: stage.make('killed'), more: slowly });
		makeDefinition(stage, { name: 'Reloaded', disk, folder: stage.make('reloaded'), more: slowly });
	},
});

test('a run is cancelled from its notification and leaves nothing', async () => {
	const { stage } = theatre;
	const workbench = await stage.open();
	await workbench.showViews();
	const running = workbench.notifications.saying(/Back up Cancelled: \d+ %/);
	await workbench.definitions.choose('Cancelled', 'Run Full Backup Now', running);
	expect(await workbench.statusBar.innerText()).toMatch(/\d+ %/);
	await until('a file in the making', () => readdirSync(stage.file('cancelled')).length > 0);
	await workbench.notifications.press('Back up Cancelled', 'Cancel');
	await workbench.runs.item(/^Back up Cancelled, cancelled/).waitFor();
	await workbench.runs.fold(false);
	await workbench.runs.header.getByText('Runs: cancelled, just now').waitFor();
	expect(readdirSync(stage.file('cancelled'))).toEqual([]);
});

test('a run whose engine is killed is shown as failed, and earlier images are as they were', async () => {
	const { stage } = theatre;
	const folder = stage.file('killed');
	const image = makeImage(stage.file('disk.img'), folder);
	const before = tool('sha256sum', image);
	const workbench = await stage.open();
	await workbench.showViews();
	const running = workbench.notifications.saying(/Back up Killed: \d+ %/);
	await workbench.definitions.choose('Killed', 'Run Full Backup Now', running);
	await until('a second file', () => readdirSync(folder).length > 1);
	for (const pid of stage.engines()) process.kill(pid, 'SIGKILL');
	await workbench.notifications.heard(/engine ended while this ran/);
	await workbench.runs.item(/^Back up Killed, failed/).waitFor();
	expect(tool('sha256sum', image)).toBe(before);

	// A new engine is there for whatever comes next, and the image that broke off is none.
	await workbench.run('Afterimage: Refresh Backups');
	await workbench.backups.expand(/^Backup set .*1 file/);
	await workbench.backups.item(/^Full 00/).waitFor();
});

test('a run goes on while the window reloads, which then shows and cancels it', async () => {
	const { stage } = theatre;
	const workbench = await stage.open();
	await workbench.showViews();
	const running = workbench.notifications.saying(/Back up Reloaded: \d+ %/);
	await workbench.definitions.choose('Reloaded', 'Run Full Backup Now', running);
	const engines = stage.engines();
	expect(engines).toHaveLength(1);
	await workbench.reload();
	await running.waitFor();
	expect(stage.engines()).toEqual(engines);
	await workbench.showViews();
	await workbench.runs.press(/^Back up Reloaded/, 'Cancel Run');
	await workbench.runs.item(/^Back up Reloaded, cancelled/).waitFor();
	expect(readdirSync(stage.file('reloaded'))).toEqual([]);
});
