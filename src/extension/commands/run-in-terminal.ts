import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { programOf } from './schedules/program-of.ts';

/** Runs the command line as a task: its arguments are words, whatever the shell, and its terminal stays when it fails. */
export async function runInTerminal(services: Services, name: string, args: readonly string[]): Promise<void> {
	if (!vscode.workspace.isTrusted) return services.runner.refuseRestricted();
	const { runtime, script, electron } = programOf(services);
	const execution = new vscode.ProcessExecution(runtime, [script, ...args], {
		// Without it VS Code takes that of the workspace, and starts nothing where there is none.
		cwd: homedir(),
		...(electron ? { env: { ELECTRON_RUN_AS_NODE: '1' } } : {}),
	});
	const task = new vscode.Task({ type: 'process' }, vscode.TaskScope.Workspace, name, 'Afterimage', execution);
	task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, panel: vscode.TaskPanelKind.New, focus: true };
	await vscode.tasks.executeTask(task);
}
