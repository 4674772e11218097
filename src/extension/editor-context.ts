import * as vscode from 'vscode';
import { isDefinitionText, sniffLength } from '../definition/sniff.ts';

/** Keeps the context key `afterimage.isDefinition`, by which menus know that the active text editor has a definition. */
export function watchActiveEditor(): vscode.Disposable {
	let last: boolean | undefined;
	const look = (editor: vscode.TextEditor | undefined) => {
		const document = editor?.document;
		const is =
			document?.languageId === 'xml' &&
			isDefinitionText(document.getText(new vscode.Range(0, 0, document.positionAt(sniffLength).line + 1, 0)));
		if (is === last) return;
		last = is;
		void vscode.commands.executeCommand('setContext', 'afterimage.isDefinition', is);
	};
	look(vscode.window.activeTextEditor);
	return vscode.Disposable.from(
		vscode.window.onDidChangeActiveTextEditor(look),
		vscode.workspace.onDidChangeTextDocument(({ document }) => {
			const editor = vscode.window.activeTextEditor;
			if (editor?.document === document) look(editor);
		}),
	);
}
