import { html, type TemplateResult } from 'lit';
import type { BackupSetInfo } from '../../../src/protocol/backups.ts';
import { notice } from '../../shared/fields.ts';
import { inEnglish } from '../../shared/in-english.ts';
import { t } from '../../shared/l10n.ts';

export interface PointsPart {
	readonly set: BackupSetInfo;
	/** Path of the chosen point. */
	readonly file: string;
	/** In which times are shown. */
	readonly zone: string;
	readonly locked: boolean;
	readonly onPoint: (file: string) => void;
}

/** Which point of the chain is restored, and what is wrong with its set. */
export function pointsPart({ set, file, zone, locked, onPoint }: PointsPart): TemplateResult {
	return html`<afterimage-chain
			.files=${set.files}
			.chosen=${file}
			.zone=${zone}
			?locked=${locked}
			@choose=${(event: CustomEvent<string>) => onPoint(event.detail)}
		></afterimage-chain>
		${set.damage.map((text) => notice('warning', inEnglish(text)))}
		<p class="muted">
			${t('The disk becomes what it was at this point. Files with a coloured border are read for it.')}
		</p>`;
}
