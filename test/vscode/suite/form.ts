import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { DefinitionForm } from '../../../src/extension/editor/definition-form.ts';
import { editors, settings } from '../../../src/extension/ids.ts';
import type { Services } from '../../../src/extension/services.ts';
import type { FormToHost, HostToForm } from '../../../src/protocol/definition-form.ts';
import { story, until } from '../support/harness.ts';
import { definitionXml, makeDisk } from '../support/samples.ts';

/** The page of a form as the extension sees it: what it posts is kept, what it is to receive is sent by the test. */
class FakePage {
	readonly posted: HostToForm[] = [];
	readonly #received = new vscode.EventEmitter<unknown>();

	panel(): vscode.WebviewPanel {
		const webview = {
			onDidReceiveMessage: this.#received.event,
			postMessage: (message: HostToForm) => {
				this.posted.push(message);
				return Promise.resolve(true);
			},
		};
		return { webview, reveal: () => undefined } as unknown as vscode.WebviewPanel;
	}

	send(message: FormToHost | Record<string, unknown>): void {
		this.#received.fire(message);
	}

	last<T extends HostToForm['type']>(type: T): Extract<HostToForm, { type: T }> | undefined {
		return this.posted.findLast((message) => message.type === type) as Extract<HostToForm, { type: T }> | undefined;
	}
}

async function openForm(parts: Services, uri: vscode.Uri) {
	const document = await vscode.workspace.openTextDocument(uri);
	const page = new FakePage();
	const form = new DefinitionForm(parts, document, page.panel());
	return { document, page, form };
}

function saved(folder: string): { path: string; text: string } {
	const text = definitionXml({ sources: '<raw_file path="/disk.img"/>', folder: join(folder, 'backups') });
	const path = join(folder, 'Sample.xml');
	writeFileSync(path, text);
	return { path, text };
}

const edit = (id: number, version: number, start: number, end: number, text: string): FormToHost => ({
	type: 'edit',
	id,
	version,
	edits: [{ start, end, text }],
});

