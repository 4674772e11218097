import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { story } from '../../support/harness.ts';
import { ask, open, valid } from './documents.ts';

export function editing(): void {
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
}
