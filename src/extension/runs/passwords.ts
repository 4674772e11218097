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
		const password = await this.#ui.input({
			title: vscode.l10n.t('Password of {0}', what),
			prompt: wrong ? vscode.l10n.t('That password was wrong. Try again.') : vscode.l10n.t('The image is encrypted.'),
			password: true,
			ignoreFocusOut: true,
		});
		if (password === undefined || password === '') return undefined;
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
