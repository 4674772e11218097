import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { settings } from '../ids.ts';
import type { DefinitionFile } from './definition-file.ts';
import { definitionsFolder, folderFacts } from './folder.ts';
import { isDefinitionText, sniffLength } from '../../definition/sniff.ts';

/** XML files of a workspace that are looked at, so that a very large one stays quick. */
const maxWorkspaceFiles = 2000;
/** Changes that come in a burst (a checkout, a save) are answered once, in milliseconds. */
const settle = 150;

/** Backup definitions of the definitions folder and of the workspace, watched. Files are read when somebody asks. */
export class DefinitionStore implements vscode.Disposable {
	readonly #changed = new vscode.EventEmitter<void>();
	readonly #subscriptions: vscode.Disposable[] = [];
	#folderWatcher: vscode.Disposable | undefined;
	#timer: NodeJS.Timeout | undefined;
	#files: Promise<readonly DefinitionFile[]> | undefined;
	#watching = false;

	readonly onChanged = this.#changed.event;

	/** Folder in which new definitions are kept; may not be there yet. */
	get folder(): string {
		const setting = vscode.workspace.getConfiguration('afterimage').get<string>(settings.definitionsFolder, '');
		return definitionsFolder(folderFacts(setting));
	}

	/** By origin and name. */
	all(): Promise<readonly DefinitionFile[]> {
		this.#watch();
		this.#files ??= this.#read();
		return this.#files;
	}

	async find(path: string): Promise<DefinitionFile | undefined> {
		return (await this.all()).find((file) => file.path === path);
	}

	/** Reads the files again if they were read; others are told afterwards, so that views keep their items meanwhile. */
	refresh(): void {
		if (this.#files === undefined) return this.#changed.fire();
		const files = this.#read();
		this.#files = files;
		const tell = () => {
			if (this.#files === files) this.#changed.fire();
		};
		files.then(tell, tell);
	}

	dispose(): void {
		clearTimeout(this.#timer);
		this.#folderWatcher?.dispose();
		for (const subscription of this.#subscriptions) subscription.dispose();
		this.#changed.dispose();
	}

	async #read(): Promise<readonly DefinitionFile[]> {
		const inFolder = await xmlFilesIn(this.folder);
		const inWorkspace = (await xmlFilesInWorkspace()).filter((path) => !inFolder.includes(path));
		const read = async (path: string, origin: DefinitionFile['origin']) => {
			if (!(await startsAsDefinition(path))) return undefined;
			const { readDefinitionFile } = await import('./definition-file.ts');
			return readDefinitionFile(path, origin);
		};
		const files = await Promise.all([
			...inFolder.map((path) => read(path, 'folder')),
			...inWorkspace.map((path) => read(path, 'workspace')),
		]);
		return files
			.filter((file) => file !== undefined)
			.sort((a, b) => a.origin.localeCompare(b.origin) || a.name.localeCompare(b.name));
	}

	#watch(): void {
		if (this.#watching) return;
		this.#watching = true;
		this.#subscriptions.push(
			this.#watcher('**/*.xml'),
			vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()),
			vscode.workspace.onDidChangeConfiguration((event) => {
				if (!event.affectsConfiguration(`afterimage.${settings.definitionsFolder}`)) return;
				this.#watchFolder();
				this.refresh();
			}),
		);
		this.#watchFolder();
	}

	#watchFolder(): void {
		this.#folderWatcher?.dispose();
		this.#folderWatcher = this.#watcher(new vscode.RelativePattern(vscode.Uri.file(this.folder), '*.xml'));
	}

	#watcher(pattern: vscode.GlobPattern): vscode.Disposable {
		const watcher = vscode.workspace.createFileSystemWatcher(pattern);
		const soon = () => {
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => this.refresh(), settle);
		};
		watcher.onDidCreate(soon);
		watcher.onDidChange(soon);
		watcher.onDidDelete(soon);
		return watcher;
	}
}

/** Only folders on this computer are searched: for others, such as those of a backup, a search may wait for ever. */
async function xmlFilesInWorkspace(): Promise<string[]> {
	const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
	const found = await Promise.all(
		folders.map((folder) => {
			const pattern = new vscode.RelativePattern(folder, '**/*.xml');
			return vscode.workspace.findFiles(pattern, '**/{node_modules,.git}/**', maxWorkspaceFiles);
		}),
	);
	return [...new Set(found.flat().map((uri) => uri.fsPath))];
}

async function xmlFilesIn(folder: string): Promise<string[]> {
	try {
		const names = await readdir(folder);
		return names.filter((name) => name.toLowerCase().endsWith('.xml')).map((name) => join(folder, name));
	} catch {
		return []; // not there yet: made when the first definition is saved
	}
}

async function startsAsDefinition(path: string): Promise<boolean> {
	try {
		const file = await open(path, 'r');
		try {
			const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffLength), 0, sniffLength, 0);
			return isDefinitionText(buffer.toString('utf8', 0, bytesRead));
		} finally {
			await file.close();
		}
	} catch {
		return false; // gone since it was listed, or unreadable
	}
}
