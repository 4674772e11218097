import { html, nothing, type TemplateResult } from 'lit';
import { select } from '../../shared/fields.ts';
import { partitionTitle } from '../../shared/file-words.ts';
import { t } from '../../shared/l10n.ts';
import { formatBytes } from '../../shared/quantities.ts';
import type { PlanPart } from './plan-part.ts';

/** Which partition takes what a larger target has more. */
export function growthPart({ plan, locked, onGrow }: PlanPart): TemplateResult | typeof nothing {
	const { growths, growth } = plan;
	if (growths.length === 0) return nothing;
	const choices = growths.map(({ partition: { number, label }, length }) => ({
		value: String(number),
		text: t('{0}, to {1}', partitionTitle(number, label), formatBytes(length)),
	}));
	const label = t('Grow');
	return html`<div class="labelled">
			<span aria-hidden="true">${label}</span>
			${select({
				label,
				value: growth === undefined ? '' : String(growth.partition.number),
				choices: [{ value: '', text: t('No partition') }, ...choices],
				onChange: (value) => onGrow(value === '' ? undefined : Number(value)),
				disabled: locked,
				hideLabel: true,
			})}
		</div>
		<p class="hint muted">
			${t('The partition takes what is free behind it. Its file system keeps its size until you grow it with its own tool: resize2fs, xfs_growfs, “extend filesystem” of diskpart.')}
		</p>`;
}
