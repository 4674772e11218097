import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { defaultDefinition } from '../../definition/defaults.ts';
import type { AesType, BackupDefinition, CompressionLevel, Sources } from '../../definition/model.ts';
import { applyTemplate } from '../../definition/plan/templates.ts';
import { definitionTree } from '../../definition/tree.ts';
import { writeDocument } from '../../definition/xml/write.ts';
import { editors, settings } from '../ids.ts';
import type { Services } from '../services.ts';
import { prepareFolder } from './folder.ts';

/** A definition with the defaults of the settings and the plan None: without schedules, but with rules for what is kept. */
export function newDefinition(name: string, sources: Sources): BackupDefinition {
	const configuration = vscode.workspace.getConfiguration('afterimage');
	const blank = applyTemplate(defaultDefinition(), 'none');
	return {
		...blank,
		name,
		sources,
		destination: { ...blank.destination, folder: '' },
		compressionLevel: configuration.get<CompressionLevel>(settings.defaultCompression, 'medium'),
		autoVerify: configuration.get<boolean>(settings.defaultVerify, false),
		encryption: { ...blank.encryption, aesType: configuration.get<AesType>(settings.defaultAes, 'none') },
	};
}

export function definitionText(definition: BackupDefinition): string {
	return writeDocument(definitionTree(definition));
}

/** A path in a folder that no file has yet, made of a name. */
export function freePath(folder: string, name: string): string {
	const safe = name.replace(/[\\/:*?"<>|\p{Cc}]+/gu, '-').trim() || vscode.l10n.t('Backup');
	for (let number = 1; ; number++) {
		const path = join(folder, `${safe}${number === 1 ? '' : ` ${number}`}.xml`);
		if (!existsSync(path)) return path;
	}
}

/** Opens a definition that is not saved yet in the form; saving it puts it into the definitions folder. */
export async function openNewDefinition(
	{ definitions }: Pick<Services, 'definitions'>,
	definition: BackupDefinition,
): Promise<vscode.Uri> {
	prepareFolder(definitions.folder);
	const taken = new Set(vscode.workspace.textDocuments.map((document) => document.uri.toString()));
	let name = definition.name;
	let uri: vscode.Uri;
	for (let number = 2; ; number++) {
		uri = vscode.Uri.file(freePath(definitions.folder, name)).with({ scheme: 'untitled' });
		if (!taken.has(uri.toString())) break;
		name = `${definition.name} ${number}`;
	}
	const document = await vscode.workspace.openTextDocument(uri);
	const edit = new vscode.WorkspaceEdit();
	edit.insert(uri, document.positionAt(0), definitionText({ ...definition, name }));
	await vscode.workspace.applyEdit(edit);
	await vscode.commands.executeCommand('vscode.openWith', uri, editors.definition);
	return uri;
}
