import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { AfterimageError, isAfterimageError, toErrorRecord, type ErrorRecord } from '../../base/errors.ts';
import { localZone } from '../../base/local-zone.ts';
import type { JobInfo } from '../../protocol/jobs.ts';
import type { RestoreChoice, RestorePreview } from '../../protocol/restore.ts';
import { checkRestoreMessage } from '../../protocol/restore-page-checks.ts';
import type { HostToRestore, RestoreRequest, RestoreToHost } from '../../protocol/restore-page.ts';
import { inspect } from '../commands/backups/inspect-image.ts';
import type { ChosenBackup } from '../commands/backups/choose-backup.ts';
import { commands, editors, settings } from '../ids.ts';
import { rightsOfTarget } from '../rights/needed-rights.ts';
import { withPassword } from '../runs/with-password.ts';
import type { Services } from '../services.ts';
import { openPanel } from './page-panel.ts';

/** Opens the page that restores a point of a backup set. */
export function openRestorePage(services: Services, chosen: ChosenBackup, given?: vscode.WebviewPanel): void {
	const title = vscode.l10n.t('Restore {0}', chosen.set.imageId);
	const options = { viewType: editors.restore, app: 'restore', title };
	openPanel<RestoreToHost, HostToRestore>(
		services,
		options,
		(post, panel) => {
			const page = new RestorePage(services, chosen, post, panel);
			return { check: checkRestoreMessage, act: (message) => page.act(message), dispose: () => page.dispose() };
		},
		given,
	);
}

class RestorePage {
	readonly #services: Services;
	readonly #chosen: ChosenBackup;
	readonly #post: (message: HostToRestore) => void;
	readonly #panel: vscode.WebviewPanel;
	readonly #subscriptions: vscode.Disposable[];
	/** Raw files that were named as targets. */
	readonly #files = new Set<string>();
	/** What runs now, until its job is known, and the job. */
	#running: { readonly request: RestoreRequest; job: string | undefined } | undefined;
	#lastJob: string | undefined;

	constructor(
		services: Services,
		chosen: ChosenBackup,
		post: (message: HostToRestore) => void,
		panel: vscode.WebviewPanel,
	) {
		this.#services = services;
		this.#chosen = chosen;
		this.#post = post;
		this.#panel = panel;
		this.#subscriptions = [
			services.jobs.onChanged((job) => this.#follow(job)),
			vscode.workspace.onDidGrantWorkspaceTrust(() => this.#sendSet(chosen.file.path)),
		];
	}

	dispose(): void {
		for (const subscription of this.#subscriptions) subscription.dispose();
	}

	async act(message: RestoreToHost): Promise<void> {
		switch (message.type) {
			case 'ready':
				return this.#open(message.file ?? this.#chosen.file.path, message.target);
			case 'choose-point':
				return this.#sendImage(message.file);
			case 'list-disks':
				return this.#listDisks(message.elevated);
			case 'browse':
				return this.#browse(message.create);
			case 'check':
				return this.#check(message.id, message.choice);
			case 'start':
				return this.#start(message.request);
			case 'cancel-run':
				if (this.#running?.job !== undefined) await this.#services.jobs.cancel(this.#running.job);
				return;
			case 'open-log':
				if (this.#lastJob !== undefined) {
					await vscode.commands.executeCommand(commands.openLog, { kind: 'job', id: this.#lastJob });
				}
				return;
			case 'close':
				return void this.#panel.dispose();
		}
	}

	/** @param target what was chosen before a reload; a raw file has to be named to the engine to be listed */
	async #open(file: string, target: string | undefined): Promise<void> {
		if (target !== undefined && isFile(target)) this.#files.add(target);
		const job = this.#running?.job;
		this.#sendSet(file);
		if (job !== undefined) this.#post({ type: 'progress', progress: this.#services.jobs.get(job)?.progress });
		return this.#sendImage(file);
	}

	#sendSet(file: string): void {
		this.#post({
			type: 'set',
			set: this.#chosen.set,
			file,
			trusted: vscode.workspace.isTrusted,
			timeZone: localZone(),
		});
	}

	async #sendImage(file: string): Promise<void> {
		try {
			this.#checkMember(file);
			this.#post({ type: 'image', file, info: await inspect(this.#services, file), error: undefined });
		} catch (error) {
			this.#post({ type: 'image', file, info: undefined, error: toErrorRecord(error) });
		}
	}

