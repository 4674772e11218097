import * as vscode from 'vscode';
import { settings, taskType } from '../ids.ts';
import type { Services } from '../services.ts';

/** A task for each definition of the workspace, and those that `tasks.json` names: the command line in a terminal. */
export function registerTasks(services: Services): vscode.Disposable {
	return vscode.tasks.registerTaskProvider(taskType, {
		async provideTasks() {
			if (!vscode.workspace.getConfiguration('afterimage').get<boolean>(settings.tasks, true)) return [];
			return (await import('./backup-tasks.ts')).backupTasks(services);
		},
		async resolveTask(task) {
			return (await import('./backup-tasks.ts')).resolvedTask(services, task);
		},
	});
}
