import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands, editors } from '../../../src/extension/ids.ts';
import { run, story, until, withSettings } from '../support/harness.ts';
import { identityOf } from '../../../src/extension/schedule/program.ts';
import { definitionXml, makeDefinition } from '../support/samples.ts';

const nightly = `
	<scheduling>
		<schedule backup_type="full"><monthly_weekday week="first" weekday="monday" time="09:00"/></schedule>
		<schedule backup_type="inc" enable="false"><daily time="21:30"/></schedule>
	</scheduling>`;

export function definitions(): void {
	story(
		'the tree shows the definitions of the folder, their schedules and what is broken',
		async (parts, _, folder) => {
			const other = join(folder, 'definitions');
			mkdirSync(other);
			const xml = definitionXml({ sources: '<raw_file path="/disk.img"/>', folder: '/backups', more: nightly });
			writeFileSync(join(other, 'Home.xml'), xml);
			writeFileSync(join(other, 'Broken.xml'), '<backup_definition><name>Broken</name>');
			writeFileSync(join(other, 'Other.xml'), '<project/>');
			writeFileSync(join(other, 'Typo.xml'), xml.replace('Sample', 'Typo').replaceAll('raw_file', 'raw_fil'));
			await withSettings({ definitionsFolder: other }, async () => {
				const { definitions: tree } = parts.trees;
				parts.definitions.refresh();
				const nodes = (await tree.getChildren()).filter(({ file }) => file.origin === 'folder');
				const items = await Promise.all(nodes.map((node) => tree.getTreeItem(node)));
				assert.deepEqual(
					items.map((item) => item.label),
					['Broken', 'Sample', 'Typo'],
				);
				assert.match(String(items[0]!.description), /./);
				assert.deepEqual(
					items.map(({ contextValue }) => contextValue),
					['brokenDefinition', 'definition', 'brokenDefinition'],
				);
				assert.equal(items[1]!.description, '/backups');
				assert.match(items[1]!.tooltip as string, /Source: \/disk\.img\nDestination: \/backups\n.*Home\.xml$/);
				assert.match(String(items[2]!.description), /raw_fil/);
				assert.match(items[2]!.tooltip as string, /It does not run: /);
				const schedules = await tree.getChildren(nodes[1]);
				const described = (await Promise.all(schedules.map((node) => tree.getTreeItem(node)))).map(
					({ description }) => description,
				);
				assert.match(String(described[0]), /^First Monday of the month at 09:00 · next /);
				assert.equal(described[1], 'Every day at 21:30 (disabled)');
			});
		},
	);

	story('Open at the Error shows the text of a broken definition where it is wrong', async (_, __, folder) => {
		const xml = definitionXml({ sources: '<raw_file path="/disk.img"/>', folder: '/backups' });
		for (const [name, text, wrong] of [
			['Typo.xml', xml.replace('raw_file', 'raw_fil'), 'raw_fil'],
			['Open.xml', xml.replace('</backup_definition>', ''), 'backup_definition'],
		] as const) {
			const path = join(folder, name);
			writeFileSync(path, text);
			await run(commands.openAtError, path);
			const { document, selection } = vscode.window.activeTextEditor!;
			assert.equal(document.uri.fsPath, path);
			assert.match(document.getText(selection), new RegExp(wrong));
		}
	});

	story('Refresh reads the definitions again', async (parts, _, folder) => {
		await withSettings({ definitionsFolder: folder }, async () => {
			assert.equal(await parts.definitions.find(join(folder, 'New.xml')), undefined);
			writeFileSync(join(folder, 'New.xml'), definitionXml({ name: 'New', sources: '', folder: '/backups' }));
			await run(commands.refreshDefinitions);
			assert.equal((await parts.definitions.find(join(folder, 'New.xml')))?.name, 'New');
		});
	});

	story('a definition that is added to the workspace appears by itself', async (parts) => {
		const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
		const path = join(root, 'appears.xml');
		await parts.definitions.all();
		writeFileSync(path, definitionXml({ name: 'Appears', sources: '', folder: '/backups' }));
		try {
			const file = await until('the new definition', () => parts.definitions.find(path));
			assert.equal(file.name, 'Appears');
			assert.equal(file.origin, 'workspace');
		} finally {
			await vscode.workspace.fs.delete(vscode.Uri.file(path));
		}
		await until('its removal', async () => (await parts.definitions.find(path)) === undefined || undefined);
	});

	story('Validate lists problems at their places and says how many', async (_, person, folder) => {
		const good = makeDefinition(folder, '/disk.img', join(folder, 'backups'));
		await run(commands.validateDefinition, good);
		assert.ok(person.heard(/is valid/), JSON.stringify(person.told));
		const bad = join(folder, 'bad.xml');
		writeFileSync(bad, readFileSync(good, 'utf8').replace('<raw_file', '<raw_fil'));
		await run(commands.validateDefinition, bad);
		const [problem] = vscode.languages.getDiagnostics(vscode.Uri.file(bad));
		assert.equal(problem?.source, 'afterimage');
		assert.equal(problem.range.start.line, 4);
		assert.equal(person.heard(/1 errors|errors/)?.level, 'error');
	});

	story('Duplicate copies with a name of its own and keeps comments', async (_, person, folder) => {
		const path = makeDefinition(folder, '/disk.img', join(folder, 'backups'));
		const target = join(folder, 'Second.xml');
		person.does({ saveDialog: async () => vscode.Uri.file(target) });
		await run(commands.duplicateDefinition, path);
		const copy = readFileSync(target, 'utf8');
		assert.equal(copy, readFileSync(path, 'utf8').replace('<name>Sample</name>', '<name>Second</name>'));
	});

	story('Delete asks once, names what fails from then on, and leaves the backups', async (parts, person, folder) => {
		const path = makeDefinition(folder, '/disk.img', join(folder, 'backups'), nightly);
		const details: string[] = [];
		let answer = false;
		person.does({
			confirm: async (_, detail) => {
				details.push(detail);
				return answer;
			},
		});
		await run(commands.deleteDefinition, path);
		assert.equal(existsSync(path), true);
		answer = true;
		await run(commands.deleteDefinition, path);
		assert.equal(existsSync(path), false);
		assert.match(details[1]!, /backups that were made with it stay.*\n.*remove them there/);
		assert.equal(await parts.definitions.find(path), undefined);
	});

	story('Edit as XML and Edit as Form open the same file', async (_, __, folder) => {
		const path = makeDefinition(folder, '/disk.img', join(folder, 'backups'));
		await run(commands.editAsXml, path);
		assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, path);
		await run(commands.editAsForm);
		const input = await until('the form', () => {
			const active: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
			return active instanceof vscode.TabInputCustom ? active : undefined;
		});
		assert.equal(input.viewType, editors.definition);
		assert.equal(input.uri.fsPath, path);
	});

	story('a definition that others may write does not run until that is mended', async (_, person, folder) => {
		const path = makeDefinition(folder, '/no/such/disk.img', join(folder, 'backups'));
		chmodSync(path, 0o666);
		await run(commands.runFull, path);
		const refusal = person.heard(/others could change/);
		assert.ok(refusal, JSON.stringify(person.told));
		assert.deepEqual(refusal.actions, ['Restrict Permissions']);
		await run(commands.restrictPermissions, path);
		assert.equal(statSync(path).mode & 0o777, 0o644);
		assert.ok(person.heard(/may write these now/));
		await run(commands.restrictPermissions, path);
		assert.ok(person.heard(/already/));
	});

	story('an invalid definition does not run and says why', async (_, person, folder) => {
		const path = join(folder, 'invalid.xml');
		writeFileSync(path, '<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1"/>', {
			mode: 0o600,
		});
		await run(commands.runFull, path);
		assert.ok(person.heard(/is not valid and does not run/), JSON.stringify(person.told));
	});

	story('Create Shortcut, Generate Script and Install Schedules write what they say', async (_, person, folder) => {
		const path = makeDefinition(folder, '/disk.img', join(folder, 'backups'), nightly);
		const shortcut = join(folder, 'sample.desktop');
		person.does({ saveDialog: async () => vscode.Uri.file(shortcut) });
		await run(commands.createShortcut, path);
		assert.match(readFileSync(shortcut, 'utf8'), /:\/\/afterimage\.afterimage\/run\?definition=/);
		assert.equal(statSync(shortcut).mode & 0o111, 0o111);

		const script = join(folder, 'sample.sh');
		person.does({ saveDialog: async () => vscode.Uri.file(script) });
		person.picks('Shell (sh)');
		await run(commands.generateScript, path);
		assert.match(readFileSync(script, 'utf8'), /backup "\$definition" --type "\$type"/);

		const units = join(folder, 'units');
		person.does({ openDialog: async () => [vscode.Uri.file(units)] });
		person.picks(/systemd timers for the system/);
		await run(commands.scheduleDefinition, path);
		assert.match(
			readFileSync(join(units, `afterimage-sample-${identityOf(path)}-1-full.timer`), 'utf8'),
			/OnCalendar=Mon \*-\*-01\.\.07 09:00:00/,
		);
		assert.deepEqual(person.heard(/run nothing until/)?.actions, ['Type It in a Terminal', 'Copy Command']);
	});
}
