import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { placeUri } from '../../../src/extension/browse/file-item.ts';
import { commands } from '../../../src/extension/ids.ts';
import { runLink } from '../../../src/extension/schedule/shortcut.ts';
import { handleUri } from '../../../src/extension/uri-handler.ts';
import { run, story, withSettings } from '../support/harness.ts';
import { image, makeDefinition, makeDisk } from '../support/samples.ts';

const refusal = /Nothing is run or restored in Restricted Mode/;

export function restrictedMode(): void {
	test('this window is restricted', () => {
		assert.equal(vscode.workspace.isTrusted, false);
	});

	story('a definition can be read and validated', async (parts, person, folder) => {
		const path = makeDefinition(folder, join(folder, 'disk.img'), join(folder, 'backups'));
		await run(commands.validateDefinition, path);
		assert.ok(person.heard(/is valid/), JSON.stringify(person.told));
		await run(commands.editAsXml, path);
		assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, path);
		assert.ok(await parts.definitions.all());
	});

	story('no command and no link runs anything', async (parts, person, folder) => {
		const disk = makeDisk(folder);
		const backups = join(folder, 'backups');
		const path = makeDefinition(folder, disk, backups);
		person.does({ confirm: async () => true });
		for (const command of [commands.runFull, commands.runIncremental, commands.runDifferential]) {
			person.told.length = 0;
			await run(command, path);
			assert.ok(person.heard(refusal), command);
		}
		person.told.length = 0;
		await handleUri(parts, vscode.Uri.parse(runLink('vscode', { definition: path, type: 'full' })));
		assert.ok(person.heard(refusal));
		assert.deepEqual(readdirSync(backups), []);
		assert.deepEqual(parts.jobs.all, []);
	});

	story('backups are listed, and not verified, merged or deleted', async (parts, person, folder) => {
		const disk = makeDisk(folder);
		image(disk, folder);
		const [file] = image(disk, folder, '--type', 'inc');
		await withSettings({ backupFolders: [folder] }, async () => {
			assert.equal((await parts.trees.backups.find(file!)).set.files.length, 2);
			person.does({
				confirm: async () => true,
				pick: async (items) => (await items)[0],
			});
			for (const command of [commands.verifyBackup, commands.mergeBackups, commands.deleteBackup]) {
				person.told.length = 0;
				await run(command, file);
				assert.ok(person.heard(refusal), command);
			}
			assert.equal(readdirSync(folder).filter((name) => name.endsWith('.mrimgx')).length, 2);
		});
	});

	story('the files of a backup can be read, and not extracted', async (parts, person, folder) => {
		const [file] = image(makeDisk(folder), folder);
		await run(commands.browseBackup, file);
		const [partition] = await parts.trees.files.getChildren();
		const [first] = (await parts.trees.files.getChildren(partition)).slice(1);
		assert.ok(first?.kind === 'file');
		const data = await vscode.workspace.fs.readFile(placeUri(first.place));
		assert.deepEqual(Buffer.from(data), Buffer.alloc(300_000, 'disk.img 0 '));
		await run(commands.extractFiles, first);
		assert.ok(person.heard(refusal));
		assert.deepEqual(parts.jobs.all, []);
	});
}
