import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { views } from '../ids.ts';
import { lazily } from '../lazily.ts';
import type { Services } from '../services.ts';
import { imageScheme } from './address.ts';

/** Key for `when` clauses: a backup is browsed. */
const browsing = 'afterimage.browsing';

/** The file system of backups and the view Files in Backup. What reads files is loaded when the first is asked for. */
export function registerBrowse(services: Services): vscode.Disposable {
	return vscode.Disposable.from(registerFileSystem(services), registerView(services), registerDecorations());
}

function registerFileSystem({ files }: Services): vscode.Disposable {
	const readable = lazily(async () => (await import('./image-file-system.ts')).imageFileSystem(await files()));
	const refuse = (uri: vscode.Uri) => {
		throw vscode.FileSystemError.NoPermissions(uri);
	};
	const provider: vscode.FileSystemProvider = {
		// Backups do not change.
		onDidChangeFile: () => new vscode.Disposable(() => undefined),
		watch: () => new vscode.Disposable(() => undefined),
		stat: async (uri) => (await readable()).stat(uri),
		readDirectory: async (uri) => (await readable()).readDirectory(uri),
		readFile: async (uri) => (await readable()).readFile(uri),
		createDirectory: refuse,
		writeFile: refuse,
		delete: refuse,
		rename: refuse,
	};
	return vscode.workspace.registerFileSystemProvider(imageScheme, provider, {
		isCaseSensitive: true,
		isReadonly: new vscode.MarkdownString(vscode.l10n.t('Files of a backup can be read only.')),
	});
}

function registerView({ jobs, trees }: Services): vscode.Disposable {
	const tree = trees.files;
	const view = vscode.window.createTreeView(views.files, {
		treeDataProvider: tree,
		showCollapseAll: true,
		canSelectMany: true,
	});
	const show = () => {
		view.description = tree.browsed?.title ?? '';
		view.message = tree.warnings.join('\n');
		void vscode.commands.executeCommand('setContext', browsing, tree.browsed !== undefined);
	};
	return vscode.Disposable.from(
		view,
		tree.onBrowsed(show),
		jobs.onEnded(() => {
			// It may have been deleted, or merged into another.
			if (tree.browsed !== undefined && !existsSync(tree.browsed.image)) tree.close();
		}),
	);
}

/** Names of what cannot be read are dimmed, those of damaged files have the colour of errors. */
function registerDecorations(): vscode.Disposable {
	const colors = new Map([
		['dimmed', 'disabledForeground'],
		['damaged', 'list.errorForeground'],
	]);
	return vscode.window.registerFileDecorationProvider({
		provideFileDecoration(uri) {
			const color = uri.scheme === imageScheme ? colors.get(uri.query) : undefined;
			if (color === undefined) return undefined;
			const decoration = new vscode.FileDecoration(undefined, undefined, new vscode.ThemeColor(color));
			decoration.propagate = false;
			return decoration;
		},
	});
}
