import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import { lazily } from '../lazily.ts';
import type { Services } from '../services.ts';
import { registerCommand } from './register.ts';

/** Registers every command of the manifest. What they do is loaded when the first of them runs. */
export function registerCommands(services: Services): vscode.Disposable {
	const actions = lazily(async () => (await import('./actions.ts')).actionsOf(services));
	return vscode.Disposable.from(
		...Object.values(commands).map((id) =>
			registerCommand(services, id, async (...args: never[]) => (await actions())[id](...args)),
		),
	);
}
