import { html, nothing, type TemplateResult } from 'lit';
import { radio } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { picksPartition } from '../model/plan.ts';
import type { PlanPart } from './plan-part.ts';

/** Whether a target without a table gets one, or is the partition by itself. */
export function formPart({ plan, locked, onPlace }: PlanPart): TemplateResult | typeof nothing {
	const { places, place } = plan;
	if (places.length < 2 || picksPartition(plan)) return nothing;
	const words: Readonly<Record<string, readonly [string, string]>> = {
		table: [
			t('As a disk with this partition'),
			t('With the partition table of the image, the partition where it was.'),
		],
		volume: [
			t('The partition alone'),
			t('Without a partition table, as loop devices, virtual machines and logical volumes take it.'),
		],
	};
	return html`<div class="stack" role="radiogroup" aria-label=${t('Form of the target')}>
		${places.map((one) => {
			const [label, hint] = words[one.key]!;
			return html`${radio({
					group: 'form',
					value: one.key,
					label,
					checked: one === place,
					disabled: locked || one.obstacle !== undefined,
					onChoose: () => onPlace(one),
				})}
				<p class="hint muted">
					${hint}${one.obstacle === undefined ? nothing : html`<span class="chip warning">${one.obstacle}</span>`}
				</p>`;
		})}
	</div>`;
}