export function form(): void {
	story('an edit of the form changes its own characters, and undo gives them back', async (parts, _, folder) => {
		const { path, text } = saved(folder);
		const { document, page, form } = await openForm(parts, vscode.Uri.file(path));
		await vscode.window.showTextDocument(document);
		page.send({ type: 'ready' });
		assert.equal((await until('the document', () => page.last('document'))).text, text);
		const at = text.indexOf('Sample');
		page.send(edit(1, document.version, at, at + 6, 'Laptop'));
		assert.equal((await until('the answer', () => page.last('edited'))).accepted, true);
		assert.equal(document.getText(), text.replace('Sample', 'Laptop'));
		assert.equal(page.last('document')!.text, document.getText());
		assert.ok(document.isDirty);
		await vscode.commands.executeCommand('undo');
		await until('the old text', () => (document.getText() === text ? true : undefined));
		assert.equal(page.last('document')!.text, text);
		form.dispose();
		await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
	});

	story('an edit of a text that has gone on is refused, and the fresh text sent', async (parts, _, folder) => {
		const { path } = saved(folder);
		const { document, page, form } = await openForm(parts, vscode.Uri.file(path));
		const before = document.version;
		const typed = new vscode.WorkspaceEdit();
		typed.insert(document.uri, document.positionAt(0), '\n');
		await vscode.workspace.applyEdit(typed);
		const text = document.getText();
		page.posted.length = 0;
		page.send(edit(7, before, 0, 1, 'x'));
		assert.deepEqual(await until('the answer', () => page.last('edited')), { type: 'edited', id: 7, accepted: false });
		assert.equal(page.last('document')!.text, text);
		assert.equal(document.getText(), text);
		form.dispose();
	});

	story('a message that is not what it must be changes nothing', async (parts, _, folder) => {
		const { path, text } = saved(folder);
		const { document, page, form } = await openForm(parts, vscode.Uri.file(path));
		page.send({ type: 'edit', id: 1, version: document.version, edits: [{ start: -5, end: 3, text: 'x' }] });
		page.send({ type: 'run', command: 'rm' });
		page.send({ type: 'ready' });
		await until('an answer to what was right', () => page.last('document'));
		assert.equal(document.getText(), text);
		assert.equal(page.last('edited'), undefined);
		form.dispose();
	});

	story('a destination is described: there or not, its room, its partition', async (parts, _, folder) => {
		const { path } = saved(folder);
		const { page, form } = await openForm(parts, vscode.Uri.file(path));
		page.send({ type: 'check-destination', folder });
		const there = await until('facts', () => page.last('destination'));
		assert.ok(there.facts.exists && there.facts.writable && (there.facts.total ?? 0) > 0);
		page.posted.length = 0;
		page.send({ type: 'check-destination', folder: join(folder, 'nowhere') });
		assert.equal((await until('facts', () => page.last('destination'))).facts.exists, false);
		page.posted.length = 0;
		page.send({ type: 'create-folder', folder: join(folder, 'nowhere') });
		assert.equal((await until('facts', () => page.last('destination'))).facts.exists, true);
		form.dispose();
	});

	story('Finish saves a new definition for the user alone, and never over another', async (parts, _, folder) => {
		const text = definitionXml({ sources: '<raw_file path="/disk.img"/>', folder: join(folder, 'backups') });
		const open = async () => {
			const uri = vscode.Uri.file(join(folder, 'New.xml')).with({ scheme: 'untitled' });
			const opened = await openForm(parts, uri);
			const change = new vscode.WorkspaceEdit();
			change.replace(uri, new vscode.Range(0, 0, opened.document.lineCount, 0), text);
			await vscode.workspace.applyEdit(change);
			await vscode.window.showTextDocument(opened.document);
			return opened;
		};
		const definitions = join(folder, 'definitions');
		const first = await open();
		first.page.send({ type: 'finish', runNow: false, save: { name: 'My: disk', folder: definitions } });
		const path = join(definitions, 'My_ disk.xml');
		await until('the file', () => statSync(path, { throwIfNoEntry: false }));
		assert.equal(readFileSync(path, 'utf8'), text);
		if (process.platform !== 'win32') {
			assert.equal(statSync(path).mode & 0o077, 0);
			assert.equal(statSync(definitions).mode & 0o077, 0);
		}
		await until('the end of the form', () => (first.document.isClosed ? true : undefined));
		first.form.dispose();

		const second = await open();
		second.page.send({ type: 'finish', runNow: false, save: { name: 'My: disk', folder: definitions } });
		assert.equal((await until('a refusal', () => second.page.last('refused'))).field, 'name');
		second.page.posted.length = 0;
		second.page.send({ type: 'finish', runNow: false, save: { name: 'x', folder: join(folder, 'backups') } });
		const refused = await until('a refusal', () => second.page.last('refused'));
		assert.equal(refused.field, 'folder');
		assert.match(refused.error.message, /destination folder/);
		second.page.posted.length = 0;
		second.page.send({ type: 'finish', runNow: false, save: { name: 'x', folder: '//server/share' } });
		assert.match((await until('a refusal', () => second.page.last('refused'))).error.message, /network share/);
		second.form.dispose();
		await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
	});

	story(
		'Finish says that schedules are not installed, and again when they have changed',
		async (parts, person, folder) => {
			const timing = (time: string) =>
				`<scheduling><schedule backup_type="inc"><daily time="${time}"/></schedule></scheduling>`;
			const { path, text } = saved(folder);
			const scheduled = text.replace('</backup_definition>', `${timing('09:00')}</backup_definition>`);
			const finish = async (change: (text: string) => string) => {
				const { document, page, form } = await openForm(parts, vscode.Uri.file(path));
				await vscode.window.showTextDocument(document);
				const before = document.getText();
				page.send(edit(1, document.version, 0, before.length, change(before)));
				await until('the edit', () => page.last('edited'));
				page.send({ type: 'finish', runNow: false, save: undefined });
				const isOurs = ({ input }: vscode.Tab) => input instanceof vscode.TabInputText && input.uri.fsPath === path;
				const open = () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(isOurs));
				await until('the end of the form', () => (open() ? undefined : true));
				form.dispose();
				const offers = person.told.splice(0).filter(({ actions }) => actions.includes('Install Schedules…'));
				return offers.map((offer) => offer.text.split('.')[0]);
			};
			assert.deepEqual(await finish((old) => old.replace('Sample', 'Other')), []);
			assert.deepEqual(await finish(() => scheduled), ['The schedules of Sample have changed']);
			assert.deepEqual(await finish((old) => old.replace('Sample', 'Third')), []);
			assert.deepEqual(await finish((old) => old.replace('09:00', '10:00')), ['The schedules of Third have changed']);

			const uri = vscode.Uri.file(join(folder, 'Scheduled.xml')).with({ scheme: 'untitled' });
			const { document, page, form } = await openForm(parts, uri);
			page.send(edit(1, document.version, 0, 0, scheduled));
			await until('the edit', () => page.last('edited'));
			await vscode.window.showTextDocument(document);
			page.send({ type: 'finish', runNow: false, save: { name: 'Scheduled', folder: join(folder, 'definitions') } });
			await until('the message', () => person.heard(/^Scheduled does not run by itself yet/));
			form.dispose();
		},
	);

	story('what is run without being saved is gone once it has run', async (parts, _, folder) => {
		const backups = join(folder, 'backups');
		mkdirSync(backups);
		const disk = makeDisk(folder, 'once.img');
		const text = definitionXml({ name: 'Once', sources: `<raw_file path="${disk}"/>`, folder: backups });
		const uri = vscode.Uri.file(join(folder, 'Once.xml')).with({ scheme: 'untitled' });
		const { document, page, form } = await openForm(parts, uri);
		const change = new vscode.WorkspaceEdit();
		change.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), text);
		await vscode.workspace.applyEdit(change);
		await vscode.window.showTextDocument(document);
		const unsaved = join(parts.context.globalStorageUri.fsPath, 'unsaved');
		const left = () => readdirSync(unsaved, { recursive: true, encoding: 'utf8' });
		page.send({ type: 'finish', runNow: true, save: undefined });
		await until('the definition', () => existsSync(unsaved) && left().some((name) => name.endsWith('Once.xml')));
		await until('the end of the run', () => (left().length === 0 ? true : undefined));
		assert.equal(readdirSync(backups).filter((name) => name.endsWith('.mrimgx')).length, 1);
		const [run] = await parts.jobs.history(1);
		assert.equal(run?.outcome, 'success');
		assert.ok(existsSync(run.logPath!));
		// Its images stay in sight.
		await until('the folder in the view', async () => {
			const roots = await parts.trees.backups.getChildren();
			return roots.some((node) => 'folder' in node && node.folder === backups) ? true : undefined;
		});
		await vscode.workspace
			.getConfiguration('afterimage')
			.update(settings.backupFolders, undefined, vscode.ConfigurationTarget.Global);
		form.dispose();
	});

	story('Cancel asks before it discards what was entered', async (parts, person, folder) => {
		const { path, text } = saved(folder);
		const { document, page, form } = await openForm(parts, vscode.Uri.file(path));
		await vscode.window.showTextDocument(document);
		page.send(edit(1, document.version, 0, 0, '\n'));
		await until('the answer', () => page.last('edited'));
		const questions: string[] = [];
		person.does({
			confirm: async (title) => {
				questions.push(title);
				return questions.length > 1;
			},
		});
		page.send({ type: 'cancel' });
		await until('the question', () => (questions.length === 1 ? true : undefined));
		assert.ok(document.isDirty);
		page.send({ type: 'cancel' });
		await until('the end of the form', () => (document.isClosed || !document.isDirty ? true : undefined));
		assert.equal(readFileSync(path, 'utf8'), text);
		form.dispose();
	});

	story('the form opens on a definition as a custom editor', async (parts, _, folder) => {
		const { path } = saved(folder);
		await parts.definitions.all();
		await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(path), editors.definition);
		const tab = await until('the tab', () => vscode.window.tabGroups.activeTabGroup.activeTab);
		assert.ok(tab.input instanceof vscode.TabInputCustom);
		assert.equal(tab.input.viewType, editors.definition);
	});
}
