import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { requireRoot, requireTools } from '../support/require.ts';
import { afterimage } from './support/command-line.ts';
import { makeDefinition } from './support/definitions.ts';
import { makeDisk, tool } from './support/disks.ts';
import { useStage } from './support/stage.ts';

const ready = requireRoot() && requireTools(['mkfs.ext4', 'sgdisk', 'losetup', 'partx', 'mount']);

/** Beside the stage, so that the folder of the stage can go while they are still there. */
const folder = mkdtempSync(join(tmpdir(), 'afterimage-devices-'));
const small = join(folder, 'small');
let device: string | undefined;
let isMounted = false;

const theatre = useStage({
	prepare: (stage) => {
		if (!ready) return;
		const disk = makeDisk(stage.file('disk.img'));
		tool('mkdir', small);
		tool('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small);
		isMounted = true;
		makeDefinition(stage, { name: 'Too much', disk, folder: small });
		device = tool('losetup', '--find', '--show', '--partscan', disk).trim();
		// Without a device manager nobody else makes the nodes of its partitions.
		tool('partx', '--update', device);
	},
});

afterAll(() => {
	if (isMounted) tool('umount', small);
	if (device !== undefined) tool('losetup', '--detach', device);
	rmSync(folder, { recursive: true, force: true });
});

test('a destination without room fails the run with a clear message and keeps nothing', async () => {
	const workbench = await theatre.stage.open();
	await workbench.showViews();
	const failure = /Back up Too much: .*(space|full)/i;
	await workbench.definitions.choose('Too much', 'Run Full Backup Now', workbench.notifications.saying(failure));
	const message = await workbench.notifications.heard(failure);
	expect(message).toMatch(/—/);
	await workbench.runs.item(/^Back up Too much, failed/).waitFor();
	expect(readdirSync(small)).toEqual([]);
});

test('a device is listed with its partitions, imaged from the form, and restored as it was', async () => {
	const { stage } = theatre;
	const workbench = await stage.open();
	await workbench.showViews();
	const { form } = workbench;
	const selected = form.isSelected(/^GPT Disk/, '1 - DATA');
	await workbench.disks.choose(new RegExp(`${device!}\\b`), 'Image This Disk…', selected);
	await form.destination(stage.backups);
	await form.finish();
	await form.save({ name: 'Loop', runNow: true });
	await workbench.notifications.heard(/Full backup of set/);
	const [image] = readdirSync(stage.backups);
	afterimage('restore', join(stage.backups, image!), '--to', stage.file('restored.img'));
	tool('cmp', stage.file('disk.img'), stage.file('restored.img'));
});
