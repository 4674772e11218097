import { html, type TemplateResult } from 'lit';
import { t } from '../../shared/l10n.ts';

/** What a table of partitions tells in its caption and above its columns. @param choice names the column of what is chosen */
export function partitionHead(caption: string, choice: string): TemplateResult {
	return html`<caption class="hidden-text">
			${caption}
		</caption>
		<thead>
			<tr>
				<th scope="col">${t('Partition')}</th>
				<th scope="col">${t('File System')}</th>
				<th scope="col" class="number">${t('Size')}</th>
				<th scope="col" class="select">${choice}</th>
			</tr>
		</thead>`;
}
