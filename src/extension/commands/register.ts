import * as vscode from 'vscode';
import { isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import { showError } from '../runs/runner.ts';
import type { Services } from '../services.ts';

/** Registers a command whose failure is shown to the user and written to the output channel. */
export function registerCommand<A extends unknown[]>(
	{ ui, output }: Pick<Services, 'ui' | 'output'>,
	id: string,
	action: (...args: A) => unknown,
): vscode.Disposable {
	return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
		try {
			return await action(...(args as A));
		} catch (error) {
			if (isAfterimageError(error, 'cancelled')) return undefined;
			const record = toErrorRecord(error);
			output.error(`${id}: ${record.message}`, error instanceof Error ? (error.stack ?? '') : '');
			showError(ui, record);
			return undefined;
		}
	});
}
