import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { textsElement } from './texts.ts';

/** Options of every webview: scripts of our own bundle, resources from there alone. */
export function webviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
	return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist', 'webview')] };
}

/**
 * The page of one app of `webview/`: its bundle, its translations as data, a nonce for that script alone, no inline script, nothing from elsewhere.
 * Styles stand in the elements' shadow roots, which needs `unsafe-inline` for styles and nothing else.
 */
export function pageOf(webview: vscode.Webview, extensionUri: vscode.Uri, app: string, title: string): string {
	const nonce = randomBytes(18).toString('base64url');
	const script = webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview', `${app}.js`)).toString();
	const policy = [
		`default-src 'none'`,
		`script-src 'nonce-${nonce}'`,
		`style-src ${webview.cspSource} 'unsafe-inline'`,
		`font-src ${webview.cspSource}`,
		`img-src ${webview.cspSource} data:`,
	].join('; ');
	return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
</head>
<body>
<afterimage-${app}></afterimage-${app}>
${textsElement(vscode.l10n.bundle)}
<script type="module" nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
