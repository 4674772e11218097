import { css, html, nothing } from 'lit';
import type { ErrorRecord } from '../../../src/base/errors.ts';
import { definitionFileName, folderObjection } from '../../../src/protocol/save-rules.ts';
import { button, checkbox, notice, textField } from '../../shared/fields.ts';
import { rich, t } from '../../shared/l10n.ts';
import { baseStyles, dialogStyles, noticeStyles } from '../../shared/styles.ts';
import { errorNotice } from '../../shared/in-english.ts';
import { FormElement } from '../form.ts';
import { destinationFolders } from '../model/destination.ts';

export interface SaveChoice {
	readonly runNow: boolean;
	readonly save: { readonly name: string; readonly folder: string } | undefined;
}

/** The save options that Finish leads to. Fires `done` with the choice, or with null when it was cancelled. */
export class SaveDialogElement extends FormElement {
	static override properties = {
		...FormElement.properties,
		refused: { attribute: false },
		browsed: { attribute: false },
		_run: { state: true },
		_save: { state: true },
		_name: { state: true },
		_folder: { state: true },
	};
	static override styles = [
		baseStyles,
		noticeStyles,
		dialogStyles,
		css`
			.indent {
				display: flex;
				flex-direction: column;
				gap: 10px;
				padding-inline-start: 24px;
			}
			.nowrap {
				flex-wrap: nowrap;
				align-items: flex-end;
			}
		`,
	];

	/** Why the extension did not take the last choice. */
	declare refused: { readonly field: 'folder' | 'name' | 'document'; readonly error: ErrorRecord } | undefined;
	/** A folder that was chosen in the system's dialog. */
	declare browsed: string | undefined;
	declare private _run: boolean;
	declare private _save: boolean;
	declare private _name: string;
	declare private _folder: string;

	constructor() {
		super();
		this._run = false;
		this._save = true;
		this._name = '';
		this._folder = '';
	}

	override willUpdate(changed: Map<string, unknown>): void {
		if (!this.hasUpdated) {
			this._name = this.form.definition.name;
			this._folder = this.form.facts.definitionsFolder;
		}
		if (changed.has('browsed') && this.browsed !== undefined) this._folder = this.browsed;
	}

	override firstUpdated(): void {
		const dialog = this.renderRoot.querySelector('dialog')!;
		dialog.addEventListener('cancel', (event) => {
			event.preventDefault();
			this.#done(undefined);
		});
		dialog.showModal();
	}

	override render() {
		const { facts, definition } = this.form;
		const objection =
			this._save && facts.untitled
				? folderObjection(this._folder, destinationFolders(definition.destination), t)
				: undefined;
		const nothingToDo = !this._run && !this._save;
		const blocked = nothingToDo || (this._save && this._name.trim() === '') || objection !== undefined;
		return html`<dialog aria-labelledby="title">
			<div class="dialog-title"><h2 id="title">${t('Backup Save Options')}</h2></div>
			<div class="dialog-body">
				${checkbox({
					label: t('Run this backup now'),
					checked: this._run,
					disabled: !facts.trusted,
					onChange: (run) => (this._run = run),
				})}
				${
					facts.trusted
						? nothing
						: html`<p class="muted indent">${t('Nothing runs in Restricted Mode. Trust this workspace first.')}</p>`
				}
				${facts.untitled ? this.#newFile(objection) : this.#sameFile()}
				${this.refused === undefined ? nothing : errorNotice(this.refused.error)}
			</div>
			<div class="dialog-buttons">
				${button(t('OK'), () => this.#ok(), { appearance: 'primary', disabled: blocked, id: 'ok' })}
				${button(t('Cancel'), () => this.#done(undefined))}
			</div>
		</dialog>`;
	}

	#newFile(objection: string | undefined) {
		return html`${checkbox({
			label: t('Save to an XML file'),
			checked: this._save,
			onChange: (save) => (this._save = save),
		})}
		${this._save ? this.#file(objection) : html`<p class="indent muted">${t('This one full backup is made, and no other.')}</p>`}`;
	}

	#file(objection: string | undefined) {
		return html`<div class="indent">
			<p class="muted">
				${t('With the file the same backup can be run again, scheduled and followed by incrementals and differentials.')}
			</p>
			${textField({
				id: 'name',
				label: t('Name for this backup definition'),
				value: this._name,
				onInput: (value) => (this._name = value),
			})}
			<div class="row nowrap">
				${textField({
					id: 'folder',
					label: t('Folder'),
					value: this._folder,
					invalid: objection !== undefined,
					onInput: (value) => (this._folder = value),
				})}
				${button(t('Browse…'), () =>
					this.form.post({ type: 'browse', purpose: 'definition', index: 0, current: this._folder }),
				)}
			</div>
			${
				objection === undefined
					? html`<p class="muted">
							${
								this._folder === this.form.facts.definitionsFolder
									? t(
											'Only you and administrators may write to this folder: programs that a definition names run with full rights.',
										)
									: t(
											'Choose a local folder that only you and administrators may write: programs that a definition names run with full rights.',
										)
							}
						</p>`
					: notice('error', objection)
			}
			<p class="muted">${rich('Saved as {0}', html`<code>${definitionFileName(this._name)}</code>`)}</p>
		</div>`;
	}

	#sameFile() {
		return html`${checkbox({ label: t('Save to an XML file'), checked: true, disabled: true, onChange: () => undefined })}
			<p class="indent muted"><code>${this.form.facts.name}</code></p>`;
	}

	#ok(): void {
		const { untitled } = this.form.facts;
		const save = untitled && this._save ? { name: this._name.trim(), folder: this._folder.trim() } : undefined;
		this.#done({ runNow: this._run, save });
	}

	#done(choice: SaveChoice | undefined): void {
		this.dispatchEvent(new CustomEvent('done', { detail: choice }));
	}
}
