import assert from 'node:assert/strict';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands, editors } from '../../../src/extension/ids.ts';
import type { Services } from '../../../src/extension/services.ts';
import { backupDrop } from '../../../src/extension/views/backup-drop.ts';
import type { BackupNode } from '../../../src/extension/views/backups-tree.ts';
import { run, story, until, withSettings } from '../support/harness.ts';
import { changeDisk, image, makeDisk } from '../support/samples.ts';

type FileNode = BackupNode & { kind: 'file' };

interface Shown {
	readonly set: BackupNode;
	/** Every file of the set, parents before children. */
	readonly files: readonly FileNode[];
}

/** What the view shows of the only set of a folder. */
async function shown({ trees }: Services, folder: string): Promise<Shown> {
	const tree = trees.backups;
	const root = (await tree.getChildren()).find((node) => node.folder === folder);
	assert.ok(root, `${folder} in the view`);
	const [set] = await tree.getChildren(root);
	assert.ok(set, 'a set');
	const files: FileNode[] = [];
	const walk = async (node: BackupNode) => {
		for (const child of await tree.getChildren(node)) {
			files.push(child as FileNode);
			await walk(child);
		}
	};
	await walk(set);
	return { set, files };
}

/** A folder with a full, an incremental that stands on it and a differential, of a disk that changed in between. */
function makeSet(folder: string, ...options: readonly string[]): { disk: string; backups: string } {
	const disk = makeDisk(folder);
	const backups = join(folder, 'backups');
	mkdirSync(backups);
	image(disk, backups, ...options);
	for (const type of ['inc', 'diff']) {
		changeDisk(folder, disk);
		image(disk, backups, '--type', type, ...options);
	}
	return { disk, backups };
}

/** The text of a document that a command has opened beside its preview. */
function openText(kind: string): string {
	const document = vscode.workspace.textDocuments.find(
		({ uri }) => uri.scheme === 'afterimage' && uri.authority === kind,
	);
	assert.ok(document, `a document ${kind}`);
	return document.getText();
}

