import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { DiskInfo } from '../../../src/protocol/disks.ts';
import { commands } from '../../../src/extension/ids.ts';
import { shareSchema, type XmlExtensionApi } from '../../../src/extension/language/red-hat.ts';
import type { Services } from '../../../src/extension/services.ts';
import { story, until, withSettings } from '../support/harness.ts';
import { tokenizer } from '../support/tokenizer.ts';

const namespace = 'https://afterimage.dev/schema/backup-definition/1';
const guid = '6B1E5C2A-9F3D-4E77-8A10-3C5D7E9F1B24';

const disk: DiskInfo = {
	path: '/dev/nvme0n1',
	kind: 'device',
	number: 0,
	model: 'Samsung 980 PRO',
	serial: 'S1',
	size: 500 * 2 ** 30,
	sectorSize: 512,
	table: 'gpt',
	id: guid,
	readOnly: false,
	removable: false,
	partitions: [
		{
			number: 1,
			start: 1_048_576,
			length: 2 ** 29,
			typeName: 'EFI System',
			name: 'EFI',
			fileSystem: 'FAT32',
			label: 'EFI',
			uuid: '',
			clusterSize: 4096,
			used: 2 ** 25,
			mountedAt: [],
			flags: ['efi'],
			wholeReason: undefined,
		},
	],
	warnings: [],
	needsRights: false,
};

const text = (content: string) =>
	`<?xml version="1.0" encoding="UTF-8"?>\n<backup_definition xmlns="${namespace}">\n${content}</backup_definition>\n`;

const valid = text(`	<name>Home</name>
	<sources>
		<disk signature="${guid}">
			<partition number="1" offset="1048576"/>
		</disk>
	</sources>
	<destination>
		<folder>/srv</folder>
		<filename_template>{COMPUTERNAME}</filename_template>
	</destination>
	<scheduling>
		<schedule backup_type="full">
			<weekly days="monday" time="09:00"/>
		</schedule>
	</scheduling>
`);

let opened = 0;

/** Opens a text as an XML document that is not saved; `|` marks the cursor and is taken out. */
async function open(marked: string): Promise<{ editor: vscode.TextEditor; at: vscode.Position }> {
	const offset = marked.indexOf('|');
	const content = offset < 0 ? marked : marked.slice(0, offset) + marked.slice(offset + 1);
	// VS Code gives the numbers of closed documents anew while it still knows their old text: ours has a name of its own.
	const uri = vscode.Uri.from({ scheme: 'untitled', path: `/language-${process.pid}-${++opened}.xml` });
	const document = await vscode.workspace.openTextDocument(uri);
	const editor = await vscode.window.showTextDocument(document);
	assert.ok(await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), content)));
	assert.equal(document.getText(), content);
	const at = document.positionAt(Math.max(0, offset));
	editor.selection = new vscode.Selection(at, at);
	return { editor, at };
}

/** Takes the place of the engine's list of disks. */
function attach({ trees }: Services, ...disks: readonly DiskInfo[]): void {
	trees.disks.disks = () => Promise.resolve(disks);
	trees.disks.check([]); // tells everybody to look again
}

const diagnosticsOf = (uri: vscode.Uri) =>
	vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'afterimage');
const codesOf = (uri: vscode.Uri) =>
	diagnosticsOf(uri).map(({ code }) => (typeof code === 'object' ? String(code.value) : String(code)));

const ask = <T>(command: string, ...args: unknown[]) => vscode.commands.executeCommand<T>(command, ...args);

async function completions(marked: string, trigger?: string): Promise<vscode.CompletionItem[]> {
	const { editor, at } = await open(marked);
	const list = await ask<vscode.CompletionList>(
		'vscode.executeCompletionItemProvider',
		editor.document.uri,
		at,
		trigger,
	);
	// Words of other documents are no offer of ours.
	return list.items.filter(({ kind }) => kind !== vscode.CompletionItemKind.Text);
}

/** Stands in for the extension redhat.vscode-xml, which needs Java. Gives what takes it away again. */
function standInForRedHat(api: XmlExtensionApi): () => void {
	const extensions = vscode.extensions as { getExtension: (id: string) => unknown };
	const own = extensions.getExtension;
	extensions.getExtension = (id) => (id === 'redhat.vscode-xml' ? { activate: async () => api } : own(id));
	return () => (extensions.getExtension = own);
}

const labelOf = ({ label }: vscode.CompletionItem) => (typeof label === 'string' ? label : label.label);

