import { LitElement, html, nothing } from 'lit';
import { describeType } from '../../../src/definition/plan/describe.ts';
import type { BackupType } from '../../../src/definition/retention/types.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles } from '../../shared/styles.ts';
import { addScheduleStyles } from './add-schedule.styles.ts';

/** A button with a menu of the backup types. Fires `add` with the one that was chosen. */
export class AddScheduleElement extends LitElement {
	static override properties = { disabled: { type: Boolean }, _open: { state: true } };
	static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
	static override styles = [baseStyles, addScheduleStyles];

	declare disabled: boolean;
	declare private _open: boolean;

	constructor() {
		super();
		this.disabled = false;
		this._open = false;
		this.addEventListener('keydown', (event) => this.#key(event));
		this.addEventListener('focusout', (event) => {
			if (!(event.relatedTarget instanceof Node && this.renderRoot.contains(event.relatedTarget))) this._open = false;
		});
	}

	override render() {
		return html`<vscode-button
				id="add"
				appearance="secondary"
				aria-haspopup="menu"
				aria-expanded=${this._open ? 'true' : 'false'}
				?disabled=${this.disabled}
				@click=${() => this.#show(!this._open)}
				>${t('Add Schedule')}&nbsp;▾</vscode-button
			>
			${
				this._open
					? html`<ul role="menu" aria-label=${t('Backup type of the new schedule')}>
							${(['full', 'diff', 'inc'] as const).map(
								(type) =>
									html`<li role="none">
										<button role="menuitem" @click=${() => this.#choose(type)}>${describeType(type, t)}</button>
									</li>`,
							)}
						</ul>`
					: nothing
			}`;
	}

	#show(open: boolean): void {
		this._open = open && !this.disabled;
		if (this._open) void this.updateComplete.then(() => this.#items()[0]?.focus());
	}

	#items(): HTMLElement[] {
		return [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')];
	}

	#choose(type: BackupType): void {
		this._open = false;
		this.dispatchEvent(new CustomEvent('add', { detail: type }));
	}

	#key(event: KeyboardEvent): void {
		if (!this._open) {
			if (event.key !== 'ArrowDown') return;
			this.#show(true);
		} else if (event.key === 'Escape') {
			this._open = false;
			this.renderRoot.querySelector<HTMLElement>('#add')?.focus();
		} else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
			const items = this.#items();
			const at = items.indexOf((this.renderRoot as ShadowRoot).activeElement as HTMLElement);
			items[(at + (event.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length]?.focus();
		} else {
			return;
		}
		event.preventDefault();
	}
}
