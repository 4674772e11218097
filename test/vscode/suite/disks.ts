import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { detectTemplate } from '../../../src/definition/plan/templates.ts';
import { readDefinition } from '../../../src/definition/read.ts';
import { parseXml } from '../../../src/definition/xml/parse.ts';
import { commands } from '../../../src/extension/ids.ts';
import type { Services } from '../../../src/extension/services.ts';
import type { DiskNode } from '../../../src/extension/views/disks-tree.ts';
import { run, story, until, withSettings } from '../support/harness.ts';
import { makeDisk } from '../support/samples.ts';

/** Lists the raw file alone with the machine's own disks; gives its node and that of its partition. */
async function listed({ trees }: Services, path: string): Promise<readonly [DiskNode, DiskNode]> {
	const disk = await until('the disk file in the tree', async () =>
		(await trees.disks.getChildren()).find((node) => node.disk.path === path),
	);
	const [partition] = await trees.disks.getChildren(disk);
	return [disk, partition!];
}

/** Text of the definition that a command has opened. */
async function openedText(): Promise<string> {
	const document = await until('a new definition', () =>
		vscode.workspace.textDocuments.find(({ uri, isDirty }) => uri.scheme === 'untitled' && isDirty),
	);
	const text = document.getText();
	await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
	await until('its end', () => document.isClosed || undefined);
	return text;
}

export function disks(): void {
	story('Add a Raw Disk File puts it into the list, Remove takes it out', async (parts, person, folder) => {
		const disk = makeDisk(folder);
		const setting = () => vscode.workspace.getConfiguration('afterimage').get('diskFiles');
		person.does({ openDialog: async () => [vscode.Uri.file(disk)] });
		await run(commands.addDiskFile);
		assert.deepEqual(setting(), [disk]);
		const [node] = await listed(parts, disk);
		await run(commands.removeDiskFile, node);
		assert.deepEqual(setting(), []);
		await run(commands.refreshDisks);
		assert.equal(
			(await parts.trees.disks.getChildren()).some((one) => one.disk.path === disk),
			false,
		);
	});

	story('the tree shows partition, file system, label and use, and takes check marks', async (parts, _, folder) => {
		const path = makeDisk(folder);
		await withSettings({ diskFiles: [path] }, async () => {
			const [disk, partition] = await listed(parts, path);
			const tree = parts.trees.disks;
			const item = tree.getTreeItem(partition);
			assert.equal(item.label, '1 - SAMPLE');
			assert.match(String(item.description), /^ext4 · [\d.]+ MB \/ 30\.00 MB$/);
			assert.equal(tree.getTreeItem(disk).contextValue, 'diskFile');
			tree.check([[disk, vscode.TreeItemCheckboxState.Checked]]);
			assert.deepEqual(
				tree.selection().map(({ disk: one, partitions }) => [one.path, partitions.length]),
				[[path, 1]],
			);
			tree.check([[partition, vscode.TreeItemCheckboxState.Unchecked]]);
			assert.deepEqual(tree.selection(), []);
		});
	});

	story('a file that is no disk is listed with the reason', async (parts, _, folder) => {
		const path = join(folder, 'missing.img');
		await withSettings({ diskFiles: [path] }, async () => {
			const disk = await until('the missing file', async () =>
				(await parts.trees.disks.getChildren()).find((node) => node.disk.path === path),
			);
			assert.equal(disk.disk.warnings.length, 1);
		});
	});

	story('List Disks as Administrator lists with the rights that this machine gives', async (parts, person) => {
		await run(commands.listDisksElevated);
		assert.deepEqual(person.told, []);
		assert.equal(parts.engines.current.length > 0, true);
	});

	story('each way to a new image opens a definition with these sources', async (parts, person, folder) => {
		const path = makeDisk(folder);
		const definitionsFolder = join(folder, 'definitions');
		await withSettings({ diskFiles: [path], definitionsFolder, 'defaults.compression': 'high' }, async () => {
			const [disk, partition] = await listed(parts, path);
			await run(commands.imageDisk, disk);
			const whole = await openedText();
			assert.match(whole, new RegExp(`<raw_file path="${path}"/>`));
			assert.match(whole, /<compression_level>high</);
			assert.equal(detectTemplate(readDefinition(parseXml(whole)).definition), 'none');

			await run(commands.imagePartition, partition);
			assert.match(await openedText(), /<partition number="1" offset="1048576" label="SAMPLE"\/>/);

			await run(commands.imageSelectedDisks);
			assert.ok(person.heard(/Select disks or partitions/));
			parts.trees.disks.check([[partition, vscode.TreeItemCheckboxState.Checked]]);
			await run(commands.imageSelectedDisks);
			assert.match(await openedText(), /<name>SAMPLE</);

			await run(commands.imageSystemPartitions);
			assert.match(await openedText(), /<sources boot_partitions="true"\/>/);

			await run(commands.newImage);
			assert.match(await openedText(), /<sources\/>/);
		});
	});
}
