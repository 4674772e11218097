import * as vscode from 'vscode';
import type { Ui } from '../ui.ts';

const prefix = 'password:';
const indexKey = 'passwords';

/** Passwords of images: asked when needed, kept in the secret storage only when the user says so, by image id or definition. */
export class Passwords {
	readonly #context: vscode.ExtensionContext;
	readonly #ui: Ui;

	constructor(context: vscode.ExtensionContext, ui: Ui) {
		this.#context = context;
		this.#ui = ui;
	}

	/**
	 * The password for something encrypted, stored or asked; undefined when the user cancels.
	 * @param key image id, or path of the definition
	 * @param wrong the last one given was wrong: the stored one is forgotten and the question says so
	 */
	async get(key: string, what: string, wrong = false): Promise<string | undefined> {
		if (wrong) await this.forget(key);
		const stored = await this.#context.secrets.get(prefix + key);
		if (stored !== undefined) return stored;
		const prompt = wrong
			? vscode.l10n.t('That password was wrong. Try again.')
			: vscode.l10n.t('The image is encrypted.');
		const password = await this.#ask(vscode.l10n.t('Password of {0}', what), prompt);
		return password === undefined ? undefined : this.#offerToKeep(key, password);
	}

	/**
	 * The password that an image is encrypted with, stored or typed; twice when it is a new one: nothing would ever open an
	 * image whose password was mistyped. Undefined when the user cancels.
	 * @param key as for {@link get}
	 * @param opens whether it opens a backup that is there, and so is not mistyped; undefined when none is that needs one
	 */
	async choose(
		key: string,
		what: string,
		opens: (password: string) => Promise<boolean | undefined>,
	): Promise<string | undefined> {
		const stored = await this.#context.secrets.get(prefix + key);
		if (stored !== undefined) return stored;
		const title = vscode.l10n.t('Password of {0}', what);
		let prompt = vscode.l10n.t('The image is encrypted with it. Without it nothing opens the image.');
		for (;;) {
			const password = await this.#ask(title, prompt);
			if (password === undefined) return undefined;
			const opened = await opens(password);
			if (opened === true) return this.#offerToKeep(key, password);
			const again = await this.#ask(
				title,
				opened === undefined
					? vscode.l10n.t('Type it once more.')
					: vscode.l10n.t('It opens none of the backups that are there. If it is a new one, type it once more.'),
			);
			if (again === undefined) return undefined;
			if (again === password || (await opens(again)) === true) return this.#offerToKeep(key, again);
			prompt = vscode.l10n.t('The two were not the same. Type it again.');
		}
	}

	/** What was typed; undefined when it was nothing. */
	async #ask(title: string, prompt: string): Promise<string | undefined> {
		return (await this.#ui.input({ title, prompt, password: true, ignoreFocusOut: true })) || undefined;
	}

	/** The password once the user has said whether it is kept; undefined when he cancels. */
	async #offerToKeep(key: string, password: string): Promise<string | undefined> {
		const keep = { label: vscode.l10n.t('Keep It') };
		const answer = await this.#ui.pick([{ label: vscode.l10n.t('Use It Once') }, keep], {
			title: vscode.l10n.t('Keep this password?'),
			placeHolder: vscode.l10n.t('A kept password lies in the secret storage of VS Code, never in a file of ours'),
		});
		if (answer === undefined) return undefined;
		if (answer === keep) await this.#store(key, password);
		return password;
	}

	async forget(key: string): Promise<void> {
		await this.#context.secrets.delete(prefix + key);
		await this.#context.globalState.update(
			indexKey,
			this.#keys.filter((known) => known !== key),
		);
	}

	/** Returns how many were forgotten. */
	async forgetAll(): Promise<number> {
		const keys = this.#keys;
		for (const key of keys) await this.forget(key);
		return keys.length;
	}

	get #keys(): readonly string[] {
		return this.#context.globalState.get<string[]>(indexKey, []);
	}

	async #store(key: string, password: string): Promise<void> {
		await this.#context.secrets.store(prefix + key, password);
		await this.#context.globalState.update(indexKey, [...new Set([...this.#keys, key])]);
	}
}
