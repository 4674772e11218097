import { html, nothing, type TemplateResult } from 'lit';
import { parseSize } from '../../../src/base/quantity.ts';
import { numberField, radio, select } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { setParts, type Form } from '../form.ts';
import { sizeParts, sizeUnits } from '../model/file-size.ts';

/** Above which size an image is split into several files. */
export function fileSizeSection(form: Form): TemplateResult {
	const { definition, readOnly } = form;
	const limit = definition.fileSizeLimit;
	const parts = sizeParts(limit ?? 4 * 2 ** 30);
	const set = (value: number, unit: string) => {
		const bytes = parseSize(`${value} ${unit}`);
		if (bytes !== undefined && bytes > 0) setParts(form, { fileSizeLimit: bytes });
	};
	return html`<div role="radiogroup" aria-label=${t('Maximum file size')} class="stack">
			${radio({
				group: 'size',
				value: 'automatic',
				label: t('Automatic: as large as the destination allows'),
				checked: limit === undefined,
				disabled: readOnly,
				onChoose: () => setParts(form, { fileSizeLimit: undefined }),
			})}
			<div class="row">
				${radio({
					group: 'size',
					value: 'fixed',
					label: t('Fixed:'),
					checked: limit !== undefined,
					disabled: readOnly,
					onChoose: () => set(parts.value, parts.unit),
				})}
				${numberField({
					label: t('Maximum file size'),
					value: parts.value,
					min: 1,
					max: 1_000_000,
					disabled: readOnly || limit === undefined,
					onChange: (value) => set(value, parts.unit),
				})}
				${select({
					label: t('Unit of the maximum file size'),
					hideLabel: true,
					value: parts.unit,
					choices: sizeUnits.map((unit) => ({ value: unit, text: unit })),
					disabled: readOnly || limit === undefined,
					onChange: (unit) => set(parts.value, unit),
				})}
			</div>
		</div>
		${
			limit === undefined
				? nothing
				: html`<p class="muted">${t('Incrementals of a set with split files are never merged.')}</p>`
		}`;
}
