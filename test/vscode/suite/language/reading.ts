import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../../../src/extension/ids.ts';
import { story, withSettings } from '../../support/harness.ts';
import { tokenizer } from '../../support/tokenizer.ts';
import { ask, attach, disk, hover, open, valid } from './documents.ts';

export function reading(): void {
	story('hover tells the schema and the resolved value', async (parts) => {
		attach(parts, disk);
		const { editor } = await open(valid);
		const said = (word: string) => hover(editor.document, word);
		assert.match(await said('filename_template'), /A name of your own[^]*-00-00\.mrimgx/);
		assert.match(await said('schedule backup'), /Next runs:[^]*09:00: full/);
		assert.match(await said('sources>'), /Selected: 1 partition, 32\.00 MB used/);
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
		assert.match(titles[2]!, /^Next: Mon.*09:00 \(full\)$/);
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
