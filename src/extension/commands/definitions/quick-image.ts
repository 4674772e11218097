import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { applyTemplate, planTemplates, type TemplateId } from '../../../definition/plan/templates.ts';
import type { DiskInfo, PartitionInfo } from '../../../protocol/disks.ts';
import { readDefinitionFile } from '../../definitions/definition-file.ts';
import { prepareFolder } from '../../definitions/folder.ts';
import { definitionText, freePath, newDefinition } from '../../definitions/new-definition.ts';
import { partitionHolding, sourcesOf, type DiskSelection } from '../../definitions/sources.ts';
import { offerSchedules } from '../../editor/offer-schedules.ts';
import { commands } from '../../ids.ts';
import { formatBytes } from '../../l10n.ts';
import type { Services } from '../../services.ts';
import { runSteps, type Step } from '../../steps.ts';
import type { Ui } from '../../ui.ts';
import { backupFolders } from '../../views/backup-folders.ts';
import { diskLabel, partitionDescription, partitionLabel } from '../../views/present.ts';
import { nameOf } from '../disk-commands.ts';
import { runDefinition } from './run-definition.ts';

interface Answers {
	selections: readonly DiskSelection[];
	folder: string;
	template: TemplateId;
	name: string;
	finish: 'save' | 'both' | 'form';
}

interface PartitionItem extends vscode.QuickPickItem {
	readonly disk: DiskInfo;
	readonly partition: PartitionInfo;
}

const totalSteps = 5;

/** The Image Wizard as a series of questions, for people who want no form. */
export async function quickImage(services: Services): Promise<void> {
	const { definitions, trees, ui } = services;
	const disks = await trees.disks.disks();
	const folders = await backupFolders(definitions);
	const answers: Answers = {
		selections: trees.disks.selection(),
		folder: folders[0] ?? '',
		template: 'none',
		name: '',
		finish: 'both',
	};
	const title = vscode.l10n.t('Quick Image');
	const frame = (step: number) => ({ title, step, totalSteps });
	const steps: Step[] = [
		(step) => askSources(ui, frame(step), disks, answers),
		(step) => askFolder(ui, frame(step), disks, folders, answers),
		(step) => askTemplate(ui, frame(step), answers),
		(step) => askName(ui, frame(step), answers),
		(step) => askFinish(ui, frame(step), answers),
	];
	if (await runSteps(steps)) await finish(services, answers);
}

interface Frame {
	readonly title: string;
	readonly step: number;
	readonly totalSteps: number;
}

async function askSources(ui: Ui, frame: Frame, disks: readonly DiskInfo[], answers: Answers) {
	const items: PartitionItem[] = disks.flatMap((disk) =>
		disk.partitions.map((partition) => ({
			label: partitionLabel(partition),
			description: partitionDescription(partition),
			// A raw file goes by the last part of its path.
			detail: [...(disk.kind === 'file' ? [] : [diskLabel(disk)]), disk.path, formatBytes(disk.size)].join(' · '),
			disk,
			partition,
		})),
	);
	const chosen = items.filter(({ disk, partition }) =>
		answers.selections.some((one) => one.disk === disk && one.partitions.includes(partition)),
	);
	const answer = await ui.stepPick({
		...frame,
		placeholder: vscode.l10n.t('Which partitions are imaged?'),
		items,
		many: true,
		chosen,
	});
	if (answer.kind !== 'answer') return answer.kind;
	answers.selections = disks
		.map((disk) => ({
			disk,
			partitions: answer.value.filter((item) => item.disk === disk).map(({ partition }) => partition),
		}))
		.filter(({ partitions }) => partitions.length > 0);
	if (answers.name === '') answers.name = nameOf(answers.selections);
	return answer.kind;
}

