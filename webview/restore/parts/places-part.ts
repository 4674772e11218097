import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { PartitionInfo } from '../../../src/protocol/disks.ts';
import { partitionTitle } from '../../shared/file-words.ts';
import { t } from '../../shared/l10n.ts';
import { formatBytes } from '../../shared/quantities.ts';
import type { Place } from '../model/places.ts';
import { picksPartition } from '../model/plan.ts';
import { onlyChosen } from '../model/target.ts';
import { partitionHead } from './partition-head.ts';
import type { PlanPart } from './plan-part.ts';

/** Which partition of the target takes the one that was chosen, where it has a table to choose from. */
export function placesPart({ plan, locked, onPlace }: PlanPart): TemplateResult | typeof nothing {
	const { source, places, place } = plan;
	const only = onlyChosen(source);
	if (only === undefined || !picksPartition(plan)) return nothing;
	const question = t('Partition that takes {0}', partitionTitle(only.number, only.label));
	return html`<div role="radiogroup" aria-label=${question}>
		<table class="places">
			${partitionHead(t('Partitions of the target'), t('Restore here'))}
			<tbody>
				${places.map((one) => placeRow(one, one.partition!, one === place, locked, onPlace))}
			</tbody>
		</table>
	</div>`;
}

function placeRow(
	place: Place,
	partition: PartitionInfo,
	taken: boolean,
	locked: boolean,
	onPlace: (place: Place) => void,
) {
	const { number, label, name, fileSystem, typeName, used, length } = partition;
	const { key, into, obstacle } = place;
	const note = obstacle ?? (into === undefined ? t('where it was') : undefined);
	const blocked = obstacle !== undefined;
	return html`<tr class=${blocked ? 'blocked' : ''} title=${obstacle ?? nothing}>
		<td class="name">
			<label for="place-${key}">${partitionTitle(number, label || name)}</label>
			${note === undefined ? nothing : html`<span class="chip ${blocked ? 'warning' : ''}" id="note-${key}">${note}</span>`}
		</td>
		<td class="kind">${fileSystem || typeName}</td>
		<td class="number">${formatBytes(used ?? length)} / ${formatBytes(length)}</td>
		<td class="select">
			<input
				type="radio"
				name="place"
				id="place-${key}"
				aria-describedby=${note === undefined ? nothing : `note-${key}`}
				.checked=${live(taken)}
				?disabled=${locked || blocked}
				@change=${() => onPlace(place)}
			/>
		</td>
	</tr>`;
}
