import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { AfterimageError } from '../../../base/errors.ts';
import type { BackupDefinition } from '../../../definition/model.ts';
import type { DefinitionFile } from '../../definitions/definition-file.ts';
import { commands } from '../../ids.ts';
import { slugOf } from '../../schedule/program.ts';
import { powerShellScript, shellScript } from '../../schedule/scripts.ts';
import { runLink, shortcutFile } from '../../schedule/shortcut.ts';
import type { Services } from '../../services.ts';
import { chooseDefinition, type DefinitionArgument } from '../definitions/choose-definition.ts';
import { installSchedules } from './install-schedules.ts';
import { programOf } from './program-of.ts';
import type { Actions } from '../register.ts';

/** Commands that take a definition out of VS Code: shortcuts, scripts, schedules of the system. */
export function scheduleCommands(services: Services) {
	const on =
		(action: (file: DefinitionFile, definition: BackupDefinition) => Promise<unknown>) =>
		async (argument: DefinitionArgument) => {
			const file = await chooseDefinition(services, argument);
			if (file === undefined) return undefined;
			if (file.definition === undefined || file.problem !== undefined) {
				throw new AfterimageError('invalid-definition', `${file.path}: ${file.problem ?? ''}`);
			}
			return action(file, file.definition);
		};
	return {
		[commands.createShortcut]: on((file) => createShortcut(services, file)),
		[commands.generateScript]: on((file) => generateScript(services, file)),
		[commands.scheduleDefinition]: on((file, definition) => installSchedules(services, file, definition)),
	} satisfies Actions;
}

async function createShortcut({ ui }: Services, file: DefinitionFile): Promise<void> {
	const link = runLink(vscode.env.uriScheme, { definition: file.path, type: 'auto' });
	const { extension, text, executable } = shortcutFile(process.platform, file.name, link);
	const desktop = join(homedir(), 'Desktop');
	const target = await ui.saveDialog({
		title: vscode.l10n.t('Shortcut for {0}', file.name),
		defaultUri: vscode.Uri.file(join(existsSync(desktop) ? desktop : homedir(), `${slugOf(file.name)}.${extension}`)),
		filters: { [vscode.l10n.t('Shortcut')]: [extension] },
	});
	if (target === undefined) return;
	await writeFile(target.fsPath, text);
	if (executable) await chmod(target.fsPath, 0o755);
	void ui.tell('info', vscode.l10n.t('{0} opens VS Code and offers to run {1}.', target.fsPath, file.name));
}

async function generateScript({ context, definitions, ui }: Services, file: DefinitionFile): Promise<void> {
	const shell = { label: vscode.l10n.t('Shell (sh)'), extension: 'sh', make: shellScript };
	const powerShell = { label: 'PowerShell', extension: 'ps1', make: powerShellScript };
	const kinds = process.platform === 'win32' ? [powerShell, shell] : [shell, powerShell];
	const kind = await ui.pick(kinds, { title: vscode.l10n.t('Script for {0}', file.name) });
	if (kind === undefined) return;
	const target = await ui.saveDialog({
		title: vscode.l10n.t('Script for {0}', file.name),
		defaultUri: vscode.Uri.file(join(definitions.folder, `${slugOf(file.name)}.${kind.extension}`)),
		filters: { [kind.label]: [kind.extension] },
	});
	if (target === undefined) return;
	await writeFile(target.fsPath, kind.make(file.name, file.path, programOf({ context })), { mode: 0o700 });
	await vscode.window.showTextDocument(target);
}
