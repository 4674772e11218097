import { html, nothing, type TemplateResult } from 'lit';
import { notice } from '../../shared/fields.ts';
import { partitionTitle } from '../../shared/file-words.ts';
import { t } from '../../shared/l10n.ts';
import { formatBytes } from '../../shared/quantities.ts';
import { judgeTarget, overwritten, segmentsAfter, segmentsBefore, type Source, type Target } from '../model/target.ts';

/** What the target holds now, what it will hold, and what is lost. */
export function mapsPart(source: Source, target: Target): TemplateResult {
	const before = segmentsBefore(source, target);
	return html`${judgeTarget(source, target).map(({ level, text }) => notice(level, text))}
		<figure>
			<figcaption>${t('Now')}</figcaption>
			${
				before.length === 0
					? html`<p class="muted">
							${target.kind === 'new-file' ? t('There is nothing yet.') : t('It has no partitions.')}
						</p>`
					: html`<afterimage-disk-map .segments=${before} label=${t('Target now')}></afterimage-disk-map>`
			}
		</figure>
		<figure>
			<figcaption>${t('After the restore')}</figcaption>
			<afterimage-disk-map
				.segments=${segmentsAfter(source, target)}
				label=${t('Target after the restore')}
			></afterimage-disk-map>
		</figure>
		${lostPart(source, target)}`;
}

function lostPart(source: Source, target: Target) {
	const lost = overwritten(source, target);
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
