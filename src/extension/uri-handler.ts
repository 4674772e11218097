import * as vscode from 'vscode';
import { toErrorRecord } from '../base/errors.ts';
import { runDefinition } from './commands/definitions/run-definition.ts';
import { readDefinitionFile } from './definitions/definition-file.ts';
import { showError } from './runs/runner.ts';
import { parseRunLink } from './schedule/shortcut.ts';
import type { Services } from './services.ts';

/**
 * Links `vscode://afterimage.afterimage/run?definition=…&type=…`, as desktop shortcuts have them. Any page and program can
 * open a link, so nothing runs before the user has read what it would do and agreed.
 */
export async function handleUri(services: Services, uri: vscode.Uri): Promise<void> {
	const { ui } = services;
	const link = parseRunLink(uri.path, uri.query);
	if (link === undefined) {
		void ui.tell('error', vscode.l10n.t('This link says nothing that Afterimage can do.'));
		return;
	}
	try {
		const file = await readDefinitionFile(link.definition, 'folder');
		if (file.definition === undefined) {
			void ui.tell(
				'error',
				vscode.l10n.t('{0} is no definition that can be run: {1}', link.definition, file.problem ?? ''),
			);
			return;
		}
		const types = {
			auto: vscode.l10n.t('Incremental where a matching set exists, else full'),
			full: vscode.l10n.t('Full'),
			inc: vscode.l10n.t('Incremental'),
			diff: vscode.l10n.t('Differential'),
		};
		const detail = vscode.l10n.t(
			'A link asks for this backup.\nDefinition: {0}\nDestination: {1}\nType: {2}',
			file.path,
			file.definition.destination.folder ?? '',
			types[link.type],
		);
		const run = vscode.l10n.t('Run Backup');
		if (await ui.confirm(vscode.l10n.t('Run the backup {0}?', file.name), detail, run)) {
			await runDefinition(services, file, link.type);
		}
	} catch (error) {
		showError(ui, toErrorRecord(error));
	}
}
