import * as vscode from 'vscode';
import type { FilePlace } from '../../../protocol/files.ts';
import { parseAddress, imageScheme } from '../../browse/address.ts';
import type { FileNode } from '../../browse/file-node.ts';

/** What a command on files of a backup is called on: an item of the view, or one of the explorer. */
export type FileArgument = FileNode | vscode.Uri | undefined;

/** The places that are meant: those selected, when what was clicked is one of several. */
export function chosenPlaces(argument: FileArgument, selected?: readonly (FileNode | vscode.Uri)[]): FilePlace[] {
	const all = selected !== undefined && selected.length > 1 ? selected : [argument];
	return all.flatMap((one) => placeOf(one) ?? []);
}

function placeOf(argument: FileArgument): FilePlace | undefined {
	if (argument instanceof vscode.Uri) {
		const address = argument.scheme === imageScheme ? parseAddress(argument) : undefined;
		return address?.kind === 'place' ? address.place : undefined;
	}
	return argument === undefined || argument.kind === 'problem' ? undefined : argument.place;
}