	/** The page restores points of its own set and nothing else. */
	#checkMember(file: string): void {
		if (this.#chosen.set.files.some(({ path }) => path === file)) return;
		throw new AfterimageError('invalid-argument', `${file} is no point of backup set ${this.#chosen.set.imageId}`);
	}

	async #listDisks(elevated: boolean): Promise<void> {
		const { engines } = this.#services;
		const rights = elevated || engines.elevated ? 'elevated' : 'user';
		const added = vscode.workspace.getConfiguration('afterimage').get<string[]>(settings.diskFiles, []);
		const files = [...new Set([...added, ...this.#files])].filter((path) => existsSync(path));
		try {
			const disks = await (await engines.get(rights)).request('disks/list', { files });
			this.#post({ type: 'disks', disks, elevated: rights === 'elevated', error: undefined });
		} catch (error) {
			// Who does not want to give more rights keeps the list that is there.
			if (isAfterimageError(error, 'cancelled')) return;
			this.#post({ type: 'disks', disks: [], elevated: false, error: toErrorRecord(error) });
		}
	}

	async #browse(create: boolean): Promise<void> {
		const { ui } = this.#services;
		const chosen = create
			? await ui.saveDialog({
					title: vscode.l10n.t('Restore to a new raw file'),
					saveLabel: vscode.l10n.t('Choose'),
					filters: { [vscode.l10n.t('Raw disk files')]: ['img', 'raw'] },
				})
			: (await ui.openDialog({ title: vscode.l10n.t('Restore to a raw file'), openLabel: vscode.l10n.t('Choose') }))[0];
		if (chosen === undefined) return;
		const path = chosen.fsPath;
		this.#files.add(path);
		const exists = existsSync(path);
		if (exists) await this.#listDisks(false);
		this.#post({ type: 'browsed', path, exists });
	}

	/** What a restore would do; asks for rights and password as the restore does. */
	async #check(id: number, choice: RestoreChoice): Promise<void> {
		const { engines, passwords } = this.#services;
		const answer = (preview: RestorePreview | undefined, error?: ErrorRecord) =>
			this.#post({ type: 'checked', id, preview, error });
		try {
			this.#checkMember(choice.file);
			const engine = await engines.get(rightsOfTarget(choice.target));
			const image = async () => ({ key: this.#chosen.set.imageId, what: basename(choice.file) });
			const preview = await withPassword(passwords, image, (password) =>
				engine.request('restore/preview', { choice, ...password }),
			);
			answer(preview);
		} catch (error) {
			// Who does not want to give more rights has refused nothing else.
			answer(undefined, isAfterimageError(error, 'cancelled') ? undefined : toErrorRecord(error));
		}
	}

	async #start(request: RestoreRequest): Promise<void> {
		if (this.#running !== undefined) return;
		this.#checkMember(request.file);
		this.#running = { request, job: undefined };
		const file = this.#chosen.set.files.find(({ path }) => path === request.file)!;
		let ended: JobInfo | undefined;
		try {
			ended = await this.#services.runner.run(request, {
				rights: rightsOfTarget(request.target),
				password: file.encrypted ? { key: this.#chosen.set.imageId, what: file.name } : undefined,
				passwordNeeded: file.encrypted,
			});
		} finally {
			this.#running = undefined;
			this.#lastJob = ended?.id ?? this.#lastJob;
			this.#post({ type: 'ended', result: ended?.result });
		}
		this.#files.add(request.target);
		await this.#listDisks(false);
		await this.#services.trees.disks.refresh();
	}

	#follow(job: JobInfo): void {
		const running = this.#running;
		if (running === undefined || job.request.kind !== 'restore' || job.result !== undefined) return;
		if (job.request.target !== running.request.target || job.request.file !== running.request.file) return;
		running.job = job.id;
		this.#post({ type: 'progress', progress: job.progress });
	}
}

function isFile(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
