import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Services } from '../../../../src/extension/services.ts';
import type { DiskInfo } from '../../../../src/protocol/disks.ts';

export const namespace = 'https://afterimage.dev/schema/backup-definition/1';
export const guid = '6B1E5C2A-9F3D-4E77-8A10-3C5D7E9F1B24';

/** A disk that {@link valid} is about. */
export const disk: DiskInfo = {
	path: '/dev/nvme0n1',
	kind: 'device',
	number: 0,
	model: 'Samsung 980 PRO',
	serial: 'S1',
	size: 500 * 2 ** 30,
	sectorSize: 512,
	table: 'gpt',
	id: guid,
	readOnly: false,
	removable: false,
	partitions: [
		{
			number: 1,
			start: 1_048_576,
			length: 2 ** 29,
			typeName: 'EFI System',
			name: 'EFI',
			fileSystem: 'FAT32',
			label: 'EFI',
			uuid: '',
			identity: '',
			clusterSize: 4096,
			used: 2 ** 25,
			mountedAt: [],
			flags: ['efi'],
			wholeReason: undefined,
		},
	],
	warnings: [],
	needsRights: false,
};

/** A definition of these elements. */
export const text = (content: string) =>
	`<?xml version="1.0" encoding="UTF-8"?>\n<backup_definition xmlns="${namespace}">\n${content}</backup_definition>\n`;

/** A definition without problems. */
export const valid = text(`	<name>Home</name>
	<sources>
		<disk signature="${guid}">
			<partition number="1" offset="1048576"/>
		</disk>
	</sources>
	<destination>
		<folder>/srv</folder>
		<filename_template>{COMPUTERNAME}</filename_template>
	</destination>
	<scheduling>
		<schedule backup_type="full">
			<weekly days="monday" time="09:00"/>
		</schedule>
	</scheduling>
`);

let opened = 0;

/** Opens a text as an XML document that is not saved; `|` marks the cursor and is taken out. */
export async function open(marked: string): Promise<{ editor: vscode.TextEditor; at: vscode.Position }> {
	const offset = marked.indexOf('|');
	const content = offset < 0 ? marked : marked.slice(0, offset) + marked.slice(offset + 1);
	// VS Code gives the numbers of closed documents anew while it still knows their old text: ours has a name of its own.
	const uri = vscode.Uri.from({ scheme: 'untitled', path: `/language-${process.pid}-${++opened}.xml` });
	const document = await vscode.workspace.openTextDocument(uri);
	const editor = await vscode.window.showTextDocument(document);
	assert.ok(await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), content)));
	assert.equal(document.getText(), content);
	const at = document.positionAt(Math.max(0, offset));
	editor.selection = new vscode.Selection(at, at);
	return { editor, at };
}

/** Takes the place of the engine's list of disks. */
export function attach({ trees }: Services, ...disks: readonly DiskInfo[]): void {
	trees.disks.disks = () => Promise.resolve(disks);
	trees.disks.check([]); // tells everybody to look again
}

/** Runs a command of VS Code. */
export const ask = <T>(command: string, ...args: unknown[]) => vscode.commands.executeCommand<T>(command, ...args);

/** What hovering over the beginning of a word says. */
export async function hover(document: vscode.TextDocument, word: string): Promise<string> {
	const at = document.positionAt(document.getText().indexOf(word) + 2);
	const hovers = await ask<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at);
	return hovers
		.flatMap(({ contents }) => contents.map((one) => (typeof one === 'string' ? one : one.value)))
		.join('\n');
}
