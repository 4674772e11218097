import { mkdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { toErrorRecord, type ErrorRecord } from '../../base/errors.ts';
import type { Destination } from '../../definition/model.ts';
import { definitionFileName, folderObjection, networkObjection } from '../../protocol/save-rules.ts';
import { prepareFolder } from '../definitions/folder.ts';
import { writeNewFile } from '../definitions/write-new-file.ts';
import { isOnNetwork } from './destination-facts.ts';

export interface SaveRefusal {
	readonly field: 'folder' | 'name' | 'document';
	readonly error: ErrorRecord;
}

export interface SaveRequest {
	readonly text: string;
	readonly name: string;
	readonly folder: string;
	/** Where definitions are kept unless the user chooses otherwise. */
	readonly usualFolder: string;
	readonly destination: Destination;
}

/** Writes a new definition to a file of its own; its path, or why it is not kept there. */
export async function saveNewDefinition(request: SaveRequest): Promise<string | SaveRefusal> {
	const { folder, destination, usualFolder } = request;
	const homes = [destination.folder, ...destination.alternativeLocations.folders].filter((one) => one !== undefined);
	const objection = isAbsolute(folder)
		? folderObjection(folder, homes, vscode.l10n.t)
		: vscode.l10n.t('Give the full path of a folder.');
	if (objection !== undefined) return refusal('folder', objection);
	if (await isOnNetwork(folder)) return refusal('folder', networkObjection(vscode.l10n.t));
	try {
		if (folder === usualFolder) prepareFolder(folder);
		else await mkdir(folder, { recursive: true, mode: 0o700 });
		if (!(await stat(folder)).isDirectory()) return refusal('folder', vscode.l10n.t('This is no folder.'));
	} catch (error) {
		return { field: 'folder', error: toErrorRecord(error) };
	}
	const path = join(folder, definitionFileName(request.name));
	try {
		await writeNewFile(path, request.text);
		return path;
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
			return refusal('name', vscode.l10n.t('There is a definition with this name in the folder already: {0}', path));
		}
		return { field: 'folder', error: toErrorRecord(error) };
	}
}

function refusal(field: SaveRefusal['field'], message: string): SaveRefusal {
	return { field, error: { code: 'invalid-argument', message } };
}
