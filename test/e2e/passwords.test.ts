import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { requireTools } from '../support/require.ts';
import { makeImage } from './support/command-line.ts';
import { makeDisk } from './support/disks.ts';
import { useStage } from './support/stage.ts';

requireTools(['mkfs.ext4', 'sgdisk']);

const theatre = useStage({
	prepare: (stage) => {
		writeFileSync(stage.file('password'), 'open sesame\n', { mode: 0o600 });
		makeImage(makeDisk(stage.file('disk.img')), stage.backups, '--password-file', stage.file('password'));
	},
	settings: (stage) => ({ 'afterimage.backupFolders': [stage.backups] }),
});

test('a wrong password is said and asked for again', async () => {
	const workbench = await theatre.stage.open();
	await workbench.showViews();
	await workbench.backups.expand(/^Backup set/);
	const { quickInput } = workbench;
	await workbench.backups.choose(/^Full 00/, 'Verify', quickInput.title(/^Password of/));
	await quickInput.answer(/^Password of/, 'open barley');
	await quickInput.pick('Keep this password?', 'Use It Once');
	await quickInput.box.getByText('That password was wrong. Try again.').waitFor();
	await quickInput.answer(/^Password of/, 'open sesame');
	await quickInput.pick('Keep this password?', 'Use It Once');
	await workbench.backups.item(/^Full 00.*verified/).waitFor();
});
