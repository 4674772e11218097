import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../../src/extension/ids.ts';
import { runLink } from '../../../src/extension/schedule/shortcut.ts';
import { handleUri } from '../../../src/extension/uri-handler.ts';
import { run, story, until, withSettings } from '../support/harness.ts';
import { makeDefinition, makeDisk } from '../support/samples.ts';

const images = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.mrimgx'));

/** Runs a task to its end; gives the exit code. */
async function execute(task: vscode.Task): Promise<number | undefined> {
	const ended = new Promise<number | undefined>((done) => {
		const subscription = vscode.tasks.onDidEndTaskProcess((event) => {
			if (event.execution.task.name !== task.name) return;
			subscription.dispose();
			done(event.exitCode);
		});
	});
	await vscode.tasks.executeTask(task);
	return ended;
}

export function waysToRun(): void {
	story('Quick Image asks five questions, saves the definition and runs it', async (parts, person, folder) => {
		const path = makeDisk(folder);
		const backups = join(folder, 'backups');
		const definitionsFolder = join(folder, 'definitions');
		mkdirSync(backups);
		await withSettings({ diskFiles: [path], definitionsFolder, backupFolders: [] }, async () => {
			await until('the disk', async () => (await parts.trees.disks.disks()).find((disk) => disk.path === path));
			const seen: string[] = [];
			let goneBack = false;
			person.does({
				stepPick: async (options) => {
					seen.push(`${options.step}/${options.totalSteps}`);
					// Once back from the plan to the folder, to see that it is asked again.
					if (options.step === 3 && !goneBack) {
						goneBack = true;
						return { kind: 'back' };
					}
					const wanted = [/SAMPLE/, /Browse/, /Incremental Backup Set/, /./, /Save and Run Now/][options.step - 1]!;
					const found = options.items.filter(
						({ label, detail }) => wanted.test(label) && (options.step > 1 || detail!.includes(path)),
					);
					return { kind: 'answer', value: found.slice(0, 1) };
				},
				stepInput: async ({ step, value }) => {
					seen.push(`${step} ${value}`);
					return { kind: 'answer', value: 'My quick image' };
				},
				openDialog: async () => [vscode.Uri.file(backups)],
			});
			await run(commands.quickImage);
			assert.deepEqual(seen, ['1/5', '2/5', '3/5', '2/5', '3/5', '4 SAMPLE', '5/5']);
			const file = join(definitionsFolder, 'My quick image.xml');
			const text = readFileSync(file, 'utf8');
			assert.match(text, /<monthly_weekday week="first" weekday="monday"/);
			assert.match(text, new RegExp(`<folder>${backups}</folder>`));
			assert.equal(statSync(file).mode & 0o777, 0o600);
			assert.equal(statSync(definitionsFolder).mode & 0o777, 0o700);
			assert.equal(images(backups).length, 1, JSON.stringify(person.told));
			assert.deepEqual(person.heard(/does not run by itself yet/)?.actions, ['Install Schedules…']);
		});
	});

	story(
		'a task is offered for each definition of the workspace and runs the command line',
		async (parts, _, folder) => {
			const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
			const backups = join(folder, 'backups');
			const path = makeDefinition(root, makeDisk(folder), backups);
			try {
				parts.definitions.refresh();
				const task = await until('the task', async () =>
					(await vscode.tasks.fetchTasks({ type: 'afterimage' })).find(({ name }) => name === 'Sample'),
				);
				assert.deepEqual(task.definition, { type: 'afterimage', definition: 'Sample.xml' });
				assert.equal(await execute(task), 0);
				assert.equal(images(backups).length, 1);
				await withSettings({ 'tasks.enabled': false }, async () => {
					assert.deepEqual(await vscode.tasks.fetchTasks({ type: 'afterimage' }), []);
				});
			} finally {
				rmSync(path);
				parts.definitions.refresh();
			}
		},
	);

	story('a link runs nothing before the user agreed to what it says', async (parts, person, folder) => {
		const backups = join(folder, 'backups');
		const path = makeDefinition(folder, makeDisk(folder), backups);
		const uri = vscode.Uri.parse(runLink('vscode', { definition: path, type: 'full' }));
		let question: readonly string[] = [];
		let agree = false;
		person.does({
			confirm: async (...words) => {
				question = words;
				return agree;
			},
		});
		await handleUri(parts, uri);
		assert.equal(question[0], 'Run the backup Sample?');
		assert.match(question[1]!, new RegExp(`Definition: ${path}\\nDestination: ${backups}\\nType: Full`));
		assert.deepEqual(images(backups), []);
		agree = true;
		await handleUri(parts, uri);
		assert.equal(images(backups).length, 1);
	});

	story('links that say nothing, or name no definition, are refused', async (parts, person, folder) => {
		await handleUri(parts, vscode.Uri.parse('vscode://afterimage.afterimage/delete?definition=/x'));
		assert.ok(person.heard(/says nothing/));
		const link = runLink('vscode', { definition: join(folder, 'none.xml'), type: 'full' });
		await handleUri(parts, vscode.Uri.parse(link));
		assert.ok(person.heard(/no definition that can be run/));
	});
}
