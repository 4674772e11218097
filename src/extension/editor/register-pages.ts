import * as vscode from 'vscode';
import type { ChosenBackup } from '../commands/backups/choose-backup.ts';
import { editors } from '../ids.ts';
import type { Services } from '../services.ts';

type Open = (services: Services, chosen: ChosenBackup, given?: vscode.WebviewPanel) => void;

/** Brings back the pages that were open before a reload. */
export function registerPages(services: Services): vscode.Disposable {
	return vscode.Disposable.from(
		bringBack(services, editors.properties, async () => (await import('./properties-page.ts')).openPropertiesPage),
		bringBack(services, editors.restore, async () => (await import('./restore-page.ts')).openRestorePage),
	);
}

function bringBack(services: Services, viewType: string, load: () => Promise<Open>): vscode.Disposable {
	return vscode.window.registerWebviewPanelSerializer(viewType, {
		async deserializeWebviewPanel(panel, state: unknown) {
			const file = fileOf(state);
			try {
				if (file === undefined) throw new Error('The page kept no file');
				const open = await load();
				open(services, await services.trees.backups.find(file), panel);
			} catch (error) {
				// The image is gone since, so that there is nothing to show.
				services.output.info(`${viewType} is not opened again: ${String(error)}`);
				panel.dispose();
			}
		},
	});
}

function fileOf(state: unknown): string | undefined {
	if (typeof state !== 'object' || state === null || !('file' in state)) return undefined;
	return typeof state.file === 'string' ? state.file : undefined;
}
