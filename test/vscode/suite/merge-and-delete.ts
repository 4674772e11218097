import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../../../src/extension/ids.ts';
import { makeSet, makeTwoSets, shown } from '../support/backup-sets.ts';
import { run, story, withSettings } from '../support/harness.ts';
import { changeDisk, image, makeDisk } from '../support/samples.ts';

export function mergeAndDelete(): void {
	story('Merge joins neighbours after it has said what that brings', async (parts, person, folder) => {
		const disk = makeDisk(folder);
		const backups = join(folder, 'backups');
		mkdirSync(backups);
		image(disk, backups);
		for (let number = 0; number < 2; number++) {
			changeDisk(folder, disk);
			image(disk, backups, '--type', 'inc');
		}
		await withSettings({ backupFolders: [backups] }, async () => {
			await parts.trees.backups.refresh();
			const { files } = await shown(parts, backups);
			let detail = '';
			person.picks(files[2]!.chain.file.name);
			person.does({
				confirm: async (_title, text) => {
					detail = text;
					return true;
				},
			});
			await run(commands.mergeBackups, files[1]);
			assert.match(detail, /^2 files become .*mrimgx\. /);
			assert.equal((await shown(parts, backups)).files.length, 2);
			await run(commands.verifyBackup, (await shown(parts, backups)).files[1]);
			assert.equal(person.told.at(-1)!.level, 'info');
		});
	});

	story('Merge takes all that is selected, and all between, with one question', async (parts, person, folder) => {
		const disk = makeDisk(folder);
		const backups = join(folder, 'backups');
		const other = join(folder, 'other');
		for (const made of [backups, other]) mkdirSync(made);
		image(disk, backups);
		for (let number = 0; number < 3; number++) {
			changeDisk(folder, disk);
			image(disk, backups, '--type', 'inc');
		}
		image(disk, other);
		await withSettings({ backupFolders: [backups, other] }, async () => {
			await parts.trees.backups.refresh();
			const { files, set } = await shown(parts, backups);
			const [foreign] = (await shown(parts, other)).files;
			const questions: string[] = [];
			person.does({
				confirm: async (title) => {
					questions.push(title);
					return true;
				},
			});
			await run(commands.mergeBackups, files[1], [files[1], foreign]);
			assert.match(person.told.at(-1)!.text, /within one set/);
			await run(commands.mergeBackups, files[3], [files[3], set, files[1]]);
			assert.deepEqual(questions, ['Merge 3 backups?']);
			assert.equal((await shown(parts, backups)).files.length, 2);
		});
	});

	story('Delete names the dependants first, and does nothing unless it is confirmed', async (parts, person, folder) => {
		const { backups } = makeSet(folder);
		await withSettings({ backupFolders: [backups] }, async () => {
			await parts.trees.backups.refresh();
			const { files } = await shown(parts, backups);
			let question: readonly string[] = [];
			let agree = false;
			person.does({
				confirm: async (...words) => {
					question = words;
					return agree;
				},
			});
			await run(commands.deleteBackup, files[0]);
			assert.match(question[0]!, /and 2 that stand on it/);
			for (const { chain } of files) assert.ok(question[1]!.includes(chain.file.name));
			assert.equal(readdirSync(backups).filter((name) => name.endsWith('.mrimgx')).length, 3);
			agree = true;
			await run(commands.deleteBackup, files[2]);
			assert.equal(question[0], 'Delete this backup?');
			assert.equal(existsSync(files[2]!.chain.file.path), false);
			assert.equal((await shown(parts, backups)).files.length, 2);
		});
	});

	story('Delete asks once for all that is selected, and deletes each set in one run', async (parts, person, folder) => {
		const { one, other } = makeTwoSets(folder);
		await withSettings({ backupFolders: [one, other] }, async () => {
			await parts.trees.backups.refresh();
			const { files } = await shown(parts, one);
			const { set } = await shown(parts, other);
			const questions: (readonly string[])[] = [];
			person.does({
				confirm: async (...words) => {
					questions.push(words);
					return true;
				},
			});
			const before = person.told.length;
			const root = { kind: 'folder', folder: other } as const;
			await run(commands.deleteBackup, files[1], [files[1], files[2], set, root]);
			assert.deepEqual(
				questions.map(([title]) => title),
				['Delete these 3 backups?'],
			);
			assert.equal(questions[0]![1]!.split('\n').length, 4);
			assert.deepEqual(
				person.told.slice(before).map(({ text }) => /: (\d files? deleted), /.exec(text)?.[1]),
				['2 files deleted', '1 file deleted'],
			);
			assert.deepEqual(
				(await shown(parts, one)).files.map((file) => file.chain.file.path),
				[files[0]!.chain.file.path],
			);
			assert.equal(readdirSync(other).filter((name) => name.endsWith('.mrimgx')).length, 0);
		});
	});
}
