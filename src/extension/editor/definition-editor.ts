import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { editors } from '../ids.ts';
import { pageOf, webviewOptions } from '../webview/page.ts';

/** The form of a backup definition as a custom editor over its XML: two views of one document. */
export function registerDefinitionEditor(services: Services): vscode.Disposable {
	const { extensionUri } = services.context;
	const provider: vscode.CustomTextEditorProvider = {
		async resolveCustomTextEditor(document, panel, token) {
			const { DefinitionForm } = await import('./definition-form.ts');
			if (token.isCancellationRequested) return;
			panel.webview.options = webviewOptions(extensionUri);
			const form = new DefinitionForm(services, document, panel);
			panel.onDidDispose(() => form.dispose());
			panel.webview.html = pageOf(panel.webview, extensionUri, 'definition', vscode.l10n.t('Disk Image'));
		},
	};
	return vscode.window.registerCustomEditorProvider(editors.definition, provider, {
		supportsMultipleEditorsPerDocument: true,
	});
}
