import * as vscode from 'vscode';
import { backupScheme } from './backups-tree.ts';

/** Marks damaged files of the view Existing Backups, so that also a collapsed set shows it. */
export function registerBackupDecorations(): vscode.Disposable {
	return vscode.window.registerFileDecorationProvider({
		provideFileDecoration(uri) {
			if (uri.scheme !== backupScheme || uri.query !== 'damaged') return undefined;
			const mark = new vscode.FileDecoration(
				'!',
				vscode.l10n.t('Damaged'),
				new vscode.ThemeColor('list.errorForeground'),
			);
			mark.propagate = false;
			return mark;
		},
	});
}
