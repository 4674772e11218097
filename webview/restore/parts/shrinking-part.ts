import { html, nothing, type TemplateResult } from 'lit';
import { checkbox } from '../../shared/fields.ts';
import { partitionTitle } from '../../shared/file-words.ts';
import { t } from '../../shared/l10n.ts';
import type { PlanPart } from './plan-part.ts';

/** Whether file systems are made smaller for a target that is too small by what is free in them. */
export function shrinkingPart({ plan, locked, onShrink }: PlanPart): TemplateResult | typeof nothing {
	const { shrinking, shrinks } = plan;
	if (shrinking === undefined) return nothing;
	const names = shrinking.able.map(({ number, label }) => partitionTitle(number, label)).join(', ');
	return html`<div class="stack">
		${checkbox({
			label: t('Make file systems smaller until everything fits'),
			checked: shrinks,
			disabled: locked,
			onChange: onShrink,
		})}
		<p class="hint muted">
			${t('{0} can become smaller, by their own tools (resize2fs, ntfsresize) in temporary copies on this computer, before the target is written. What lies behind moves down. Linux only.', names)}
		</p>
	</div>`;
}
