import { mkdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { requireTools } from '../support/require.ts';
import { makeImage } from './support/command-line.ts';
import { makeDisk, writeToDisk } from './support/disks.ts';
import { useStage } from './support/stage.ts';

requireTools(['mkfs.ext4', 'sgdisk', 'debugfs']);

const before = 'listen 80;\nroot /srv;\n';
const after = 'listen 443;\nroot /srv;\n';

const theatre = useStage({
	prepare: (stage) => {
		const disk = makeDisk(stage.file('disk.img'));
		writeToDisk(disk, 'site.conf', before);
		makeImage(disk, stage.backups);
		writeToDisk(disk, 'site.conf', after);
		makeImage(disk, stage.backups, '--type', 'inc');
	},
	settings: (stage) => ({ 'afterimage.backupFolders': [stage.backups] }),
});

test('files of a backup are opened, compared with the backup before, extracted, and opened in a window of their own', async () => {
	const { stage } = theatre;
	const workbench = await stage.open();
	const { backups, definitions, disks, files, notifications, page, quickInput, runs } = workbench;
	await workbench.showViews();
	// Five open views have some five rows each, and rows out of sight are not drawn.
	for (const view of [disks, definitions, runs]) await view.fold(false);
	await backups.expand(/^Backup set/);
	await backups.choose(/^Incremental 01/, 'Browse Files', files.item(/^1 - DATA/));

	// The only partition is open, its folder stands before the files.
	const file = files.item(/^site\.conf, 23 bytes/);
	await file.waitFor();
	await files.item(/^lost\+found, folder/).waitFor();
	await file.click();
	await workbench.editorTab(/site\.conf/).waitFor();
	await page.locator('.monaco-editor .view-lines').getByText('listen 443;').waitFor();

	const both = page.locator('.monaco-diff-editor .view-line');
	await files.choose(/^site\.conf/, 'Compare With Previous Backup', both.getByText('listen 80;').first());
	await both.getByText('listen 443;').first().waitFor();

	const target = stage.file('extracted');
	mkdirSync(target);
	await files.press(/^site\.conf/, 'Extract…');
	await quickInput.file('Extract site.conf to which folder?', target, 'Extract');
	expect(await notifications.heard(/^Extract site\.conf from .*: 1 file extracted/)).toContain(target);
	expect(readFileSync(`${target}/site.conf`, 'utf8')).toBe(after);

	// A window of its own, whose explorer has the files of the partition.
	await files.choose(/^1 - DATA/, 'Open as Workspace Folder…', quickInput.title('Open this folder of the backup'));
	const opened = page.context().waitForEvent('page');
	await quickInput.choose('Open in New Window');
	const explorer = (await opened).locator('.explorer-folders-view');
	await explorer.getByRole('treeitem', { name: 'site.conf' }).waitFor();
});
