import type { Checkbox, TextArea, TextField } from '@vscode/webview-ui-toolkit';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { t } from './l10n.ts';
import type { Choice } from './select/select.ts';

/** Templates of the controls that forms are made of, so that no element has to know the quirks of the library. */

export interface CheckboxField {
	readonly label: string | TemplateResult;
	readonly checked: boolean;
	readonly onChange: (checked: boolean) => void;
	readonly disabled?: boolean;
	/** Name for screen readers when the label is empty. */
	readonly name?: string;
	readonly indeterminate?: boolean;
}

export function checkbox({ label, checked, onChange, disabled, name, indeterminate }: CheckboxField): TemplateResult {
	// The library also fires `change` when the property is set; nothing has been changed then.
	const changed = (event: Event) => {
		const now = (event.target as Checkbox).checked;
		if (now !== checked) onChange(now);
	};
	return html`<vscode-checkbox
		@change=${changed}
		.checked=${live(checked)}
		.indeterminate=${indeterminate ?? false}
		?disabled=${disabled ?? false}
		aria-label=${name ?? nothing}
		>${label}</vscode-checkbox
	>`;
}

export interface TextInput {
	readonly label: string;
	readonly value: string;
	/** Called while the person types, and with `done` when the field is left or Enter pressed. */
	readonly onInput: (value: string, done: boolean) => void;
	readonly placeholder?: string;
	readonly disabled?: boolean;
	readonly size?: number;
	readonly hideLabel?: boolean;
	readonly invalid?: boolean;
	readonly id?: string;
}

export function textField(input: TextInput): TemplateResult {
	const tell = (done: boolean) => (event: Event) => input.onInput((event.target as TextField).value, done);
	return html`<vscode-text-field
		class="grow"
		id=${input.id ?? nothing}
		.value=${live(input.value)}
		placeholder=${input.placeholder ?? nothing}
		?disabled=${input.disabled ?? false}
		aria-label=${input.hideLabel === true ? input.label : nothing}
		aria-invalid=${input.invalid === true ? 'true' : nothing}
		size=${input.size ?? nothing}
		@input=${tell(false)}
		@change=${tell(true)}
		>${input.hideLabel === true ? nothing : input.label}</vscode-text-field
	>`;
}

export function textArea(input: Omit<TextInput, 'size' | 'invalid'> & { readonly rows: number }): TemplateResult {
	const tell = (done: boolean) => (event: Event) => input.onInput((event.target as TextArea).value, done);
	return html`<vscode-text-area
		class="grow"
		.value=${live(input.value)}
		rows=${input.rows}
		resize="vertical"
		?disabled=${input.disabled ?? false}
		@input=${tell(false)}
		@change=${tell(true)}
		>${input.label}</vscode-text-area
	>`;
}

export interface SelectField {
	readonly label: string;
	readonly value: string;
	readonly choices: readonly Choice[];
	readonly onChange: (value: string) => void;
	readonly disabled?: boolean;
	readonly hideLabel?: boolean;
}

export function select({ label, value, choices, onChange, disabled, hideLabel }: SelectField): TemplateResult {
	const control = html`<afterimage-select
		.label=${label}
		.value=${value}
		.choices=${choices}
		?disabled=${disabled ?? false}
		@choose=${(event: CustomEvent<string>) => onChange(event.detail)}
	></afterimage-select>`;
	return hideLabel === true
		? control
		: html`<div class="field"><span class="muted" aria-hidden="true">${label}</span>${control}</div>`;
}

export interface NumberField {
	readonly label: string;
	readonly value: number;
	readonly min: number;
	readonly max: number;
	readonly onChange: (value: number) => void;
	readonly disabled?: boolean;
}

/** A whole number; what is out of range or no number is shown as wrong and handed on to nobody. */
export function numberField({ label, value, min, max, onChange, disabled }: NumberField): TemplateResult {
	const changed = (event: Event) => {
		const input = event.target as HTMLInputElement;
		const number = Number(input.value);
		if (input.value !== '' && Number.isInteger(number) && number >= min && number <= max) onChange(number);
	};
	return html`<input
		type="number"
		aria-label=${label}
		.value=${live(String(value))}
		min=${min}
		max=${max}
		step="1"
		?disabled=${disabled ?? false}
		@change=${changed}
	/>`;
}

export interface RadioChoice {
	readonly value: string;
	readonly label: string;
	readonly checked: boolean;
	readonly group: string;
	readonly onChoose: () => void;
	readonly disabled?: boolean;
}

/** One radio button; those with the same `group` in one element belong together. */
export function radio({ value, label, checked, group, onChoose, disabled }: RadioChoice): TemplateResult {
	return html`<label class="radio"
		><input
			type="radio"
			name=${group}
			value=${value}
			.checked=${live(checked)}
			?disabled=${disabled ?? false}
			@change=${onChoose}
		/><span>${label}</span></label
	>`;
}

export function button(
	label: string | TemplateResult,
	onClick: () => void,
	options: {
		readonly appearance?: 'primary' | 'secondary' | 'icon';
		readonly disabled?: boolean;
		readonly name?: string;
		readonly id?: string;
	} = {},
): TemplateResult {
	return html`<vscode-button
		id=${options.id ?? nothing}
		appearance=${options.appearance ?? 'secondary'}
		?disabled=${options.disabled ?? false}
		aria-label=${options.name ?? nothing}
		title=${options.name ?? nothing}
		@click=${() => {
			if (options.disabled !== true) onClick();
		}}
		>${label}</vscode-button
	>`;
}

/** What is waited for. @param text in words */
export function busy(text: string): TemplateResult {
	return html`<p class="row muted" role="status">
		<vscode-progress-ring aria-hidden="true"></vscode-progress-ring> ${text}
	</p>`;
}

const levelWords = { error: t('error:'), warning: t('warning:'), information: t('information:') };

export function notice(level: 'error' | 'warning' | 'information', text: string | TemplateResult): TemplateResult {
	return html`<div class="notice ${level}" role=${level === 'error' ? 'alert' : 'status'}>
		<afterimage-icon name=${level}></afterimage-icon>
		<div><span class="hidden-text">${levelWords[level]} </span>${text}</div>
	</div>`;
}

/** Findings about a part of a form, each said once; what is only worth knowing stays quiet. */
export function findings(
	problems: readonly {
		readonly severity: 'error' | 'warning' | 'information';
		readonly message: string;
	}[],
): readonly TemplateResult[] {
	const once = [...new Map(problems.map((problem) => [problem.message, problem])).values()];
	return once.map(({ severity, message }) =>
		severity === 'information'
			? html`<p class="quiet muted"><afterimage-icon name="information"></afterimage-icon>${message}</p>`
			: notice(severity, message),
	);
}
