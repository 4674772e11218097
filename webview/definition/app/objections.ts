import { html, nothing, type TemplateResult } from 'lit';
import { notice } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import type { Form, FormProblem } from '../form.ts';
import type { BrokenText } from '../model/read-form.ts';

/** Why the form is read-only, and where in the text. */
export function brokenNotice({ message, line, column, offset }: BrokenText, post: Form['post']): TemplateResult {
	return notice(
		'error',
		html`<strong>${t('Line {0}, column {1}:', line, column)}</strong> ${message}
			${t('The form is read-only until the text is right.')}
			<button class="link" @click=${() => post({ type: 'open-text', offset })}>${t('Open the text there')}</button>`,
	);
}

/** What stands against saving or running, each with a way to where it is put right. */
export function objectionList(
	errors: readonly FormProblem[],
	show: (problem: FormProblem) => void,
): TemplateResult | typeof nothing {
	if (errors.length === 0) return nothing;
	return html`<div class="notice error" role="alert" id="objections" tabindex="-1">
		<afterimage-icon name="error"></afterimage-icon>
		<div>
			<strong>${t('Before this can be saved or run:')}</strong>
			<ul>
				${errors.map(
					(problem) =>
						html`<li>
							${problem.message}
							<button class="link" @click=${() => show(problem)}>${t('Show')}</button>
						</li>`,
				)}
			</ul>
		</div>
	</div>`;
}
