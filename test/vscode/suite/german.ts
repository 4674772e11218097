import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { story, until } from '../support/harness.ts';
import { completions, labelOf } from './language/completions.ts';
import { ask, attach, disk, hover, open, valid } from './language/documents.ts';
import { diagnosticsOf } from './language/problems-of.ts';
import { sharingSchema } from './language/red-hat.ts';

/** What a German VS Code says of the XML of a definition. */
export function german(): void {
	test('this window is German', () => {
		assert.equal(vscode.env.language, 'de');
	});

	story('findings and what mends them', async () => {
		const { editor } = await open(valid.replace('"full"', '"xfull"').replace('{COMPUTERNAME}', '{COMPUTER}'));
		const { uri } = editor.document;
		const found = await until('the problems', () => {
			const problems = diagnosticsOf(uri);
			return problems.length > 1 ? problems : undefined;
		});
		assert.deepEqual(
			found.map(({ message }) => message.replace(/es gibt .*/, 'es gibt …')),
			['{COMPUTER} ist kein Parameter; es gibt …', 'backup_type ist „xfull“; verlangt ist full, diff oder inc.'],
		);
		const actions = await ask<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, found[0]!.range);
		const titles = actions.map(({ title }) => title);
		assert.ok(titles.includes('In {COMPUTERNAME} ändern'), titles.join('\n'));
		await editor.edit((edit) => edit.insert(editor.document.positionAt(valid.indexOf('</name>')), '&'));
		const broken = await until('the broken text', () => {
			const [first] = diagnosticsOf(uri);
			return first?.message.includes('&') === true ? first.message : undefined;
		});
		assert.equal(broken, 'Schreiben Sie &amp; für das Zeichen &; ein & beginnt eine Referenz.');
	});

	story('hovers, with sizes and times', async (parts) => {
		attach(parts, disk);
		const { editor } = await open(valid);
		const said = (word: string) => hover(editor.document, word);
		assert.match(
			await said('filename_template'),
			/Ein eigener Name[^]*Die nächste Vollsicherung hieße `.*-00-00\.mrimgx`/,
		);
		assert.match(await said('schedule backup'), /Nächste Läufe:\n- Mo\.,? .*09:00: Vollsicherung/);
		assert.match(await said('sources>'), /Ausgewählt: 1 Partition, 32,00 MB von 512,00 MB belegt/);
		assert.match(await said('offset='), /1,00 MB = 1\.048\.576 Bytes/);
	});

	story('completions, lenses and the outline', async (parts) => {
		attach(parts, disk);
		const items = await completions(valid.replace('</scheduling>', '<|</scheduling>'));
		const block = items.find((item) => labelOf(item) === 'Zeitplan: täglich');
		assert.equal((block?.documentation as vscode.MarkdownString | undefined)?.value, 'Eine Sicherung an jedem Tag.');
		const element = items.find((item) => labelOf(item) === 'schedule');
		assert.match((element?.documentation as vscode.MarkdownString).value, /^Ein Zeitplan: /);
		const { editor } = await open(valid);
		const { uri } = editor.document;
		const lenses = await ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 10);
		const titles = lenses.map(({ command }) => command?.title).join('\n');
		assert.match(titles, /Als Nächstes: Mo\..* \(Vollsicherung\)/);
		const [root] = await ask<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', uri);
		assert.equal(root!.children[3]!.children[0]!.detail, 'Vollsicherung: Montag um 09:00');
		const whole = new vscode.Range(0, 0, editor.document.lineCount, 0);
		const hints = await ask<vscode.InlayHint[]>('vscode.executeInlayHintProvider', uri, whole);
		assert.ok(hints.some(({ label }) => label === '1,00 MB'));
	});

	story("Red Hat's XML extension gets a German schema", async (parts) => {
		await sharingSchema(parts, (catalog) => {
			assert.match(readFileSync(catalog, 'utf8'), /uri="\.\/backup-definition\.xsd"/);
			const schema = readFileSync(join(dirname(catalog), 'backup-definition.xsd'), 'utf8');
			assert.match(schema, /<xs:documentation>Die Datenträger und Partitionen, die abgebildet werden\.</);
		});
	});
}