export function backups(): void {
	story('the tree draws full, incremental and differential as a chain', async (parts, _, folder) => {
		const { backups } = makeSet(folder);
		await withSettings({ backupFolders: [backups] }, async () => {
			await parts.trees.backups.refresh();
			const { set, files } = await shown(parts, backups);
			const item = parts.trees.backups.getTreeItem(set);
			assert.match(String(item.description), /^3 files · .* · just now$/);
			assert.deepEqual(
				files.map((file) => parts.trees.backups.getTreeItem(file).label),
				['Full 00', 'Incremental 01', 'Differential 02'],
			);
			assert.equal(files[1]!.chain.file.parent, files[0]!.chain.file.name);
		});
	});

	story('Verify, Compare, Copy Path and Refresh', async (parts, person, folder) => {
		const { backups } = makeSet(folder);
		await withSettings({ backupFolders: [backups] }, async () => {
			await parts.trees.backups.refresh();
			const before = await shown(parts, backups);
			await run(commands.verifyBackup, before.files[1]);
			assert.ok(person.heard(/^Verify .*mrimgx/), JSON.stringify(person.told));
			assert.equal(person.told.at(-1)!.level, 'info');
			const after = await shown(parts, backups);
			assert.match(String(parts.trees.backups.getTreeItem(after.files[1]!).description), /verified$/);

			await run(commands.compareBackup, after.files[1]);
			assert.match(openText('compare'), /differ; .* were stored/);
			await run(commands.compareBackup, after.files[0]);
			assert.ok(person.heard(/none before it/));

			await run(commands.copyBackupPath, after.files[0]);
			assert.equal(await vscode.env.clipboard.readText(), after.files[0]!.chain.file.path);
			await run(commands.copyBackupPath, { kind: 'folder', folder: backups });
			assert.equal(await vscode.env.clipboard.readText(), backups);
			await run(commands.refreshBackups);
		});
	});

	story(
		'an encrypted backup is verified with its password, asked for again when it is wrong',
		async (parts, person, folder) => {
			const disk = makeDisk(folder);
			const backups = join(folder, 'backups');
			mkdirSync(backups);
			const secret = join(folder, 'password');
			writeFileSync(secret, 'correct horse\n');
			const [file] = image(disk, backups, '--password-file', secret);
			const prompts: string[] = [];
			const answers = ['wrong horse', 'correct horse'];
			person.does({
				input: async ({ prompt }) => {
					prompts.push(prompt ?? '');
					return answers.shift();
				},
			});
			person.picks('Use It Once', 'Keep It');
			await run(commands.verifyBackup, file);
			assert.deepEqual(prompts, ['The image is encrypted.', 'That password was wrong. Try again.']);
			assert.equal(person.told.at(-1)!.level, 'info', JSON.stringify(person.told));

			// It was kept, so that nothing is asked; then it is forgotten.
			await run(commands.verifyBackup, file);
			assert.equal(prompts.length, 2);
			await run(commands.forgetPasswords);
			assert.ok(person.heard(/One stored password is forgotten/));
			person.does({ input: async () => undefined });
			const count = person.told.length;
			await run(commands.verifyBackup, file);
			assert.equal(person.told.length, count, 'without a password nothing runs');
			assert.equal(await parts.passwords.forgetAll(), 0);
		},
	);

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
		const { backups: one } = makeSet(folder);
		const other = join(folder, 'other');
		mkdirSync(other);
		image(join(folder, 'disk.img'), other);
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

	story('Properties and Restore open pages about the chosen point', async (parts, _, folder) => {
		const disk = makeDisk(folder);
		const backups = join(folder, 'backups');
		mkdirSync(backups);
		image(disk, backups);
		await withSettings({ backupFolders: [backups] }, async () => {
			await parts.trees.backups.refresh();
			const { files } = await shown(parts, backups);
			for (const [command, page] of [
				[commands.showBackupProperties, editors.properties],
				[commands.restoreBackup, editors.restore],
			] as const) {
				await run(command, files[0]);
				await until(`the page ${page}`, () => {
					const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
					// The workbench puts a prefix before the type of a webview.
					return (input instanceof vscode.TabInputWebview && input.viewType.endsWith(page)) || undefined;
				});
			}
		});
	});

	story('missing and damaged files are marked', async (parts, _, folder) => {
		const { backups } = makeSet(folder);
		await withSettings({ backupFolders: [backups] }, async () => {
			await parts.trees.backups.refresh();
			const { files } = await shown(parts, backups);
			rmSync(files[0]!.chain.file.path);
			const fd = openSync(join(backups, 'foreign.mrimgx'), 'w');
			writeSync(fd, 'no image at all');
			closeSync(fd);
			await parts.trees.backups.refresh();
			const now = await shown(parts, backups);
			const set = parts.trees.backups.getTreeItem(now.set);
			assert.equal((set.iconPath as vscode.ThemeIcon).id, 'warning');
			assert.equal(now.files.length, 2);
			for (const file of now.files) {
				const item = parts.trees.backups.getTreeItem(file);
				assert.equal(item.resourceUri?.query, 'damaged');
			}
			const root = (await parts.trees.backups.getChildren()).find((node) => node.folder === backups);
			const problems = (await parts.trees.backups.getChildren(root)).filter(({ kind }) => kind === 'problem');
			assert.equal(parts.trees.backups.getTreeItem(problems[0]!).label, 'foreign.mrimgx');
		});
	});

	story('folders are added by dialog and by dropping an image, and removed', async (parts, person, folder) => {
		const { backups } = makeSet(folder);
		const folders = () => vscode.workspace.getConfiguration('afterimage').get<string[]>('backupFolders');
		await withSettings({ backupFolders: [] }, async () => {
			person.does({ openDialog: async () => [vscode.Uri.file(`${backups}/`)] });
			await run(commands.addBackupFolder);
			assert.deepEqual(folders(), [backups]);
			const [root] = (await parts.trees.backups.getChildren()).filter((node) => node.folder === backups);
			await run(commands.removeBackupFolder, root);
			assert.deepEqual(folders(), []);
			const file = join(
				backups,
				readdirSync(backups).find((name) => name.endsWith('.mrimgx'))!,
			);
			const data = new vscode.DataTransfer();
			data.set('text/uri-list', new vscode.DataTransferItem(`# dropped\r\n${vscode.Uri.file(file).toString()}`));
			await backupDrop.handleDrop!(undefined, data, new vscode.CancellationTokenSource().token);
			assert.deepEqual(folders(), [backups]);
		});
	});

	story('a folder that is not there is shown with the reason', async (parts, _, folder) => {
		const missing = join(folder, 'not-there');
		await withSettings({ backupFolders: [missing] }, async () => {
			const root = await until('the folder', async () =>
				(await parts.trees.backups.getChildren()).find((node) => node.folder === missing),
			);
			const [problem] = await parts.trees.backups.getChildren(root);
			assert.equal(problem?.kind, 'problem');
		});
	});

	story('Reveal asks for a backup when it is called from the palette', async (parts, person) => {
		await withSettings({ backupFolders: [] }, async () => {
			const sets = await parts.trees.backups.sets();
			if (sets.length > 0) person.does({ pick: async () => undefined });
			await run(commands.revealBackup);
			assert.equal(sets.length > 0 || person.heard(/There is no backup yet/) !== undefined, true);
		});
	});
}
