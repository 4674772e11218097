import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { Scheduling } from '../../definition/model.ts';
import { commands } from '../ids.ts';
import { enabledSchedules } from '../schedule/program.ts';
import { rootRunsEarlier } from '../schedule/state.ts';
import type { Ui } from '../ui.ts';

/**
 * Says of a definition that was saved that its schedules start nothing before a scheduler has them, and offers to install
 * them; says nothing where that was to be known already. Root runs a copy of the definition, which any change leaves behind.
 * @param before as it was saved before; undefined for a new definition
 */
export async function offerSchedules(
	ui: Pick<Ui, 'tell'>,
	{ path, name }: { readonly path: string; readonly name: string },
	scheduling: Scheduling,
	before: Scheduling | undefined,
): Promise<void> {
	const inForce = [scheduling, before].flatMap((one) => enabledSchedules(one?.schedules ?? []));
	if (inForce.length === 0) return;
	const same = isDeepStrictEqual(scheduling, before);
	if (same && !(await rootRunsEarlier(path))) return;
	const text = same
		? vscode.l10n.t('Root runs {0} as it was before this change, until its schedules are installed again.', name)
		: before === undefined
			? vscode.l10n.t('{0} does not run by itself yet: its schedules are not installed.', name)
			: vscode.l10n.t(
					'The schedules of {0} have changed. What is installed runs as before until they are installed again.',
					name,
				);
	const install = vscode.l10n.t('Install Schedules…');
	if ((await ui.tell('info', text, install)) === install)
		await vscode.commands.executeCommand(commands.scheduleDefinition, path);
}
