import * as vscode from 'vscode';
import { translator } from '../base/l10n.ts';
import type { JobInfo } from '../protocol/jobs.ts';
import { FilesTree } from './browse/files-tree.ts';
import { registerBrowse } from './browse/register-browse.ts';
import { registerCommands } from './commands/register-commands.ts';
import { contributions } from './contributions.ts';
import { OverdueWatch } from './definitions/overdue-watch.ts';
import { DefinitionStore } from './definitions/store.ts';
import { unsavedDefinitions } from './definitions/unsaved.ts';
import { registerMadeDocuments } from './documents/made-documents.ts';
import { VirtualDocuments } from './documents/virtual-documents.ts';
import { watchActiveEditor } from './editor-context.ts';
import { Engines } from './engine/engines.ts';
import { useTranslator } from './l10n.ts';
import { lazily } from './lazily.ts';
import { JobsModel } from './runs/jobs-model.ts';
import { Passwords } from './runs/passwords.ts';
import { Runner } from './runs/runner.ts';
import type { Services } from './services.ts';
import { registerTasks } from './tasks/task-provider.ts';
import { createUi } from './ui.ts';
import { backupFolders } from './views/backup-folders.ts';
import { BackupFilter } from './views/backup-filter.ts';
import { BackupsTree } from './views/backups-tree.ts';
import { createViews } from './views/create-views.ts';
import { DefinitionsTree } from './views/definitions-tree.ts';
import { DisksTree } from './views/disks-tree.ts';
import { RunsTree } from './views/runs-tree.ts';

/** Composes the extension. Starts no engine and reads no disk: that waits until a view is seen or a command runs. */
export function activate(context: vscode.ExtensionContext): Services | undefined {
	// VS Code's own function logs a warning for each text that it lacks: in a language without ours, for all of an outline.
	useTranslator(translator(vscode.l10n.bundle ?? {}), vscode.env.language);
	const services = createServices(context);
	context.subscriptions.push(
		createViews(services),
		registerBrowse(services),
		registerCommands(services),
		registerMadeDocuments(services),
		registerTasks(services),
		watchActiveEditor(),
		vscode.window.registerUriHandler({
			handleUri: async (uri) => (await import('./uri-handler.ts')).handleUri(services, uri),
		}),
		services.jobs.onFound((job) => void takeOver(services, job)),
		...contributions.map((contribute) => contribute(services)),
	);
	void services.engines.reattach();
	services.unsaved.sweep().catch((error: unknown) => services.output.warn(String(error)));
	// Tests in the extension host work with the parts themselves.
	return context.extensionMode === vscode.ExtensionMode.Test ? services : undefined;
}

/** Follows a run that the window before began, to its end. */
async function takeOver({ runner, unsaved }: Services, job: JobInfo): Promise<void> {
	await runner.takeOver(job);
	if (job.request.kind === 'backup') await unsaved.remove(job.request.definition);
}

function createServices(context: vscode.ExtensionContext): Services {
	const keep = <T extends vscode.Disposable>(part: T): T => {
		context.subscriptions.push(part);
		return part;
	};
	const ui = createUi();
	const output = keep(vscode.window.createOutputChannel('Afterimage', { log: true }));
	const engines = keep(new Engines(context, output, ui));
	const rights = lazily(async () => {
		if (process.platform !== 'win32') return (await import('./rights/posix-rights.ts')).posixRights;
		return (await import('./rights/windows-rights.ts')).windowsRights(() => engines.get('user'));
	});
	const jobs = keep(new JobsModel(engines));
	const passwords = new Passwords(context, ui);
	const runner = new Runner(jobs, passwords, ui);
	const definitions = keep(new DefinitionStore());
	const overdue = keep(new OverdueWatch(definitions, engines));
	const unsaved = unsavedDefinitions(context.globalStorageUri.fsPath);
	const diagnostics = keep(vscode.languages.createDiagnosticCollection('afterimage'));
	const documents = keep(new VirtualDocuments());
	const backupFilter = keep(new BackupFilter(context.workspaceState));
	const backups = keep(new BackupsTree(engines, () => backupFolders(definitions), backupFilter));
	const files = lazily(async () => {
		const { BackedUpFiles } = await import('./browse/backed-up-files.ts');
		const imageId = async (image: string) => (await backups.find(image)).set.imageId;
		return new BackedUpFiles({ engine: () => engines.get('user'), passwords, imageId });
	});
	const trees = {
		disks: keep(new DisksTree(engines)),
		definitions: keep(new DefinitionsTree(definitions, overdue)),
		backups,
		files: keep(new FilesTree(files)),
		runs: keep(new RunsTree(jobs)),
	};
	return {
		context,
		output,
		ui,
		engines,
		rights,
		jobs,
		passwords,
		runner,
		definitions,
		overdue,
		unsaved,
		diagnostics,
		documents,
		files,
		backupFilter,
		trees,
	};
}
