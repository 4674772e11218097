import { html, nothing, type TemplateResult } from 'lit';
import type { PartitionPreview, RestorePreview } from '../../../src/protocol/restore.ts';
import { busy, button, notice } from '../../shared/fields.ts';
import { partitionTitle } from '../../shared/file-words.ts';
import { fileSystemName } from '../../shared/image-words.ts';
import { errorNotice, inEnglish } from '../../shared/in-english.ts';
import { t } from '../../shared/l10n.ts';
import { formatBytes, formatCount } from '../../shared/quantities.ts';
import type { Check } from '../model/page-state.ts';
import { previewFacts } from '../model/preview.ts';

export interface CheckPart {
	readonly check: Check;
	/** Only what differs is written. */
	readonly delta: boolean;
	readonly locked: boolean;
	readonly onCheck: () => void;
}

/** The dry run: what would be written, what to know before, and what stands against it. */
export function checkPart({ check, delta, locked, onCheck }: CheckPart): TemplateResult {
	return html`<p class="muted">
			${t('Looks at image and target as the restore does, and tells what would be written. Nothing is written.')}
		</p>
		<div class="row">
			${button(t('Check'), onCheck, { disabled: locked, id: 'run-check' })}
			${check.state === 'checking' ? busy(t('Checking…')) : nothing}
		</div>
		${check.state === 'refused' ? errorNotice(check.error) : nothing}
		${check.state === 'passed' ? passedPart(check.preview, delta) : nothing}`;
}

function passedPart(preview: RestorePreview, delta: boolean) {
	return html`${
			preview.warnings.length === 0
				? notice('information', t('Nothing stands against this restore.'))
				: preview.warnings.map((warning) => notice('warning', inEnglish(warning)))
		}
		${preview.notes.map((note) => notice('information', inEnglish(note)))}
		<dl class="facts">
			${previewFacts(preview, delta).map(
				([name, value]) =>
					html`<dt>${name}</dt>
						<dd>${value}</dd>`,
			)}
		</dl>
		${partitionTable(preview.partitions)}`;
}

function partitionTable(partitions: readonly PartitionPreview[]) {
	return html`<table>
		<caption class="hidden-text">
			${t('Partitions that are written')}
		</caption>
		<thead>
			<tr>
				<th scope="col">${t('Partition')}</th>
				<th scope="col">${t('File System')}</th>
				<th scope="col" class="number">${t('Blocks')}</th>
				<th scope="col" class="number">${t('Data')}</th>
			</tr>
		</thead>
		<tbody>
			${partitions.map(
				({ number, label, fileSystem, blocks, bytes }) =>
					html`<tr>
						<td class="name">${partitionTitle(number, label)}</td>
						<td class="kind">${fileSystemName(fileSystem)}</td>
						<td class="number bar-column">${formatCount(blocks)}</td>
						<td class="number">${formatBytes(bytes)}</td>
					</tr>`,
			)}
		</tbody>
	</table>`;
}
