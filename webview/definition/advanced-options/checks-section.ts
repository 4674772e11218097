import { html, type TemplateResult } from 'lit';
import { checkbox, numberField } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { setParts, type Form } from '../form.ts';

/** Days that are proposed: each block of a medium is read once a month. */
const usualDays = 30;

/** What is checked before a backup, and after it. */
export function checksSection(form: Form): TemplateResult {
	const { definition, readOnly } = form;
	const days = definition.reverifyAfterDays;
	return html`<div class="stack">
		${checkbox({
			label: t('Verify the image once it is written'),
			checked: definition.autoVerify,
			disabled: readOnly,
			onChange: (autoVerify) => setParts(form, { autoVerify }),
		})}
		<div class="row">
			${checkbox({
				label: t('Verify backups again every'),
				checked: days > 0,
				disabled: readOnly,
				onChange: (on) => setParts(form, { reverifyAfterDays: on ? usualDays : 0 }),
			})}
			${numberField({
				label: t('Days after which backups are verified again'),
				value: days > 0 ? days : usualDays,
				min: 1,
				max: 3650,
				disabled: readOnly || days === 0,
				onChange: (reverifyAfterDays) => setParts(form, { reverifyAfterDays }),
			})}
			${t('days')}
		</div>
		<p class="muted indent">
			${t('After each backup, those that were not verified for so long: the longest ago first. A damaged one makes the run fail.')}
		</p>
		${checkbox({
			label: t('Check file systems before they are imaged'),
			checked: definition.checkFilesystem,
			disabled: readOnly,
			onChange: (checkFilesystem) => setParts(form, { checkFilesystem }),
		})}
	</div>`;
}
