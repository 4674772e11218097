import { html, nothing } from 'lit';
import {
	applyTemplate,
	detectTemplate,
	planTemplates,
	type TemplateId,
} from '../../../src/definition/plan/templates.ts';
import { select } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles } from '../../shared/styles.ts';
import { FormElement } from '../form.ts';
import { templatePickerStyles } from './template-picker.styles.ts';

const own = 'own';

/** The first step of a plan: a template, which replaces schedules and retention rules in one go. */
export class TemplatePickerElement extends FormElement {
	static override styles = [baseStyles, templatePickerStyles];

	override render() {
		const { definition, readOnly } = this.form;
		const current = detectTemplate(definition);
		const template = planTemplates.find(({ id }) => id === current);
		const choices = [
			...planTemplates.map(({ id, title }) => ({ value: id, text: title(t) })),
			...(template === undefined ? [{ value: own, text: t('Your own plan') }] : []),
		];
		return html`<section aria-labelledby="title">
			<h3 id="title">${t('1. Select a Template for your Backup Plan')}</h3>
			${select({
				label: t('Template'),
				hideLabel: true,
				value: current ?? own,
				choices,
				disabled: readOnly,
				onChange: (id) => {
					if (id !== own) this.form.change((one) => applyTemplate(one, id as TemplateId));
				},
			})}
			<p class="muted" aria-live="polite">
				${template?.summary(t) ?? t('Schedules and retention rules as you have set them below. A template replaces both.')}
			</p>
			${readOnly ? nothing : html`<p class="muted small">${t('A template is a beginning: everything below can be changed.')}</p>`}
		</section>`;
	}
}
