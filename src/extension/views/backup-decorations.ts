import * as vscode from 'vscode';
import { backupScheme } from './backup-items.ts';

/** Marks files of the view Existing Backups that are damaged or incomplete. */
export function registerBackupDecorations(): vscode.Disposable {
	return vscode.window.registerFileDecorationProvider({
		provideFileDecoration(uri) {
			if (uri.scheme !== backupScheme || uri.query !== 'broken') return undefined;
			const mark = new vscode.FileDecoration(
				'!',
				vscode.l10n.t('Damaged or incomplete'),
				new vscode.ThemeColor('list.errorForeground'),
			);
			mark.propagate = false;
			return mark;
		},
	});
}
