import * as vscode from 'vscode';
import { checkText } from '../../definitions/check-definition.ts';
import type { DefinitionFile } from '../../definitions/definition-file.ts';

/** Opens the text of a definition at the first error in it, or at its beginning where there is none by now. */
export async function openAtError({ path }: DefinitionFile): Promise<void> {
	const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
	const problems = checkText(document.getText(), { definitionPath: path });
	const { start, end } = problems.find(({ severity }) => severity === 'error') ?? { start: 0, end: 0 };
	const selection = new vscode.Range(document.positionAt(start), document.positionAt(end));
	await vscode.window.showTextDocument(document, { selection });
}
