import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { imageScheme } from '../../../src/extension/browse/address.ts';
import { placeUri } from '../../../src/extension/browse/file-item.ts';
import type { FileNode } from '../../../src/extension/browse/file-node.ts';
import { FilesTree } from '../../../src/extension/browse/files-tree.ts';
import type { BackedUpFiles } from '../../../src/extension/browse/backed-up-files.ts';
import { commands } from '../../../src/extension/ids.ts';
import type { Services } from '../../../src/extension/services.ts';
import type { BackedUpFile } from '../../../src/protocol/files.ts';
import { run, story, until, type Person } from '../support/harness.ts';
import { image, makeDisk, writeFile } from '../support/samples.ts';

type FileItem = FileNode & { kind: 'file' };

/** What the sample disk's file of this number holds. */
const contents = (number: number) => Buffer.alloc(300_000, `disk.img ${number} `);

/** A folder with a backup of a disk, of which `file-3` has changed and `later` is new since the one before. */
function makeBackups(folder: string): { readonly full: string; readonly incremental: string } {
	const disk = makeDisk(folder);
	const backups = join(folder, 'backups');
	mkdirSync(backups);
	const [full] = image(disk, backups);
	writeFile(folder, disk, 'file-3', Buffer.from('another text\n'));
	writeFile(folder, disk, 'later', Buffer.from('new\n'));
	const [incremental] = image(disk, backups, '--type', 'inc');
	return { full: full!, incremental: incremental! };
}

/** What the view shows at the root of the only partition with files. */
async function filesOf({ trees }: Services, path: string): Promise<readonly FileItem[]> {
	await run(commands.browseBackup, path);
	const [partition] = await trees.files.getChildren();
	assert.equal(partition?.kind, 'partition', JSON.stringify(partition));
	return (await trees.files.getChildren(partition)) as FileItem[];
}

function named(files: readonly FileItem[], name: string): FileItem {
	const found = files.find(({ file }) => file.name === name);
	assert.ok(found, `${name} among ${files.map(({ file }) => file.name).join(', ')}`);
	return found;
}

/** Addresses of the comparison in the active editor. */
async function comparison(): Promise<readonly string[]> {
	const input = await until('a comparison', () => {
		const shown: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
		return shown instanceof vscode.TabInputTextDiff ? shown : undefined;
	});
	return [input.original.toString(), input.modified.toString()];
}

/** The code by which VS Code knows what went wrong with a file. */
async function failure(action: Thenable<unknown>): Promise<string> {
	try {
		await action;
	} catch (error) {
		return (error as vscode.FileSystemError).code;
	}
	return 'none';
}

