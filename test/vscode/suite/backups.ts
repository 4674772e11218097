import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands, editors } from '../../../src/extension/ids.ts';
import type { Services } from '../../../src/extension/services.ts';
import { backupDrop } from '../../../src/extension/views/backup-drop.ts';
import type { BackupNode } from '../../../src/extension/views/backups-tree.ts';
import { makeSet, shown } from '../support/backup-sets.ts';
import { run, story, until, withSettings } from '../support/harness.ts';
import { image, makeDisk } from '../support/samples.ts';

/** The text of a document that a command has opened beside its preview. */
function openText(kind: string): string {
	const document = vscode.workspace.textDocuments.find(
		({ uri }) => uri.scheme === 'afterimage' && uri.authority === kind,
	);
	assert.ok(document, `a document ${kind}`);
	return document.getText();
}

/** Runs with the views on a folder that has one backup. */
async function withOneBackup(
	parts: Services,
	folder: string,
	fn: (file: BackupNode | undefined) => Promise<void>,
): Promise<void> {
	const backups = join(folder, 'backups');
	mkdirSync(backups);
	image(makeDisk(folder), backups);
	await withSettings({ backupFolders: [backups] }, async () => {
		await parts.trees.backups.refresh();
		await fn((await shown(parts, backups)).files[0]);
	});
}

export function backups(): void {
	story('the tree draws full, incremental and differential as a chain', async (parts, _, folder) => {
		const { backups } = makeSet(folder);
		await withSettings({ backupFolders: [backups] }, async () => {
			await parts.trees.backups.refresh();
			const { set, files } = await shown(parts, backups);
			const item = parts.trees.backups.getTreeItem(set);
			assert.match(String(item.description), /^SAMPLE · just now · 3 files · /);
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

	story('Properties and Restore open pages about the chosen point', async (parts, _, folder) => {
		await withOneBackup(parts, folder, async (file) => {
			for (const [command, page] of [
				[commands.showBackupProperties, editors.properties],
				[commands.restoreBackup, editors.restore],
			] as const) {
				await run(command, file);
				await until(`the page ${page}`, () => {
					const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
					// The workbench puts a prefix before the type of a webview.
					return (input instanceof vscode.TabInputWebview && input.viewType.endsWith(page)) || undefined;
				});
			}
		});
	});

	story('a run shows no notification over a page whose buttons it would cover', async (parts, person, folder) => {
		await withOneBackup(parts, folder, async (file) => {
			await run(commands.restoreBackup, file);
			await until(
				'the page',
				() => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputWebview || undefined,
			);
			await run(commands.verifyBackup, file);
			assert.ok(person.heard(/is sound/), JSON.stringify(person.told));
			assert.deepEqual(person.followed, []);
			await run('workbench.action.closeAllEditors');
			await run(commands.verifyBackup, file);
			assert.equal(person.followed.length, 1);
			await withSettings({ 'runs.statusBar': false }, async () => {
				await run(commands.restoreBackup, file);
				await run(commands.verifyBackup, file);
				assert.equal(person.followed.length, 2, 'nothing else would tell how far it is');
			});
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
				assert.equal(item.resourceUri?.query, 'broken');
			}
			const root = (await parts.trees.backups.getChildren()).find((node) => node.folder === backups);
			const problems = (await parts.trees.backups.getChildren(root)).filter(({ kind }) => kind === 'unreadable');
			assert.equal(parts.trees.backups.getTreeItem(problems[0]!).label, 'foreign.mrimgx');
		});
	});

	story('the sets of one disk alone are shown until the filter is cleared', async (parts, person, folder) => {
		const [one, other] = ['one', 'other'].map((name) => {
			const own = join(folder, name);
			mkdirSync(own);
			return makeSet(own).backups;
		});
		await withSettings({ backupFolders: [one, other] }, async () => {
			await parts.trees.backups.refresh();
			const kinds = async () => {
				const all = await parts.trees.backups.getChildren();
				const roots = all.filter((node) => node.folder === one || node.folder === other);
				const children = await Promise.all(roots.map((root) => parts.trees.backups.getChildren(root)));
				return children.map((nodes) => nodes.map(({ kind }) => kind));
			};
			const ids = (await parts.trees.backups.sets())
				.filter((set) => set.folder === one)
				.map(({ disks }) => disks[0]!.id);
			person.does({
				pick: async (items) => {
					const all = await items;
					assert.equal(all[0]!.label, 'All disks');
					return all.find(({ label, description }) => `${label} ${description}`.includes(ids[0]!));
				},
			});
			await run(commands.filterBackups);
			assert.deepEqual(await kinds(), [['set'], ['hidden']]);
			assert.deepEqual(parts.context.workspaceState.get('backups.disk'), parts.backupFilter.disk);
			await run(commands.clearBackupFilter);
			assert.deepEqual(await kinds(), [['set'], ['set']]);
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
			// A definition that has not run yet is nothing to be warned of.
			assert.equal(problem.icon, 'info');
			assert.equal(parts.trees.backups.getTreeItem(problem).label, 'This folder is not there');
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
