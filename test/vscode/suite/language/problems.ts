import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { story, until } from '../../support/harness.ts';
import { completions, labelOf } from './completions.ts';
import { ask, open, valid } from './documents.ts';
import { codesOf, diagnosticsOf } from './problems-of.ts';

export function problems(): void {
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
}
