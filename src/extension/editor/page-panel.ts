import * as vscode from 'vscode';
import { toErrorRecord } from '../../base/errors.ts';
import type { Services } from '../services.ts';
import { pageOf, webviewOptions } from '../webview/page.ts';

/** What a page does with the messages of its webview. */
export interface PageBehaviour<ToHost> {
	readonly check: (value: unknown, path: string) => ToHost;
	readonly act: (message: ToHost) => Promise<void> | void;
	/** Ends what the page has begun, when its tab is closed. */
	readonly dispose?: () => void;
}

export interface PanelOptions {
	readonly viewType: string;
	/** Folder of `webview/`. */
	readonly app: string;
	readonly title: string;
}

/** A tab with a page of our own; `given` is one that VS Code brings back after a reload. */
export function openPanel<ToHost, FromHost>(
	{ context, output, ui }: Services,
	{ viewType, app, title }: PanelOptions,
	behave: (post: (message: FromHost) => void, panel: vscode.WebviewPanel) => PageBehaviour<ToHost>,
	given?: vscode.WebviewPanel,
): vscode.WebviewPanel {
	const options = webviewOptions(context.extensionUri);
	const panel = given ?? vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active, options);
	panel.title = title;
	panel.webview.options = options;
	// The icon of a tab takes no colour from the theme.
	const icon = (theme: string) => vscode.Uri.joinPath(context.extensionUri, 'resources', `page-${theme}.svg`);
	panel.iconPath = { light: icon('light'), dark: icon('dark') };
	const page = behave((message) => void panel.webview.postMessage(message), panel);
	const fail = (error: unknown) => {
		const record = toErrorRecord(error);
		output.error(`${title}: ${record.message}`);
		void ui.tell('error', record.message);
	};
	panel.webview.onDidReceiveMessage((raw: unknown) => {
		let message: ToHost;
		try {
			message = page.check(raw, 'message');
		} catch (error) {
			output.warn(`${title}: ${toErrorRecord(error).message}`);
			return;
		}
		Promise.resolve(page.act(message)).catch(fail);
	});
	panel.onDidDispose(() => page.dispose?.());
	panel.webview.html = pageOf(panel.webview, context.extensionUri, app, title);
	return panel;
}
