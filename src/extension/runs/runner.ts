import * as vscode from 'vscode';
import { isAfterimageError, toErrorRecord, type ErrorRecord } from '../../base/errors.ts';
import type { JobInfo, JobRequest, JobStart } from '../../protocol/jobs.ts';
import type { Rights } from '../engine/launch-plan.ts';
import { commands, editors, settings } from '../ids.ts';
import type { Ui } from '../ui.ts';
import { percent, progressText } from '../views/present.ts';
import type { JobsModel } from './jobs-model.ts';
import type { Passwords } from './passwords.ts';

export interface RunOptions {
	readonly rights: Rights;
	/**
	 * Under which the password is kept, what it opens in words, and the password itself where it was given before;
	 * undefined when nothing is encrypted as far as is known.
	 */
	readonly password?: { readonly key: string; readonly what: string; readonly known?: string | undefined } | undefined;
	/** Ask before the start, since it is known that one is needed. */
	readonly passwordNeeded?: boolean;
	/** For a job that encrypts: whether a password opens what is there already, see {@link Passwords.choose}. */
	readonly opens?: (password: string) => Promise<boolean | undefined>;
	/** Of several sets, for a job that may be about more than one. */
	readonly passwords?: readonly string[];
}

/** Runs jobs as a person sees them: password when needed, cancellable notification, result with what can be done next. */
export class Runner {
	readonly #jobs: JobsModel;
	readonly #passwords: Passwords;
	readonly #ui: Ui;

	constructor(jobs: JobsModel, passwords: Passwords, ui: Ui) {
		this.#jobs = jobs;
		this.#passwords = passwords;
		this.#ui = ui;
	}

	/** Settles with the ended job; undefined when it was not started (the user cancelled a question, or trust is missing). */
	async run(request: JobRequest, options: RunOptions): Promise<JobInfo | undefined> {
		if (!vscode.workspace.isTrusted) return this.refuseRestricted();
		let password = options.password?.known;
		if (password === undefined && options.passwordNeeded === true && options.password !== undefined) {
			const { key, what } = options.password;
			const { opens } = options;
			password = await (opens === undefined
				? this.#passwords.get(key, what)
				: this.#passwords.choose(key, what, opens));
			if (password === undefined) return undefined;
		}
		for (;;) {
			const { passwords, rights } = options;
			const given = {
				...(password === undefined ? {} : { password }),
				...(passwords === undefined ? {} : { passwords }),
			};
			const ended = await this.#runOnce({ request, ...given }, rights);
			const code = ended?.result?.error?.code;
			if ((code !== 'wrong-password' && code !== 'password-needed') || options.password === undefined) {
				if (ended !== undefined) void this.#tell(ended);
				return ended;
			}
			password = await this.#passwords.get(options.password.key, options.password.what, code === 'wrong-password');
			if (password === undefined) return ended;
		}
	}

	/** Says why nothing runs in a workspace that is not trusted. */
	refuseRestricted(): undefined {
		const manage = vscode.l10n.t('Manage Trust');
		const text = vscode.l10n.t('Nothing is run or restored in Restricted Mode. Trust this workspace first.');
		void this.#ui.tell('warning', text, manage).then((answer) => {
			if (answer === manage) void vscode.commands.executeCommand('workbench.trust.manage');
		});
		return undefined;
	}

	async #runOnce(start: JobStart, rights: Rights): Promise<JobInfo | undefined> {
		let job: JobInfo;
		try {
			job = await this.#jobs.start(start, rights);
		} catch (error) {
			if (!isAfterimageError(error, 'cancelled')) showError(this.#ui, toErrorRecord(error));
			return undefined;
		}
		return this.#follow(job);
	}

	/** Shows the progress of a job that the window before began, and how it ended. */
	async takeOver(job: JobInfo): Promise<void> {
		await this.#tell(await this.#follow(job));
	}

	/**
	 * A page in front has its buttons where notifications come: there the status bar shows how far the job is, where it may
	 * be cancelled in the view Runs, and the page itself if the job is its own.
	 */
	#follow(job: JobInfo): Promise<JobInfo> {
		const statusBar = vscode.workspace.getConfiguration('afterimage').get<boolean>(settings.statusBar, true);
		if (statusBar && isPageInFront()) return this.#jobs.whenEnded(job.id);
		return this.#ui.progress(job.title, async (report, token) => {
			token.onCancellationRequested(() => void this.#jobs.cancel(job.id));
			let shown = 0;
			const subscription = this.#jobs.onChanged((changed) => {
				if (changed.id !== job.id || changed.progress === undefined) return;
				const now = percent(changed.progress);
				report.report({ message: progressText(changed.progress), increment: Math.max(0, now - shown) });
				shown = Math.max(shown, now);
			});
			try {
				return await this.#jobs.whenEnded(job.id);
			} finally {
				subscription.dispose();
			}
		});
	}

	async #tell(job: JobInfo): Promise<void> {
		const result = job.result!;
		const level = vscode.workspace.getConfiguration('afterimage').get<string>(settings.notifications, 'all');
		const problem = result.outcome === 'failed' || result.outcome === 'warning';
		// Who cancels knows it, but not always what that leaves behind.
		const leaves = result.outcome === 'cancelled' && result.error?.advice !== undefined;
		if (level === 'none' || (!problem && !leaves && (level === 'problems' || result.outcome === 'cancelled'))) return;
		const openLog = vscode.l10n.t('Open Log');
		const verify = vscode.l10n.t('Verify');
		const reveal = vscode.l10n.t('Reveal');
		const openFolder = vscode.l10n.t('Open Folder');
		const file = result.files.at(-1);
		const actions = [
			openLog,
			...(file !== undefined && job.request.kind === 'backup' && !problem ? [verify, reveal] : []),
			...(file !== undefined && job.request.kind === 'extract' ? [openFolder] : []),
		];
		const text = [`${job.title}: ${result.summary}`, result.error?.advice]
			.filter((part) => part !== undefined)
			.join(' — ');
		const seriousness = { failed: 'error', cancelled: 'warning', warning: 'warning', success: 'info' } as const;
		const answer = await this.#ui.tell(seriousness[result.outcome], text, ...actions);
		if (answer === openLog) await vscode.commands.executeCommand(commands.openLog, { kind: 'job', id: job.id });
		if (answer === verify) await vscode.commands.executeCommand(commands.verifyBackup, file);
		if (answer === reveal) await vscode.commands.executeCommand(commands.revealBackup, file);
		if (answer === openFolder) await showFolder(file!);
	}
}

/** Whether the form of a definition or the page of a restore is what the user works in. */
function isPageInFront(): boolean {
	const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
	if (input instanceof vscode.TabInputCustom) return input.viewType === editors.definition;
	// VS Code puts a name of its own before that of a panel.
	return input instanceof vscode.TabInputWebview && input.viewType.endsWith(editors.restore);
}

/** In the file manager, or in a window of VS Code where the folder lies on another computer than the window. */
async function showFolder(path: string): Promise<void> {
	const folder = vscode.Uri.file(path);
	const here = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
	if (here) await vscode.env.openExternal(folder);
	else await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
}

/** An error as a person reads it: what happened, then what to do. */
export function showError(ui: Ui, error: ErrorRecord): void {
	const text = error.advice === undefined ? error.message : `${error.message} — ${error.advice}`;
	void ui.tell('error', text, vscode.l10n.t('Show Output')).then((answer) => {
		if (answer !== undefined) void vscode.commands.executeCommand(commands.showOutput);
	});
}
