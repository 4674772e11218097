import type { TextField } from '@vscode/webview-ui-toolkit';
import { html, nothing } from 'lit';
import { findParameters, parameters, type Parameter } from '../../../src/definition/parameters.ts';
import { button, checkbox, notice, textField } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles, noticeStyles } from '../../shared/styles.ts';
import { Typing } from '../../shared/typing.ts';
import { FormElement } from '../form.ts';
import { samplePath, usesImageId } from '../model/destination.ts';
import { parameterContext } from '../model/sample-context.ts';
import { fileNameStyles } from './file-name.styles.ts';

/** How the image files are called, with the parameters that a name may hold and what it comes to. */
export class FileNameElement extends FormElement {
	static override properties = { ...FormElement.properties, _own: { state: true }, _active: { state: true } };
	static override styles = [baseStyles, noticeStyles, fileNameStyles];

	/** The person wants a name of their own, though none is typed yet. */
	declare private _own: boolean;
	/** Place in the list of parameters; undefined while it is closed. */
	declare private _active: number | undefined;
	readonly #typing = new Typing(this);

	constructor() {
		super();
		this._own = false;
	}

	override render() {
		const { definition, readOnly } = this.form;
		const own = this._own || !usesImageId(definition.destination);
		const template = this.#typing.value('name', definition.destination.filenameTemplate);
		const shown = { ...definition, destination: { ...definition.destination, filenameTemplate: template } };
		const unknown = findParameters(template).filter(({ parameter }) => parameter === undefined);
		return html`<div class="column">
			${checkbox({
				label: t('Use the Image ID as the file name. (Recommended)'),
				checked: !own,
				disabled: readOnly,
				onChange: (checked) => this.#useImageId(checked),
			})}
			${own ? this.#ownName(template) : html`<p class="recommended">${t('Backup filename:')} <code>{IMAGEID}</code></p>`}
			${
				own && !definition.destination.prefixUnique
					? notice('warning', t('Without the image id in front, two backup sets can come to the same file name.'))
					: nothing
			}
			${unknown.map(({ name }) => notice('warning', t('{0} is no parameter; it stays as it is.', `{${name}}`)))}
			<p class="preview" aria-live="polite">
				<span class="hidden-text">${t('The first file will be')} </span
				><code id="preview">${samplePath(shown, parameterContext(this.form))}</code>
			</p>
		</div>`;
	}

	#ownName(template: string) {
		const { readOnly, definition } = this.form;
		return html`<div class="name" @focusout=${(event: FocusEvent) => this.#left(event)}>
			<div class="row">
				<div class="grow" @keydown=${(event: KeyboardEvent) => this.#key(event)}>
					${textField({
						id: 'template',
						label: t('Backup filename'),
						value: template,
						disabled: readOnly,
						onInput: (value, done) => this.#typed(value, done),
					})}
				</div>
				<div class="braces">
					${button('{ }', () => this.#toggleList(), { name: t('Insert a parameter'), disabled: readOnly })}
				</div>
			</div>
			${this._active === undefined ? nothing : this.#list()}
			${checkbox({
				label: t('Begin the file name with the Image ID, so that no two backup sets collide'),
				checked: definition.destination.prefixUnique,
				disabled: readOnly,
				onChange: (prefixUnique) => this.#set({ prefixUnique }),
			})}
		</div>`;
	}

	#list() {
		return html`<ul
			id="list"
			role="listbox"
			aria-label=${t('Parameters')}
			tabindex="0"
			@keydown=${(event: KeyboardEvent) => this.#listKey(event)}
			aria-activedescendant="parameter-${this._active}"
		>
			${parameters.map(
				(parameter, index) =>
					html`<li
						id="parameter-${index}"
						role="option"
						aria-selected=${index === this._active ? 'true' : 'false'}
						@click=${() => this.#insert(parameter)}
					>
						<code>{${parameter.name}}</code>
						<span>${parameter.description(t)}</span>
						<span class="muted">${sampleOf(parameter, this.form)}</span>
					</li>`,
			)}
		</ul>`;
	}

	#useImageId(use: boolean): void {
		this._own = !use;
		if (use) this.#set({ filenameTemplate: '', prefixUnique: true });
	}

	#typed(value: string, done: boolean): void {
		this.#typing.input('name', value, done, (text) =>
			// What no file name may hold never gets into the document.
			this.#set({ filenameTemplate: text.replace(/[/\\:*?"<>|]/g, '').trim() }),
		);
	}

	#key(event: KeyboardEvent): void {
		if (event.key !== '{' || this.form.readOnly) return;
		event.preventDefault();
		this.#toggleList();
	}

	#toggleList(): void {
		this._active = this._active === undefined ? 0 : undefined;
		if (this._active !== undefined) {
			void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#list')?.focus());
		}
	}

	#listKey(event: KeyboardEvent): void {
		const active = this._active ?? 0;
		const last = parameters.length - 1;
		const moves: Record<string, number> = {
			ArrowDown: Math.min(last, active + 1),
			ArrowUp: Math.max(0, active - 1),
			Home: 0,
			End: last,
		};
		const to = moves[event.key];
		if (to !== undefined) {
			this._active = to;
			this.renderRoot.querySelector(`#parameter-${to}`)?.scrollIntoView({ block: 'nearest' });
		} else if (event.key === 'Enter' || event.key === ' ') {
			this.#insert(parameters[active]!);
		} else if (event.key === 'Escape') {
			this._active = undefined;
			this.#field()?.focus();
		} else {
			return;
		}
		event.preventDefault();
	}

	#insert(parameter: Parameter): void {
		const field = this.#field();
		const control = field?.shadowRoot?.querySelector('input');
		const value = field?.value ?? '';
		const from = control?.selectionStart ?? value.length;
		const to = control?.selectionEnd ?? from;
		const piece = `{${parameter.name}}`;
		const changed = value.slice(0, from) + piece + value.slice(to);
		this._active = undefined;
		// The library hands its value on to the input a moment later; what is typed next must find it there.
		if (field !== null) field.value = changed;
		if (control) control.value = changed;
		this.#typed(changed, false);
		void this.updateComplete.then(() => {
			field?.focus();
			control?.setSelectionRange(from + piece.length, from + piece.length);
		});
	}

	#left(event: FocusEvent): void {
		const next = event.relatedTarget;
		if (next instanceof Node && !this.renderRoot.contains(next)) this._active = undefined;
	}

	#field(): TextField | null {
		return this.renderRoot.querySelector<TextField>('#template');
	}

	#set(part: { filenameTemplate?: string; prefixUnique?: boolean }): void {
		this.form.change((definition) => ({ ...definition, destination: { ...definition.destination, ...part } }));
	}
}

function sampleOf(parameter: Parameter, form: FileNameElement['form']): string {
	return parameter.name === 'IMAGEID' ? '' : parameter.resolve(parameterContext(form), form.definition);
}
