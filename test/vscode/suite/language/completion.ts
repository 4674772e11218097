import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { story, until } from '../../support/harness.ts';
import { completions, labelOf } from './completions.ts';
import { attach, disk, guid, open, text } from './documents.ts';

export function completion(): void {
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
}
