import { html, nothing, type TemplateResult } from 'lit';
import { notice } from '../../shared/fields.ts';
import { partitionTitle } from '../../shared/file-words.ts';
import { t } from '../../shared/l10n.ts';
import { formatBytes } from '../../shared/quantities.ts';
import { judge } from '../model/judgement.ts';
import { segmentsAfter, segmentsBefore } from '../model/maps.ts';
import { lacksPlace, overwritten, type Plan } from '../model/plan.ts';
import { formPart } from './form-part.ts';
import { growthPart } from './growth-part.ts';
import { placesPart } from './places-part.ts';
import { shrinkingPart } from './shrinking-part.ts';
import type { PlanPart } from './plan-part.ts';

/** What the target holds now, what it will hold and where, and what is lost. */
export function mapsPart(part: PlanPart): TemplateResult {
	const { plan } = part;
	return html`${judge(plan).map(({ level, text }) => notice(level, text))} ${shrinkingPart(part)} ${growthPart(part)}
	${formPart(part)} ${nowPart(part)}
	${
		lacksPlace(plan)
			? nothing
			: html`<figure>
					<figcaption>${t('After the restore')}</figcaption>
					<afterimage-disk-map
						.segments=${segmentsAfter(plan)}
						label=${t('Target after the restore')}
					></afterimage-disk-map>
				</figure>`
	}
	${lostPart(plan)}`;
}

function nowPart(part: PlanPart) {
	const { plan, locked, onPlace } = part;
	const before = segmentsBefore(plan);
	const list = placesPart(part);
	return html`<figure>
			<figcaption>${t('Now')}</figcaption>
			${
				before.length === 0
					? html`<p class="muted">
							${plan.target.kind === 'new-file' ? t('There is nothing yet.') : t('It has no partitions.')}
						</p>`
					: html`<afterimage-disk-map
							.segments=${before}
							label=${t('Target now')}
							?pickable=${list !== nothing && !locked}
							@pick=${({ detail }: CustomEvent<string>) => {
								const place = plan.places.find(({ key, obstacle }) => key === detail && obstacle === undefined);
								if (place !== undefined) onPlace(place);
							}}
						></afterimage-disk-map>`
			}
		</figure>
		${list}`;
}

function lostPart(plan: Plan) {
	const lost = overwritten(plan);
	if (lost.length === 0) return nothing;
	return notice(
		'warning',
		html`<strong
				>${
					lost.length === 1
						? t('Everything on this partition is lost:')
						: t('Everything on these {0} partitions is lost:', lost.length)
				}</strong
			>
			<ul>
				${lost.map(
					(one) =>
						html`<li>
							${partitionTitle(one.number, one.label || one.name)} · ${one.fileSystem || one.typeName} ·
							${formatBytes(one.used ?? one.length)} / ${formatBytes(one.length)}
						</li>`,
				)}
			</ul>`,
	);
}
