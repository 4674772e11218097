import { existsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import { localZone } from '../../base/local-zone.ts';
import { readDefinition } from '../../definition/read.ts';
import { parseXml } from '../../definition/xml/parse.ts';
import { checkFormMessage } from '../../protocol/definition-form-checks.ts';
import type { FolderPurpose, FormToHost, HostToForm } from '../../protocol/definition-form.ts';
import type { DiskInfo } from '../../protocol/disks.ts';
import { readDefinitionFile } from '../definitions/definition-file.ts';
import { commands, settings } from '../ids.ts';
import { alsoShow } from '../views/backup-folders.ts';
import type { Services } from '../services.ts';
import { createDestination, destinationFacts } from './destination-facts.ts';
import { offerSchedules } from './offer-schedules.ts';
import { saveNewDefinition } from './save-definition.ts';

/** One open form: answers its page, and keeps it and the document the same. */
export class DefinitionForm implements vscode.Disposable {
	readonly #services: Services;
	readonly #document: vscode.TextDocument;
	readonly #panel: vscode.WebviewPanel;
	readonly #subscriptions: vscode.Disposable[];
	readonly #firstVersion: number;
	#disks: Promise<readonly DiskInfo[]> = Promise.resolve([]);
	/** Edits are made one after the other, in the order in which they came. */
	#editing: Promise<unknown> = Promise.resolve();

	constructor(services: Services, document: vscode.TextDocument, panel: vscode.WebviewPanel) {
		this.#services = services;
		this.#document = document;
		this.#panel = panel;
		this.#firstVersion = document.version;
		this.#subscriptions = [
			panel.webview.onDidReceiveMessage((message) => this.#receive(message)),
			vscode.workspace.onDidChangeTextDocument((event) => {
				if (event.document === document && event.contentChanges.length > 0) this.#sendDocument();
			}),
			vscode.workspace.onDidGrantWorkspaceTrust(() => this.#sendDocument()),
		];
	}

	dispose(): void {
		for (const subscription of this.#subscriptions) subscription.dispose();
	}

	#receive(raw: unknown): void {
		let message: FormToHost;
		try {
			message = checkFormMessage(raw, 'message');
		} catch (error) {
			this.#services.output.warn(`Form of ${this.#document.uri.fsPath}: ${toErrorRecord(error).message}`);
			return;
		}
		this.#act(message).catch((error: unknown) => {
			const record = toErrorRecord(error);
			this.#services.output.error(`Form of ${this.#document.uri.fsPath}: ${record.message}`);
			void this.#services.ui.tell('error', record.message);
		});
	}

	async #act(message: FormToHost): Promise<void> {
		switch (message.type) {
			case 'ready':
				return this.#sendDocument();
			case 'edit':
				this.#editing = this.#editing.then(() => this.#edit(message));
				return void (await this.#editing);
			case 'list-disks':
				return this.#listDisks(message.elevated);
			case 'browse':
				return this.#browse(message.purpose, message.index, message.current);
			case 'check-destination':
				return this.#checkDestination(message.folder);
			case 'create-folder':
				await createDestination(message.folder);
				return this.#checkDestination(message.folder);
			case 'finish':
				return this.#finish(message);
			case 'cancel':
				return this.#cancel();
			case 'open-text':
				return this.#openText(message.offset);
		}
	}

	#post(message: HostToForm): void {
		void this.#panel.webview.postMessage(message);
	}

	#sendDocument(): void {
		this.#post({
			type: 'document',
			text: this.#document.getText(),
			version: this.#document.version,
			name: basename(this.#document.uri.fsPath),
			untitled: this.#document.isUntitled,
			definitionsFolder: this.#services.definitions.folder,
			computerName: hostname(),
			userName: userInfo().username,
			timeZone: localZone(),
			platform: process.platform,
			product: (this.#services.context.extension.packageJSON as { version: string }).version,
			trusted: vscode.workspace.isTrusted,
		});
	}

	async #edit({ id, version, edits }: Extract<FormToHost, { type: 'edit' }>): Promise<void> {
		const document = this.#document;
		let accepted = version === document.version;
		if (accepted) {
			const change = new vscode.WorkspaceEdit();
			for (const { start, end, text } of edits) {
				change.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
			}
			accepted = await vscode.workspace.applyEdit(change);
		}
		if (!accepted) this.#sendDocument();
		this.#post({ type: 'edited', id, accepted });
	}

	async #listDisks(elevated: boolean): Promise<void> {
		const { engines } = this.#services;
		const rights = elevated || engines.elevated ? 'elevated' : 'user';
		const added = vscode.workspace.getConfiguration('afterimage').get<string[]>(settings.diskFiles, []);
		const { sources } = this.#definition();
		const files = [...new Set([...added, ...sources.rawFiles.map(({ path }) => path)])].filter((path) =>
			existsSync(path),
		);
		const listing = engines.get(rights).then((engine) => engine.request('disks/list', { files }));
		try {
			const disks = await listing;
			this.#disks = listing;
			this.#post({ type: 'disks', disks, elevated: rights === 'elevated', error: undefined });
			await this.#checkDestinations();
		} catch (error) {
			// Who does not want to give more rights keeps the list that is there.
			if (isAfterimageError(error, 'cancelled')) return;
			this.#post({ type: 'disks', disks: [], elevated: false, error: toErrorRecord(error) });
		}
	}

	/** Where a folder stands is known better once the disks are. */
	async #checkDestinations(): Promise<void> {
		const { folder, alternativeLocations } = this.#definition().destination;
		for (const one of [folder, ...alternativeLocations.folders]) {
			if (one !== undefined && one !== '') await this.#checkDestination(one);
		}
	}

	async #checkDestination(folder: string): Promise<void> {
		const disks = await this.#disks;
		const bare = await destinationFacts(folder, disks, undefined);
		this.#post({ type: 'destination', facts: bare });
		if (!bare.exists) return;
		const engine = await this.#services.engines.get('user');
		const images = await engine.request('folder/list', { folder }).catch(() => undefined);
		if (images !== undefined && images.sets.length > 0) {
			this.#post({ type: 'destination', facts: await destinationFacts(folder, disks, images) });
		}
	}

	async #browse(purpose: FolderPurpose, index: number, current: string): Promise<void> {
		const folders = purpose === 'destination' || purpose === 'alternative' || purpose === 'definition';
		const start = existsSync(current) ? current : dirname(current);
		const [chosen] = await this.#services.ui.openDialog({
			canSelectFolders: folders,
			canSelectFiles: !folders,
			canSelectMany: false,
			openLabel: vscode.l10n.t('Choose'),
			...(start !== '.' && existsSync(start) ? { defaultUri: vscode.Uri.file(start) } : {}),
		});
		if (chosen !== undefined) this.#post({ type: 'browsed', purpose, index, path: chosen.fsPath });
	}

	async #finish({ runNow, save }: Extract<FormToHost, { type: 'finish' }>): Promise<void> {
		const isNew = this.#document.isUntitled;
		const { destination, name, scheduling } = this.#definition();
		const { folder } = destination;
		const before = isNew ? undefined : (await readDefinitionFile(this.#document.uri.fsPath, 'workspace')).definition;
		const path = isNew ? await this.#saveNew(save) : await this.#saveOld();
		if (path === undefined) return;
		await this.#close();
		this.#services.definitions.refresh();
		if (!isNew || save !== undefined) {
			void offerSchedules(this.#services.ui, { path, name: save?.name ?? name }, scheduling, before?.scheduling);
		}
		try {
			if (runNow) await vscode.commands.executeCommand(commands.runFull, path);
		} finally {
			await this.#services.unsaved.remove(path);
			// No definition is left to show where its images lie.
			if (isNew && save === undefined && folder !== undefined) await alsoShow(this.#services.definitions, folder);
		}
	}

	/** What is run but not kept as a definition lies among the extension's own files until its run has ended. */
	async #saveNew(save: Extract<FormToHost, { type: 'finish' }>['save']): Promise<string | undefined> {
		const { name, destination } = this.#definition();
		const saved = await saveNewDefinition({
			text: this.#document.getText(),
			name: save?.name ?? name,
			folder: save?.folder ?? this.#services.unsaved.newFolder(),
			usualFolder: this.#services.definitions.folder,
			destination,
		});
		if (typeof saved === 'string') return saved;
		this.#post({ type: 'refused', ...saved });
		return undefined;
	}

	async #saveOld(): Promise<string | undefined> {
		if (!this.#document.isDirty || (await this.#document.save())) return this.#document.uri.fsPath;
		const message = vscode.l10n.t('{0} could not be saved.', basename(this.#document.uri.fsPath));
		this.#post({ type: 'refused', field: 'document', error: { code: 'write-error', message } });
		return undefined;
	}

	async #cancel(): Promise<void> {
		const changed = this.#document.isUntitled ? this.#document.version > this.#firstVersion : this.#document.isDirty;
		if (changed) {
			const title = this.#document.isUntitled
				? vscode.l10n.t('Discard this new definition?')
				: vscode.l10n.t('Discard the changes to this definition?');
			const detail = vscode.l10n.t('What was entered since it was last saved is lost.');
			if (!(await this.#services.ui.confirm(title, detail, vscode.l10n.t('Discard')))) return;
		}
		await this.#close();
	}

	/** Closes the form without a question; what was not saved is dropped. */
	async #close(): Promise<void> {
		this.#panel.reveal();
		await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
	}

	async #openText(offset: number): Promise<void> {
		const at = this.#document.positionAt(offset);
		await vscode.window.showTextDocument(this.#document, {
			selection: new vscode.Range(at, at),
			viewColumn: vscode.ViewColumn.Beside,
		});
	}

	#definition() {
		return readDefinition(parseXml(this.#document.getText())).definition;
	}
}
