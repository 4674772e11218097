import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { programOf } from '../commands/schedules/program-of.ts';
import { taskType } from '../ids.ts';
import { backupArguments } from '../schedule/program.ts';
import type { Services } from '../services.ts';

interface BackupTaskDefinition extends vscode.TaskDefinition {
	readonly definition: string;
	readonly backup?: 'full' | 'inc' | 'diff' | 'auto';
}

/** A task for each definition of the workspace. */
export async function backupTasks(services: Services): Promise<vscode.Task[]> {
	const files = await services.definitions.all();
	return files.flatMap((file) => {
		const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file.path));
		if (file.origin !== 'workspace' || folder === undefined || file.definition === undefined) return [];
		const definition = vscode.workspace.asRelativePath(file.path, false);
		return [taskOf(services, { type: taskType, definition }, folder, file.name)];
	});
}

/** What a task of `tasks.json` runs; undefined when there is no folder that its path could be in. */
export function resolvedTask(services: Services, task: vscode.Task): vscode.Task | undefined {
	const definition = task.definition as BackupTaskDefinition;
	const folder = typeof task.scope === 'object' ? task.scope : vscode.workspace.workspaceFolders?.[0];
	// The definition must be the same object, or VS Code does not know the task again.
	return folder === undefined && !isAbsolute(definition.definition)
		? undefined
		: taskOf(services, definition, folder, task.name || definition.definition);
}

function taskOf(
	services: Services,
	definition: BackupTaskDefinition,
	folder: vscode.WorkspaceFolder | undefined,
	name: string,
): vscode.Task {
	const program = programOf(services);
	const path = isAbsolute(definition.definition)
		? definition.definition
		: join(folder!.uri.fsPath, definition.definition);
	const execution = new vscode.ProcessExecution(
		program.runtime,
		[...backupArguments(program, path, definition.backup ?? 'auto')],
		program.electron ? { env: { ELECTRON_RUN_AS_NODE: '1' } } : {},
	);
	const task = new vscode.Task(
		definition,
		folder ?? vscode.TaskScope.Workspace,
		name,
		'afterimage',
		execution,
		'$afterimage',
	);
	task.detail = vscode.l10n.t('Back up as {0} says', definition.definition);
	task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, panel: vscode.TaskPanelKind.Dedicated };
	return task;
}
