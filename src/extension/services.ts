import type * as vscode from 'vscode';
import type { BackedUpFiles } from './browse/backed-up-files.ts';
import type { FilesTree } from './browse/files-tree.ts';
import type { OverdueWatch } from './definitions/overdue-watch.ts';
import type { DefinitionStore } from './definitions/store.ts';
import type { UnsavedDefinitions } from './definitions/unsaved.ts';
import type { VirtualDocuments } from './documents/virtual-documents.ts';
import type { Engines } from './engine/engines.ts';
import type { FileRights } from './rights/file-rights.ts';
import type { JobsModel } from './runs/jobs-model.ts';
import type { Passwords } from './runs/passwords.ts';
import type { Runner } from './runs/runner.ts';
import type { Ui } from './ui.ts';
import type { BackupFilter } from './views/backup-filter.ts';
import type { BackupsTree } from './views/backups-tree.ts';
import type { DefinitionsTree } from './views/definitions-tree.ts';
import type { DisksTree } from './views/disks-tree.ts';
import type { RunsTree } from './views/runs-tree.ts';

/** What the parts of the extension work with: made once by activation, handed to each. */
export interface Services {
	readonly context: vscode.ExtensionContext;
	readonly output: vscode.LogOutputChannel;
	readonly ui: Ui;
	readonly engines: Engines;
	/** Loaded when they are first asked for. */
	readonly rights: () => Promise<FileRights>;
	readonly jobs: JobsModel;
	readonly passwords: Passwords;
	readonly runner: Runner;
	readonly definitions: DefinitionStore;
	readonly overdue: OverdueWatch;
	readonly unsaved: UnsavedDefinitions;
	/** Problems of definitions; who checks a document sets all of its problems. */
	readonly diagnostics: vscode.DiagnosticCollection;
	readonly documents: VirtualDocuments;
	/** Loaded when they are first asked for. */
	readonly files: () => Promise<BackedUpFiles>;
	readonly backupFilter: BackupFilter;
	readonly trees: {
		readonly disks: DisksTree;
		readonly definitions: DefinitionsTree;
		readonly backups: BackupsTree;
		readonly files: FilesTree;
		readonly runs: RunsTree;
	};
}

/** A part that is added beside views and commands: a language, an editor, a page. */
export type Contribution = (services: Services) => vscode.Disposable;
