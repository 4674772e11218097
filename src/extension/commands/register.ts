import * as vscode from 'vscode';
import { isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import { showError } from '../runs/runner.ts';
import type { Services } from '../services.ts';

/** What a command does, with the arguments that its menus give it. */
export type Action = (...args: never[]) => unknown;
export type Actions = Readonly<Record<string, Action>>;

/** Registers a command whose failure is shown to the user and written to the output channel. */
export function registerCommand(
	{ ui, output }: Pick<Services, 'ui' | 'output'>,
	id: string,
	action: Action,
): vscode.Disposable {
	return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
		try {
			return await action(...(args as never[]));
		} catch (error) {
			if (isAfterimageError(error, 'cancelled')) return undefined;
			const record = toErrorRecord(error);
			output.error(`${id}: ${record.message}`, error instanceof Error ? (error.stack ?? '') : '');
			showError(ui, record);
			return undefined;
		}
	});
}