async function askFolder(
	ui: Ui,
	frame: Frame,
	disks: readonly DiskInfo[],
	folders: readonly string[],
	answers: Answers,
) {
	for (;;) {
		const browse = { label: vscode.l10n.t('$(folder-opened) Browse…'), folder: undefined };
		const items = [...folders.map((folder) => ({ label: folder, folder })), browse];
		const answer = await ui.stepPick<vscode.QuickPickItem & { folder: string | undefined }>({
			...frame,
			placeholder: vscode.l10n.t('Where do the images go?'),
			items,
			chosen: items.filter(({ folder }) => folder === answers.folder),
		});
		if (answer.kind !== 'answer') return answer.kind;
		const folder = answer.value[0]!.folder ?? (await browseFolder(ui));
		if (folder === undefined) continue;
		const holder = partitionHolding(folder, disks, process.platform !== 'linux');
		const isImaged = answers.selections.some(
			({ disk, partitions }) => disk === holder?.disk && partitions.includes(holder.partition),
		);
		if (!isImaged) {
			answers.folder = folder;
			return answer.kind;
		}
		const text = vscode.l10n.t(
			'{0} is on {1}, which is imaged. Choose a folder on another partition.',
			folder,
			partitionLabel(holder!.partition),
		);
		void ui.tell('error', text);
	}
}

async function browseFolder(ui: Ui): Promise<string | undefined> {
	const [uri] = await ui.openDialog({
		title: vscode.l10n.t('Where do the images go?'),
		openLabel: vscode.l10n.t('Choose'),
		canSelectFiles: false,
		canSelectFolders: true,
	});
	return uri?.fsPath;
}

async function askTemplate(ui: Ui, frame: Frame, answers: Answers) {
	const items = planTemplates.map(({ id, title, summary }) => ({
		label: title(vscode.l10n.t),
		detail: summary(vscode.l10n.t),
		id,
	}));
	const answer = await ui.stepPick({
		...frame,
		placeholder: vscode.l10n.t('Which plan? It can be changed later.'),
		items,
		chosen: items.filter(({ id }) => id === answers.template),
	});
	if (answer.kind === 'answer') answers.template = answer.value[0]!.id;
	return answer.kind;
}

async function askName(ui: Ui, frame: Frame, answers: Answers) {
	const answer = await ui.stepInput({
		...frame,
		prompt: vscode.l10n.t('A meaningful name for this definition'),
		value: answers.name,
		validate: (text) => (text.trim() === '' ? vscode.l10n.t('A definition needs a name') : undefined),
	});
	if (answer.kind === 'answer') answers.name = answer.value.trim();
	return answer.kind;
}

async function askFinish(ui: Ui, frame: Frame, answers: Answers) {
	const items: (vscode.QuickPickItem & { finish: Answers['finish'] })[] = [
		{
			finish: 'both',
			label: vscode.l10n.t('Save and Run Now'),
			detail: vscode.l10n.t('Keeps the definition, for incrementals and schedules, and makes the first backup'),
		},
		{ finish: 'save', label: vscode.l10n.t('Save'), detail: vscode.l10n.t('Keeps the definition') },
		{
			finish: 'form',
			label: vscode.l10n.t('Save and Open the Form'),
			detail: vscode.l10n.t('To look at everything else that can be chosen'),
		},
	];
	const answer = await ui.stepPick({ ...frame, placeholder: vscode.l10n.t('What now?'), items });
	if (answer.kind === 'answer') answers.finish = answer.value[0]!.finish;
	return answer.kind;
}

async function finish(services: Services, { selections, folder, template, name, finish: how }: Answers): Promise<void> {
	const { definitions } = services;
	const blank = newDefinition(name, sourcesOf(selections));
	const definition = applyTemplate({ ...blank, destination: { ...blank.destination, folder } }, template);
	prepareFolder(definitions.folder);
	const path = freePath(definitions.folder, name);
	await writeFile(path, definitionText(definition), { mode: 0o600 });
	definitions.refresh();
	if (how !== 'form') void offerSchedules(services.ui, { path, name }, definition.scheduling, undefined);
	if (how === 'form') await vscode.commands.executeCommand(commands.editAsForm, path);
	if (how === 'both') await runDefinition(services, await readDefinitionFile(path, 'folder'), 'full');
}
