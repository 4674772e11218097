import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { BackupDefinition } from '../../../definition/model.ts';
import type { JobInfo, JobRequest } from '../../../protocol/jobs.ts';
import { problemsOf } from '../../definitions/check-definition.ts';
import type { DefinitionFile } from '../../definitions/definition-file.ts';
import { commands } from '../../ids.ts';
import { rightsOfDefinition } from '../../rights/needed-rights.ts';
import { openPathsOf } from '../../rights/definition-permissions.ts';
import { opensExisting } from '../../runs/open-existing.ts';
import type { RunOptions } from '../../runs/runner.ts';
import type { Services } from '../../services.ts';

export type RequestedType = (JobRequest & { kind: 'backup' })['type'];

/**
 * Runs a definition once it is sure that it may: the workspace is trusted, the document is saved and valid, and nobody
 * else may write it or its scripts. Settles with the ended job, undefined when none was started.
 */
export async function runDefinition(
	services: Services,
	file: DefinitionFile,
	type: RequestedType,
): Promise<JobInfo | undefined> {
	const { ui, runner } = services;
	if (!vscode.workspace.isTrusted) return runner.refuseRestricted();
	await saveOpen(file.path);
	const problems = await problemsOf(file.path);
	const first = problems.find((problem) => problem.severity === 'error');
	const { definition } = file;
	if (first !== undefined || definition === undefined) {
		const show = vscode.l10n.t('Show It');
		const text = vscode.l10n.t(
			'{0} is not valid and does not run: {1}',
			basename(file.path),
			first?.wording(vscode.l10n.t) ?? file.problem ?? '',
		);
		if ((await ui.tell('error', text, show)) === show)
			await vscode.commands.executeCommand(commands.validateDefinition, file.path);
		return undefined;
	}
	if (!(await mayBeTrusted(services, file.path, definition))) return undefined;
	return runner.run(
		{ kind: 'backup', definition: file.path, type },
		{ rights: rightsOfDefinition(definition), ...passwordOf(services, file.path, definition) },
	);
}

/** What is run is what stands in the editor. */
async function saveOpen(path: string): Promise<void> {
	const document = vscode.workspace.textDocuments.find((one) => one.uri.scheme === 'file' && one.uri.fsPath === path);
	if (document?.isDirty === true) await document.save();
}

function passwordOf({ engines }: Services, path: string, definition: BackupDefinition): Omit<RunOptions, 'rights'> {
	const { name, encryption } = definition;
	if (encryption.aesType === 'none') return {};
	// Where the environment or a file has the password, the engine reads it.
	const asks = encryption.passwordSource === 'prompt' || encryption.passwordSource === 'secret_storage';
	return {
		password: { key: encryption.passwordName ?? path, what: name },
		passwordNeeded: asks,
		opens: async (password) => opensExisting(await engines.get('user'), definition, password),
	};
}

/** Refuses a definition or a script that others may write, and offers to take that right from them. */
async function mayBeTrusted({ rights, ui }: Services, path: string, definition: BackupDefinition): Promise<boolean> {
	const open = await openPathsOf(await rights(), path, definition);
	if (open.length === 0) return true;
	const fix = vscode.l10n.t('Restrict Permissions');
	const text = vscode.l10n.t(
		'{0} is not run, since others could change what it does: {1}',
		basename(path),
		open.map(({ path: where, reason }) => `${where} (${reason})`).join('; '),
	);
	if ((await ui.tell('error', text, fix)) !== fix) return false;
	await (await rights()).restrict(open);
	return true;
}
