import { rmSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { requireTools } from '../support/require.ts';
import { makeImage } from './support/command-line.ts';
import { makeDisk, tool } from './support/disks.ts';
import { useStage } from './support/stage.ts';

requireTools(['mkfs.ext4', 'sgdisk', 'debugfs', 'e2fsck', 'blkid']);

const mebibyte = 2 ** 20;
/** Where the partitions of the target begin, in bytes, and how large the second is. */
const [first, second, room] = [mebibyte, 9 * mebibyte, 64 * mebibyte];

/** A raw disk file with a partition that is too small for the one of the image, and one that has room for it. */
function makeTarget(path: string): void {
	tool('truncate', '-s', '80M', path);
	tool('sgdisk', '-n', '1:2048:18431', '-c', '1:small', '-n', '2:18432:149503', '-c', '2:large', path);
	const volume = `${path}.ext4`;
	for (const [label, start, size] of [
		['KEPT', first, 8],
		['LOST', second, 64],
	] as const) {
		tool('mkfs.ext4', '-q', '-L', label, volume, `${size}M`);
		tool('dd', `if=${volume}`, `of=${path}`, 'bs=1M', `seek=${start / mebibyte}`, 'conv=notrunc', 'status=none');
		rmSync(volume);
	}
}

const theatre = useStage({
	prepare: (stage) => {
		makeImage(makeDisk(stage.file('disk.img')), stage.backups);
		makeTarget(stage.file('target.img'));
	},
	settings: (stage) => ({ 'afterimage.backupFolders': [stage.backups] }),
});

/** Of bytes of a file. */
function sha256(path: string, start: number, length: number): string {
	const part = `${path}.part`;
	tool(
		'dd',
		`if=${path}`,
		`of=${part}`,
		'bs=1M',
		`skip=${start / mebibyte}`,
		`count=${length / mebibyte}`,
		'status=none',
	);
	return tool('sha256sum', part).split(' ')[0]!;
}

test('a partition is restored into another partition of a disk that has others', async () => {
	const { stage } = theatre;
	const target = stage.file('target.img');
	const before = [sha256(target, 0, second), sha256(target, second + room, mebibyte)];
	const workbench = await stage.open();
	await workbench.showViews();
	await workbench.backups.expand(/^Backup set/);
	const { restore } = workbench;
	await workbench.backups.choose(/^Full 00/, 'Restore…', restore.points.first());
	await restore.partitionsOnly();
	await restore.existingFile();
	await workbench.quickInput.file('Restore to a raw file', target, 'Choose');
	await restore.target(target).waitFor();
	expect(await restore.place('1 - KEPT').isDisabled()).toBe(true);
	await restore.place('2 - LOST').click();
	await restore.text('2 - LOST · ext4 ·').waitFor();

	// After a reload the page is as it was, the file listed again that no setting names. The command lets the window keep its state.
	const loaded = workbench.page.waitForEvent('load');
	await workbench.run('Developer: Reload Window');
	await loaded;
	await workbench.ready();
	await restore.place('2 - LOST', true).waitFor();

	await restore.check();
	await restore.text('partition 1 at 9.00 MB; on the imaged disk it is at 1.00 MB').waitFor();
	expect(await restore.restoreButton.getAttribute('disabled')).not.toBeNull();
	await restore.confirm(target);
	await restore.restoreButton.click();
	await restore.result.waitFor();

	// The table and all else are as they were; in the partition is the file system of the image.
	expect([sha256(target, 0, second), sha256(target, second + room, mebibyte)]).toEqual(before);
	const volume = `${target}.volume`;
	tool('dd', `if=${target}`, `of=${volume}`, 'bs=1M', `skip=${second / mebibyte}`, 'count=64', 'status=none');
	tool('e2fsck', '-f', '-n', volume);
	expect(tool('blkid', '-p', '-s', 'LABEL', '-o', 'value', volume).trim()).toBe('DATA');
	for (const name of ['file-0', 'file-1', 'file-2']) {
		const [restored, imaged] = [stage.file(name), stage.file(`${name}.imaged`)];
		tool('debugfs', '-R', `dump ${name} ${restored}`, volume);
		tool('debugfs', '-R', `dump ${name} ${imaged}`, `${stage.file('disk.img')}?offset=${mebibyte}`);
		expect(statSync(restored).size).toBe(mebibyte);
		tool('cmp', restored, imaged);
	}
});
