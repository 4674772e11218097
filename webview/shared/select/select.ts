import type { Dropdown } from '@vscode/webview-ui-toolkit';
import { LitElement, css, html } from 'lit';

export interface Choice {
	readonly value: string;
	readonly text: string;
}

/**
 * A dropdown with its choices as data. The library's own takes a value only when its options stand already; this one
 * hands over options first, then the value. Fires `choose` with the value when a person has chosen.
 */
export class SelectElement extends LitElement {
	static override properties = {
		label: {},
		value: {},
		choices: { attribute: false },
		disabled: { type: Boolean },
	};
	static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
	static override styles = css`
		:host {
			display: inline-block;
			min-width: 8em;
		}
		vscode-dropdown {
			width: 100%;
			--dropdown-z-index: 10;
			/* Where a theme has no colour, the library takes that of a dark one. */
			--list-active-selection-foreground: var(--vscode-list-activeSelectionForeground, var(--vscode-foreground));
		}
	`;

	declare label: string;
	declare value: string;
	declare choices: readonly Choice[];
	declare disabled: boolean;

	constructor() {
		super();
		this.label = '';
		this.value = '';
		this.choices = [];
		this.disabled = false;
	}

	override render() {
		return html`<vscode-dropdown
			aria-label=${this.label}
			?disabled=${this.disabled}
			@change=${(event: Event) => this.#choose((event.target as Dropdown).value)}
		>
			${this.choices.map(
				({ value, text }) =>
					html`<vscode-option value=${value} ?selected=${value === this.value}>${text}</vscode-option>`,
			)}
		</vscode-dropdown>`;
	}

	override updated(): void {
		const dropdown = this.renderRoot.querySelector<Dropdown>('vscode-dropdown');
		if (dropdown === null) return;
		// The library takes notice of its options in a later task than the one that made them.
		setTimeout(() => {
			if (dropdown.value !== this.value) dropdown.value = this.value;
		});
	}

	#choose(value: string): void {
		if (value === this.value) return;
		this.dispatchEvent(new CustomEvent('choose', { detail: value }));
		this.requestUpdate();
	}
}
