import { hostname } from 'node:os';
import * as vscode from 'vscode';
import type { Sources } from '../../definition/model.ts';
import { newDefinition, openNewDefinition } from '../definitions/new-definition.ts';
import { sourcesOf, type DiskSelection } from '../definitions/sources.ts';
import { commands, settings } from '../ids.ts';
import type { Services } from '../services.ts';
import type { DiskNode } from '../views/disks-tree.ts';
import type { Actions } from './register.ts';

/** Commands of the view Local Disks. */
export function diskCommands(services: Services) {
	const { trees, ui } = services;
	const open = (name: string, sources: Sources) => openNewDefinition(services, newDefinition(name, sources));
	return {
		[commands.refreshDisks]: () => trees.disks.refresh(),
		[commands.listDisksElevated]: () => trees.disks.refresh(true),
		[commands.addDiskFile]: (uri?: vscode.Uri) => addDiskFile(services, uri),
		[commands.removeDiskFile]: async (node: DiskNode) => {
			await setDiskFiles(diskFiles().filter((path) => path !== node.disk.path));
		},
		[commands.imageSelectedDisks]: async () => {
			await trees.disks.disks();
			const selections = trees.disks.selection();
			if (selections.length === 0) {
				void ui.tell('info', vscode.l10n.t('Select disks or partitions in the view Local Disks first.'));
				return;
			}
			await open(nameOf(selections), sourcesOf(selections));
		},
		[commands.imageSystemPartitions]: () =>
			open(vscode.l10n.t('System of {0}', hostname()), { bootPartitions: true, disks: [], rawFiles: [] }),
		[commands.imageDisk]: ({ disk }: DiskNode) => {
			const selections = [{ disk, partitions: disk.partitions }];
			return open(nameOf(selections), sourcesOf(selections));
		},
		[commands.imagePartition]: (node: DiskNode) => {
			if (node.kind !== 'partition') return undefined;
			const selections = [{ disk: node.disk, partitions: [node.partition] }];
			return open(nameOf(selections), sourcesOf(selections, true));
		},
		[commands.newImage]: () => open(vscode.l10n.t('New image'), { bootPartitions: false, disks: [], rawFiles: [] }),
	} satisfies Actions;
}

/** A name for a new definition: the label of a single partition, else the disk's model or file. */
export function nameOf(selections: readonly DiskSelection[]): string {
	const [only] = selections;
	if (only === undefined || selections.length > 1) return vscode.l10n.t('Disks of {0}', hostname());
	const [partition] = only.partitions;
	const label = only.partitions.length === 1 ? partition!.label || partition!.name : '';
	if (label !== '') return label;
	if (only.disk.kind === 'device' && only.disk.model !== '') return only.disk.model.trim();
	return only.disk.path.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
}

function diskFiles(): readonly string[] {
	return vscode.workspace.getConfiguration('afterimage').get<string[]>(settings.diskFiles, []);
}

async function setDiskFiles(paths: readonly string[]): Promise<void> {
	await vscode.workspace
		.getConfiguration('afterimage')
		.update(settings.diskFiles, [...new Set(paths)], vscode.ConfigurationTarget.Global);
}

async function addDiskFile({ ui }: Services, uri: vscode.Uri | undefined): Promise<void> {
	const chosen =
		uri !== undefined
			? [uri]
			: await ui.openDialog({
					title: vscode.l10n.t('Add a raw disk file'),
					openLabel: vscode.l10n.t('Add'),
					canSelectMany: true,
					filters: {
						[vscode.l10n.t('Raw disk files')]: ['img', 'raw', 'dd', 'bin', 'iso'],
						[vscode.l10n.t('All files')]: ['*'],
					},
				});
	if (chosen.length > 0) await setDiskFiles([...diskFiles(), ...chosen.map(({ fsPath }) => fsPath)]);
}