export function browse(): void {
	story('a backup is browsed in the view, folders first', async (parts, _, folder) => {
		const { full, incremental } = makeBackups(folder);
		const files = await filesOf(parts, incremental);
		assert.match(parts.trees.files.browsed!.title, /^Incremental 01 · /);
		const names = ['lost+found', ...Array.from({ length: 8 }, (__, number) => `file-${number}`), 'later'];
		assert.deepEqual(
			files.map(({ file }) => file.name),
			names,
		);
		const item = await parts.trees.files.getTreeItem(named(files, 'file-0'));
		assert.match(String(item.description), /^292\.97 KB · /);
		assert.equal(item.contextValue, 'backedUpFile');
		assert.deepEqual(await parts.trees.files.getChildren(named(files, 'lost+found')), []);

		// The view shows one backup, then another, then none.
		assert.equal((await filesOf(parts, full)).length, names.length - 1);
		await run(commands.refreshFiles);
		assert.equal(parts.trees.files.browsed?.image, full);
		await run(commands.closeFiles);
		assert.deepEqual(await parts.trees.files.getChildren(), []);
	});

	story('a file is opened from the view, byte for byte and for reading only', async (parts, _, folder) => {
		const files = await filesOf(parts, makeBackups(folder).incremental);
		const item = await parts.trees.files.getTreeItem(named(files, 'file-5'));
		const [uri] = item.command!.arguments as readonly vscode.Uri[];
		await vscode.commands.executeCommand(item.command!.command, uri);
		const editor = await until('the editor', () => vscode.window.activeTextEditor);
		assert.equal(editor.document.uri.toString(), uri!.toString());
		assert.equal(editor.document.getText(), contents(5).toString());

		const { fs } = vscode.workspace;
		assert.deepEqual(Buffer.from(await fs.readFile(uri!)), contents(5));
		assert.equal((await fs.stat(uri!)).size, 300_000);
		assert.equal(fs.isWritableFileSystem(imageScheme), false);
		assert.notEqual(await failure(fs.writeFile(uri!, Buffer.from('x'))), 'none');
		assert.notEqual(await failure(fs.delete(uri!)), 'none');
	});

	story('the file system lists partitions and folders, and says what is not there', async (_, __, folder) => {
		const { fs } = vscode.workspace;
		const backup = vscode.Uri.from({ scheme: imageScheme, path: `${makeBackups(folder).full}!/` });
		assert.deepEqual(await fs.readDirectory(backup), [['0-1', vscode.FileType.Directory]]);
		const root = vscode.Uri.joinPath(backup, '0-1');
		assert.ok(
			(await fs.readDirectory(root)).some(([name, type]) => name === 'file-7' && type === vscode.FileType.File),
		);
		assert.equal((await fs.stat(root)).type, vscode.FileType.Directory);
		for (const missing of [vscode.Uri.joinPath(root, 'no-such'), backup.with({ path: '/no.mrimgx!/0-1/a' })]) {
			assert.equal(await failure(fs.stat(missing)), 'FileNotFound', missing.path);
		}
		assert.equal(await failure(fs.stat(backup.with({ path: '/elsewhere' }))), 'FileNotFound');
		assert.equal(await failure(fs.readFile(root)), 'FileIsADirectory');
	});

	story('a file is compared with the backup before and with one of this computer', async (parts, person, folder) => {
		const { full, incremental } = makeBackups(folder);
		const files = await filesOf(parts, incremental);
		const changed = named(files, 'file-3');
		await run(commands.compareFileWithPrevious, changed);
		const before = placeUri({ ...changed.place, image: full });
		assert.deepEqual(await comparison(), [before.toString(), placeUri(changed.place).toString()]);
		assert.deepEqual(Buffer.from(await vscode.workspace.fs.readFile(before)), contents(3));

		await run(commands.compareFileWithPrevious, named(files, 'later'));
		assert.ok(person.heard(/-00-00\.mrimgx has no file \/later\./), JSON.stringify(person.told));
		await run(commands.compareFileWithPrevious, before);
		assert.ok(person.heard(/none before it/));

		const own = vscode.Uri.file(join(folder, 'own.txt'));
		writeFileSync(own.fsPath, 'mine\n');
		person.does({ openDialog: async () => [own] });
		await run(commands.compareFileWithDisk, changed);
		assert.deepEqual(await comparison(), [placeUri(changed.place).toString(), own.toString()]);
	});

	story('files are extracted, and replaced only after a question', async (parts, person, folder) => {
		const files = await filesOf(parts, makeBackups(folder).incremental);
		const target = join(folder, 'target');
		mkdirSync(target);
		person.does({ openDialog: async () => [vscode.Uri.file(target)] });
		const chosen = ['file-1', 'file-3', 'lost+found'].map((name) => named(files, name));
		await run(commands.extractFiles, chosen[0], chosen);
		const told = person.told.at(-1)!;
		assert.equal(told.level, 'info', JSON.stringify(person.told));
		assert.ok(told.actions.includes('Open Folder'));
		assert.deepEqual(readdirSync(target).sort(), ['file-1', 'file-3', 'lost+found']);
		assert.deepEqual(readFileSync(join(target, 'file-1')), contents(1));
		assert.equal(readFileSync(join(target, 'file-3'), 'utf8'), 'another text\n');

		writeFileSync(join(target, 'file-1'), 'mine');
		let agree = false;
		const questions: string[] = [];
		person.does({
			confirm: async (title) => {
				questions.push(title);
				return agree;
			},
		});
		await run(commands.extractFiles, chosen[0]);
		assert.deepEqual(questions, [`file-1 is already in ${target}. Replace it?`]);
		assert.equal(readFileSync(join(target, 'file-1'), 'utf8'), 'mine');
		agree = true;
		await run(commands.extractFiles, placeUri(chosen[0]!.place));
		assert.deepEqual(readFileSync(join(target, 'file-1')), contents(1));
	});

	story('paths are copied, and a folder is offered to the workspace', async (parts, person, folder) => {
		const { incremental } = makeBackups(folder);
		const files = await filesOf(parts, incremental);
		const two = [named(files, 'file-1'), named(files, 'lost+found')];
		await run(commands.copyFilePath, two[0], two);
		assert.equal(await vscode.env.clipboard.readText(), '/file-1\n/lost+found');
		let offered: readonly string[] = [];
		person.does({
			pick: async (items) => {
				offered = (await items).map(({ label }) => label);
				return undefined;
			},
		});
		await run(commands.openInWorkspace, two[1]);
		assert.deepEqual(offered, ['Open in New Window', 'Add to This Workspace']);
	});

	story('the password of an encrypted backup is asked for once', async (parts, person, folder) => {
		const disk = makeDisk(folder);
		const secret = join(folder, 'password');
		writeFileSync(secret, 'correct horse\n');
		const [file] = image(disk, folder, '--password-file', secret);
		const asked = answerPassword(person, ['wrong horse', 'correct horse']);
		person.picks('Use It Once', 'Use It Once');
		const files = await filesOf(parts, file!);
		assert.deepEqual(asked, ['The image is encrypted.', 'That password was wrong. Try again.']);
		const uri = placeUri(named(files, 'file-2').place);
		assert.deepEqual(Buffer.from(await vscode.workspace.fs.readFile(uri)), contents(2));
		person.does({ openDialog: async () => [vscode.Uri.file(folder)] });
		await run(commands.extractFiles, named(files, 'file-2'));
		assert.deepEqual(readFileSync(join(folder, 'file-2')), contents(2));
		assert.equal(asked.length, 2);

		// Without one nothing is shown but the reason; VS Code is told that rights are missing.
		await run(commands.forgetPasswords);
		answerPassword(person, []);
		await parts.trees.files.refresh();
		const [partition] = await parts.trees.files.getChildren();
		const [problem] = partition?.kind === 'partition' ? await parts.trees.files.getChildren(partition) : [partition];
		assert.equal(problem?.kind, 'problem');
		assert.equal(await failure(vscode.workspace.fs.readFile(uri)), 'NoPermissions');
		await run(commands.closeFiles);
	});

	story('a folder of 20,000 files is shown at once', async (_, __, folder) => {
		const entries = Array.from({ length: 20_000 }, (___, number): BackedUpFile => ({
			name: `IMG_${number}.jpg`,
			kind: 'file',
			size: number,
			modified: number,
		}));
		const partition = { disk: 0, partition: 1, fileSystem: 'ext4', label: '', size: 2 ** 30 };
		const fake = {
			partitions: async () => [partition],
			list: async () => ({ entries, caseSensitive: true, warnings: [] }),
		};
		const tree = new FilesTree(async () => fake as unknown as BackedUpFiles);
		tree.browse({ image: join(folder, 'A-00-00.mrimgx'), title: 'A' });
		const [root] = await tree.getChildren();
		const began = Date.now();
		const nodes = await tree.getChildren(root);
		const items = await Promise.all(nodes.map((node) => tree.getTreeItem(node)));
		assert.deepEqual([items.length, items[0]!.label, items[19_999]!.label], [20_000, 'IMG_0.jpg', 'IMG_19999.jpg']);
		assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`);
		tree.dispose();
	});
}

/** Answers each question for a password with the next of these, and the others not at all; gives the questions. */
function answerPassword(person: Person, passwords: readonly string[]): string[] {
	const waiting = [...passwords];
	const asked: string[] = [];
	person.does({
		input: async ({ prompt }) => {
			asked.push(prompt ?? '');
			return waiting.shift();
		},
	});
	return asked;
}
