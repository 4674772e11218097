import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { requireTools } from '../support/require.ts';
import { changeDisk, makeDisk, tool } from './support/disks.ts';
import { useStage } from './support/stage.ts';
import { until } from './support/wait.ts';

requireTools(['mkfs.ext4', 'sgdisk', 'debugfs', 'cmp']);

const theatre = useStage({
	prepare: (stage) => void makeDisk(stage.file('disk.img')),
	settings: (stage) => ({ 'afterimage.diskFiles': [stage.file('disk.img')] }),
});

/** Title of a raw file on the form's first page. */
const diskFile = /^Raw disk file - .*disk\.img/;

const sha256 = (path: string) => tool('sha256sum', path).split(' ')[0]!;
const images = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.mrimgx'));

test('a definition is made in the form, run, and its images are browsed, verified and restored', async () => {
	const { stage } = theatre;
	const disk = stage.file('disk.img');
	const workbench = await stage.open();
	await workbench.showViews();
	await workbench.disks.item(/1 - DATA/).waitFor();

	// The form, page by page.
	await workbench.run('Afterimage: New Image…');
	const { form } = workbench;
	await form.selectPartition(diskFile, '1 - DATA');
	await form.destination(stage.backups);
	await form.next('Edit the Plan for this Backup');
	await form.template('Incrementals Forever');
	await form.next('Imaging Summary');
	await form.text('Incremental: Monday to Saturday at 09:00').waitFor();
	await form.text('Retain 14 incremental images').waitFor();
	await form.finish();
	await form.save({ name: 'Data disk', runNow: false });

	const definition = `${stage.definitions}/Data disk.xml`;
	await until('the definition', () => existsSync(definition));
	tool('xmllint', '--noout', '--schema', 'schema/backup-definition.xsd', definition);

	// A full, a change, an incremental.
	const { notifications } = workbench;
	const running = notifications.saying(/Back up Data disk: \d+ %/);
	await workbench.definitions.choose('Data disk', 'Run Full Backup Now', running);
	await notifications.heard(/Full backup of set/);
	const [full] = images(stage.backups);
	expect(full).toMatch(/-00-00\.mrimgx$/);
	const before = sha256(disk);
	changeDisk(disk, 'new-file');
	expect(sha256(disk)).not.toBe(before);
	const done = notifications.saying(/Incremental backup of set/);
	await workbench.definitions.choose('Data disk', 'Run Incremental Backup Now', done);
	expect(images(stage.backups)).toHaveLength(2);

	// The chain, and its last file verified.
	await workbench.backups.expand(/^Backup set/);
	await workbench.backups.item(/^Full 00/).waitFor();
	const verified = workbench.backups.item(/^Incremental 01.*verified/);
	await workbench.backups.choose(/^Incremental 01/, 'Verify', verified);

	// The restore page, to a file that is not there yet.
	const target = stage.file('restored.img');
	const { restore } = workbench;
	await workbench.backups.choose(/^Incremental 01/, 'Restore…', restore.points.first());
	await restore.newFile();
	await workbench.quickInput.file('Restore to a new raw file', target);
	await restore.target(target).waitFor();
	await restore.restoreButton.click();
	await restore.result.waitFor();
	tool('cmp', disk, target);
	expect(sha256(target)).toBe(sha256(disk));
});
