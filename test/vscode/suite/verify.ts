import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Services } from '../../../src/extension/services.ts';
import { commands } from '../../../src/extension/ids.ts';
import { makeSet, makeTwoSets, shown } from '../support/backup-sets.ts';
import { run, story, withSettings } from '../support/harness.ts';
import { image, makeDisk } from '../support/samples.ts';

/** Changes a byte of a block, as a disk that loses bits does. */
function damage(path: string): void {
	const { atime, mtime } = statSync(path);
	const bytes = readFileSync(path);
	bytes[1000]! ^= 1;
	writeFileSync(path, bytes);
	utimesSync(path, atime, mtime);
}

async function verified(parts: Services, folder: string): Promise<boolean[]> {
	return (await shown(parts, folder)).files.map(({ chain }) => chain.file.verifiedOn !== undefined);
}

/** A file with a password. */
function secret(folder: string, password: string): string {
	const path = join(folder, `password-${password}`);
	writeFileSync(path, password, { mode: 0o600 });
	return path;
}

export function verify(): void {
	story('Verify takes a set, all that is selected or a folder in one job', async (parts, person, folder) => {
		const { one, other } = makeTwoSets(folder);
		await withSettings({ backupFolders: [one, other] }, async () => {
			await parts.trees.backups.refresh();
			const { files, set } = await shown(parts, one);
			await run(commands.verifyBackup, files[1], [files[1], (await shown(parts, other)).files[0]]);
			assert.match(person.told.at(-1)!.text, /^Verify .*mrimgx and 1 more: 2 backups: 2 sound: /);
			assert.deepEqual(await verified(parts, other), [true]);
			assert.equal((await verified(parts, one)).filter(Boolean).length, 1);
			await run(commands.verifyBackup, set);
			assert.match(person.told.at(-1)!.text, /3 backups: 3 sound: /);
			assert.deepEqual(await verified(parts, one), [true, true, true]);

			damage(files[0]!.chain.file.path);
			const before = person.told.length;
			await run(commands.verifyBackup, { kind: 'folder', folder: one });
			const [told, ...more] = person.told.slice(before);
			assert.deepEqual([told!.level, more], ['error', []]);
			assert.match(told!.text, /^Verify backups: 3 backups: \d sound, \d damaged \(.*mrimgx/);
			assert.ok(told!.text.includes(files[0]!.chain.file.name), told!.text);
			assert.equal((await verified(parts, one))[0], false);
			const [record] = await parts.jobs.history(1);
			const lost = /mrimgx.*:\n.* {3}Disk 0, partition 1\b.*(damaged blocks?\b|is not known)/;
			assert.match(readFileSync(record!.logPath!, 'utf8'), lost);
		});
	});

	story(
		'Verify asks for the password of each set once, and tells of one that is wrong',
		async (parts, person, folder) => {
			const encrypted = ['--password-file', secret(folder, 'secret'), '--aes', '128'];
			const { backups } = makeSet(folder, ...encrypted);
			image(makeDisk(folder, 'second.img'), backups);
			await withSettings({ backupFolders: [backups] }, async () => {
				await parts.trees.backups.refresh();
				const questions: (string | undefined)[] = [];
				const answers = ['secret', 'wrong'];
				person.does({
					input: async ({ title }) => {
						questions.push(title);
						return answers.shift();
					},
				});
				person.picks('Use It Once', 'Keep It');
				await run(commands.verifyBackup, { kind: 'folder', folder: backups });
				assert.match(person.told.at(-1)!.text, /4 backups: 4 sound: /);
				assert.equal(questions.length, 1);
				await run(commands.verifyBackup, { kind: 'folder', folder: backups });
				assert.match(person.told.at(-1)!.text, /4 backups: 1 sound, 3 that no password opened \(/);
				assert.equal(person.told.at(-1)!.level, 'error');
				// A wrong one is not kept, and who gives none stops all.
				const before = person.told.length;
				await run(commands.verifyBackup, { kind: 'folder', folder: backups });
				assert.equal(questions.length, 3);
				assert.equal(person.told.length, before);
			});
		},
	);

	story('Verify forgets the password that was wrong, and no other', async (parts, person, folder) => {
		const { backups } = makeSet(folder, '--password-file', secret(folder, 'one'), '--aes', '128');
		const other = join(folder, 'other');
		mkdirSync(other);
		image(makeDisk(folder, 'second.img'), other, '--password-file', secret(folder, 'two'), '--aes', '128');
		await withSettings({ backupFolders: [backups, other] }, async () => {
			await parts.trees.backups.refresh();
			const selected = [(await shown(parts, backups)).set, (await shown(parts, other)).set];
			let questions = 0;
			const answers = ['one', 'wrong', 'two'];
			person.does({ input: async () => answers[questions++] });
			person.picks('Keep It', 'Keep It', 'Keep It');
			await run(commands.verifyBackup, selected[0], selected);
			assert.match(person.told.at(-1)!.text, /4 backups: 3 sound, 1 that no password opened \(/);
			await run(commands.verifyBackup, selected[0], selected);
			assert.match(person.told.at(-1)!.text, /4 backups: 4 sound: /);
			assert.equal(questions, 3);
			await run(commands.verifyBackup, selected[0], selected);
			assert.match(person.told.at(-1)!.text, /4 backups: 4 sound: /);
			assert.equal(questions, 3);
		});
	});
}
