import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { isAfterimageError } from '../../../base/errors.ts';
import type { FilePlace } from '../../../protocol/files.ts';
import { nameOf } from '../../browse/address.ts';
import { placeUri } from '../../browse/file-item.ts';
import type { Services } from '../../services.ts';
import { pointName } from '../../views/present.ts';

/** Shows a file beside the one at its place in the backup that its own stands on. */
export async function compareWithPrevious({ files, trees, ui }: Services, place: FilePlace): Promise<void> {
	const { file } = await trees.backups.find(place.image);
	if (file.parent === undefined) {
		void ui.tell('info', vscode.l10n.t('A full backup that begins its set has none before it to compare with.'));
		return;
	}
	const before = { ...place, image: join(dirname(place.image), file.parent) };
	try {
		const { kind } = await (await files()).stat(before);
		if (kind === 'file') {
			const { file: parent } = await trees.backups.find(before.image);
			const title = `${nameOf(place.path)} (${pointName(parent)} ↔ ${pointName(file)})`;
			return await showDifference(placeUri(before), placeUri(place), title);
		}
	} catch (error) {
		// The same code as for a file that is not there is given for a backup that is not.
		if (!isAfterimageError(error, 'source-missing') || !existsSync(before.image)) throw error;
	}
	void ui.tell('info', vscode.l10n.t('{0} has no file {1}.', file.parent, `/${place.path}`));
}

/** Shows a file beside one of this computer. */
export async function compareWithDisk({ trees, ui }: Services, place: FilePlace): Promise<void> {
	const [other] = await ui.openDialog({
		title: vscode.l10n.t('Compare {0} with which file?', nameOf(place.path)),
		openLabel: vscode.l10n.t('Compare'),
	});
	if (other === undefined) return;
	const { file } = await trees.backups.find(place.image);
	const title = `${nameOf(place.path)} (${pointName(file)} ↔ ${other.fsPath})`;
	await showDifference(placeUri(place), other, title);
}

function showDifference(left: vscode.Uri, right: vscode.Uri, title: string): Thenable<void> {
	return vscode.commands.executeCommand('vscode.diff', left, right, title);
}