export function language(): void {
	story('problems appear as one types, with a code and its page, and go when the document is closed', async () => {
		const { editor } = await open(valid);
		const { uri } = editor.document;
		await new Promise((later) => setTimeout(later, 600));
		assert.deepEqual(codesOf(uri), []);
		const place = editor.document.positionAt(valid.indexOf('backup_type="full"') + 'backup_type="'.length);
		await editor.edit((edit) => edit.insert(place, 'x'));
		const [problem] = await until('the problem', () => {
			const found = diagnosticsOf(uri);
			return found.length > 0 ? found : undefined;
		});
		assert.deepEqual(codesOf(uri), ['schema-value']);
		assert.equal(editor.document.getText(problem!.range), 'xfull');
		const page = (problem!.code as { target: vscode.Uri }).target;
		assert.match(readFileSync(page.fsPath, 'utf8'), /schema-value/);
		await vscode.commands.executeCommand('undo');
		await until('its end', () => codesOf(uri).length === 0 || undefined);
		await editor.edit((edit) => edit.insert(editor.document.positionAt(valid.indexOf('</name>')), '<'));
		await until('the broken tag', () => codesOf(uri).includes('xml-malformed') || undefined);
		await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
		await until('no problems of a closed document', () => diagnosticsOf(uri).length === 0 || undefined);
	});

	story('semantic rules know the file and where it lies', async (_, __, folder) => {
		const home = join(folder, 'backups');
		mkdirSync(home);
		const path = join(home, 'any.name');
		writeFileSync(path, valid.replace('/srv', home).replace('COMPUTERNAME', 'COMPUTER'));
		const document = await vscode.workspace.openTextDocument(path);
		await vscode.window.showTextDocument(document);
		await until(
			'the language by the root',
			() => vscode.window.activeTextEditor?.document.languageId === 'xml' || undefined,
		);
		const codes = await until('the problems', () => {
			const found = codesOf(document.uri);
			return found.length > 0 ? found : undefined;
		});
		assert.deepEqual(codes, ['definition-in-destination', 'unknown-parameter']);
	});

	story('other XML is left alone', async () => {
		const { editor } = await open('<html><bo|dy></html>');
		const { uri } = editor.document;
		await new Promise((later) => setTimeout(later, 600));
		assert.deepEqual(diagnosticsOf(uri), []);
		const lenses = await ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 10);
		assert.deepEqual(lenses, []);
		assert.ok(!(await completions('<html><|</html>')).some((item) => labelOf(item) === 'sources'));
	});

	story('completion offers elements, values, parameters, and a whole definition to an empty document', async () => {
		const elements = await completions(text('\t<name>x</name>\n\t<|\n'), '<');
		const sources = elements.find((item) => labelOf(item) === 'sources');
		assert.ok(sources?.insertText instanceof vscode.SnippetString, elements.map(labelOf).join(', '));
		assert.ok(!elements.some((item) => labelOf(item) === 'name'));
		const values = await completions(text('\t<compression_level>|</compression_level>\n'));
		assert.ok(values.some((item) => labelOf(item) === 'high'));
		const parameters = await completions(
			text('\t<destination>\n\t\t<filename_template>{|</filename_template></destination>\n'),
			'{',
		);
		assert.ok(parameters.some((item) => labelOf(item) === '{DATE}'));
		assert.ok((await completions('|')).some((item) => labelOf(item) === 'backup definition'));
	});

	story('completion knows the disks and folders of this computer', async (parts, _, folder) => {
		attach(parts, disk);
		const disks = await completions(text('\t<sources><disk signature="|"/></sources>\n'), '"');
		const item = disks.find((one) => labelOf(one) === 'Disk 0 – Samsung 980 PRO');
		assert.ok(item, disks.map(labelOf).join(', '));
		assert.equal(item.insertText, guid);
		mkdirSync(join(folder, 'inner'));
		const folders = await completions(text(`\t<destination><folder>${folder}/|</folder></destination>\n`), '/');
		assert.ok(
			folders.some((one) => labelOf(one) === join(folder, 'inner')),
			folders.map(labelOf).join(', '),
		);
	});

	story('a chosen element is put in with what it needs, and its tag closes itself', async () => {
		const { editor } = await open(text('\t<des|\n'));
		await vscode.commands.executeCommand('editor.action.triggerSuggest');
		await until('the element', async () => {
			await vscode.commands.executeCommand('acceptSelectedSuggestion'); // nothing while there is no list yet
			return editor.document.getText().includes('<folder></folder>') || undefined;
		});
		const second = await open(text('\t<name|\n'));
		await vscode.commands.executeCommand('type', { text: '>' });
		await until('the end tag', () => second.editor.document.getText().includes('<name></name>') || undefined);
		const between = '\t<name>'.length;
		await until('the cursor between', () => second.editor.selection.active.character === between || undefined);
	});

	story('hover tells the schema and the resolved value', async (parts) => {
		attach(parts, disk);
		const { editor } = await open(valid);
		const said = async (word: string): Promise<string> => {
			const at = editor.document.positionAt(valid.indexOf(word) + 2);
			const hovers = await ask<vscode.Hover[]>('vscode.executeHoverProvider', editor.document.uri, at);
			return hovers
				.flatMap(({ contents }) => contents.map((one) => (typeof one === 'string' ? one : one.value)))
				.join('\n');
		};
		assert.match(await said('filename_template'), /A name of your own[^]*-00-00\.mrimgx/);
		assert.match(await said('schedule backup'), /Next runs:[^]*09:00: full/);
		assert.match(await said('sources>'), /Selected: 1 partition, 32\.00 MB used/);
	});

	story('quick fixes make their problem vanish', async () => {
		const broken = valid
			.replace('<sources>', '<source>')
			.replace('</sources>', '</source>')
			.replace('weekly days="monday"', 'weekly days="Mon"')
			.replace('COMPUTERNAME', 'COMPUTER');
		const { editor } = await open(broken);
		const { document } = editor;
		await until('the problems', () => codesOf(document.uri).length > 1 || undefined);
		for (let round = 0; codesOf(document.uri).length > 0; round++) {
			assert.ok(round < 6, codesOf(document.uri).join(', '));
			const problem = diagnosticsOf(document.uri).at(-1);
			const actions = await ask<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, problem!.range);
			const fix = actions.find(({ isPreferred, edit }) => isPreferred === true && edit !== undefined);
			assert.ok(fix?.edit, `a fix for ${problem!.message}`);
			const before = document.version;
			await vscode.workspace.applyEdit(fix.edit);
			assert.ok(document.version > before);
			await until('the problem to vanish', () => {
				const left = diagnosticsOf(document.uri);
				return !left.some(({ message }) => message === problem!.message) || undefined;
			});
		}
		assert.equal(document.getText(), valid);
	});

	story('outline, folding and highlights', async () => {
		const { editor } = await open(valid);
		const { uri } = editor.document;
		const [root] = await ask<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', uri);
		assert.equal(root!.detail, 'Home');
		assert.deepEqual(
			root!.children.map(({ name }) => name),
			['name', 'sources', 'destination', 'scheduling'],
		);
		assert.equal(root!.children[3]!.children[0]!.detail, 'Full: Monday at 09:00');
		const folds = await ask<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', uri);
		assert.ok(
			folds.some(({ start, end }) => start === 3 && end === 6),
			JSON.stringify(folds),
		);
		const at = editor.document.positionAt(valid.indexOf('<sources') + 2);
		const marks = await ask<vscode.DocumentHighlight[]>('vscode.executeDocumentHighlights', uri, at);
		assert.deepEqual(
			marks.map(({ range }) => editor.document.getText(range)),
			['sources', 'sources'],
		);
	});

	story('formatting keeps comments and is done once', async () => {
		const messy = valid.replace('\t<sources>', '<!-- kept -->  <sources  >').replace('\t\t</disk>', '</disk>');
		const { editor } = await open(messy);
		const options = { insertSpaces: false, tabSize: 4 };
		const { document } = editor;
		const format = async (): Promise<number> => {
			const edits = await ask<vscode.TextEdit[] | undefined>(
				'vscode.executeFormatDocumentProvider',
				document.uri,
				options,
			);
			const change = new vscode.WorkspaceEdit();
			change.set(document.uri, edits ?? []);
			await vscode.workspace.applyEdit(change);
			return edits?.length ?? 0;
		};
		assert.ok((await format()) > 0);
		assert.equal(document.getText(), valid.replace('\t<sources>', '\t<!-- kept -->\n\t<sources>'));
		assert.equal(await format(), 0);
	});

	story('rename changes both tags', async () => {
		const { editor } = await open(valid);
		const { document } = editor;
		const at = document.positionAt(valid.indexOf('</sources') + 4);
		const edit = await ask<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', document.uri, at, 'origins');
		await vscode.workspace.applyEdit(edit);
		assert.equal(document.getText(), valid.replaceAll('sources>', 'origins>'));
	});

	story('links lead to folders, and tags to the schema', async () => {
		const { editor } = await open(valid);
		const { document } = editor;
		const links = await ask<vscode.DocumentLink[]>('vscode.executeLinkProvider', document.uri, 10);
		assert.ok(links.some(({ range }) => document.getText(range) === '/srv'));
		const at = document.positionAt(valid.indexOf('<weekly') + 3);
		const [target] = await ask<vscode.LocationLink[]>('vscode.executeDefinitionProvider', document.uri, at);
		const schema = await vscode.workspace.openTextDocument(target!.targetUri);
		assert.equal(schema.getText(target!.targetSelectionRange), 'weekly');
	});

	story('lenses run, tell the next run and turn schedules off, and can be turned off', async () => {
		const { editor } = await open(valid);
		const { document } = editor;
		const lenses = () => ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 20);
		const found = await lenses();
		const titles = found.map(({ command }) => command!.title.replace(/^\$\(.*?\) /, ''));
		assert.deepEqual(titles.slice(0, 2), ['Run full', 'Run incremental']);
		assert.match(titles[2]!, /^Next: Mon .*09:00 \(full\)$/);
		assert.equal(titles[3], 'Open form');
		assert.equal(found[0]!.command!.command, commands.runFull);
		const off = found.find(({ command }) => command!.title === 'Turn off')!.command!;
		await vscode.commands.executeCommand(off.command, ...(off.arguments as unknown[]));
		assert.ok(document.getText().includes('<schedule backup_type="full" enable="false">'));
		await withSettings({ 'editor.codeLens': false }, async () => assert.deepEqual(await lenses(), []));
	});

	story('inlay hints tell models and sizes, and can be turned off', async (parts) => {
		attach(parts, disk);
		const { editor } = await open(valid);
		const { document } = editor;
		const range = new vscode.Range(0, 0, document.lineCount, 0);
		const hints = () => ask<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, range);
		const labels = (await hints()).map(({ label }) => label);
		assert.deepEqual(labels, ['Samsung 980 PRO', 'EFI, FAT32, 512.00 MB', '1.00 MB']);
		await withSettings({ 'editor.inlayHints': false }, async () => assert.deepEqual(await hints(), []));
	});

	story("what Red Hat's XML extension says as well is not said twice", async () => {
		const { editor } = await open(valid.replace('"full"', '"fulll"').replace('COMPUTERNAME', 'COMPUTER'));
		const { document } = editor;
		await until('both problems', () => codesOf(document.uri).length === 2 || undefined);
		const other = vscode.languages.createDiagnosticCollection('xml');
		try {
			const [value] = diagnosticsOf(document.uri).filter(({ message }) => message.includes('fulll'));
			const theirs = new vscode.Diagnostic(value!.range, 'cvc-enumeration-valid');
			theirs.source = 'xml';
			other.set(document.uri, [theirs]);
			await until('one of them', () => codesOf(document.uri).join() === 'unknown-parameter' || undefined);
			const actions = await ask<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, value!.range);
			assert.ok(actions.some(({ title }) => title === 'Change to full'));
			other.clear();
			await until('both again', () => codesOf(document.uri).length === 2 || undefined);
		} finally {
			other.dispose();
		}
	});

	story("Red Hat's XML extension gets our schema and does the common part", async (parts) => {
		attach(parts, disk);
		const catalogs: string[] = [];
		const leave = standInForRedHat({
			addXMLCatalogs: (added) => catalogs.push(...added),
			removeXMLCatalogs: (removed) => removed.forEach((one) => catalogs.splice(catalogs.indexOf(one), 1)),
		});
		try {
			const sharing = shareSchema(parts.context.extensionPath, (error) => assert.fail(String(error)));
			const [catalog] = await until('the catalog', () => (catalogs.length > 0 ? catalogs : undefined));
			assert.match(readFileSync(catalog!, 'utf8'), new RegExp(`name="${namespace}" uri="./backup-definition.xsd"`));
			sharing.dispose();
			assert.deepEqual(catalogs, []);
			const items = (await completions(text('\t<|\n'), '<')).filter(
				({ kind }) => kind !== vscode.CompletionItemKind.Snippet,
			);
			assert.deepEqual(items.map(labelOf), []);
			const disks = await completions(text('\t<sources><disk signature="|"/></sources>\n'), '"');
			assert.ok(disks.some((one) => labelOf(one) === 'Disk 0 – Samsung 980 PRO'));
			const { editor } = await open(valid);
			const at = editor.document.positionAt(valid.indexOf('filename_template') + 2);
			const hovers = await ask<vscode.Hover[]>('vscode.executeHoverProvider', editor.document.uri, at);
			const said = hovers.flatMap(({ contents }) => contents.map((one) => (one as vscode.MarkdownString).value)).join();
			assert.match(said, /^The next full backup would be/);
		} finally {
			leave();
		}
	});

	test('parameters, times and sizes have colours of their own, in our documents only', async () => {
		const scopes = await tokenizer();
		const ours = scopes(valid);
		assert.match(ours, /^COMPUTERNAME .*variable\.parameter\.afterimage/m);
		assert.match(ours, /^09:00 .*constant\.numeric\.time\.afterimage/m);
		assert.match(ours, /^1048576 .*constant\.numeric\.integer\.afterimage/m);
		assert.match(ours, /^schedule .*entity\.name\.tag/m);
		assert.doesNotMatch(scopes('<a time="09:00">{DATE}</a>\n'), /afterimage/);
		const after = scopes(`${valid}<!-- {DATE} -->\n`);
		assert.doesNotMatch(after.slice(after.indexOf('<!--')), /afterimage/);
	});
}
