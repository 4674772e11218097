import { html, type TemplateResult } from 'lit';
import { checkbox } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import type { Source } from '../model/target.ts';

export interface RestoreOptions {
	readonly delta: boolean;
	readonly verify: boolean;
	readonly newId: boolean;
}

/** How the image is restored. */
export function optionsPart(
	{ delta, verify, newId }: RestoreOptions,
	source: Source,
	locked: boolean,
	onChange: (part: Partial<RestoreOptions>) => void,
): TemplateResult {
	return html`<div class="stack">
		${checkbox({
			label: t('Delta restore: write only what differs from what the target holds'),
			checked: delta,
			disabled: locked,
			onChange: (on) => onChange({ delta: on }),
		})}
		${checkbox({
			label: t('Verify afterwards: read back and compare'),
			checked: verify,
			disabled: locked,
			onChange: (on) => onChange({ verify: on }),
		})}
		${checkbox({
			label: t('Give the target a new disk id, for a computer that also has the imaged disk'),
			checked: newId,
			disabled: locked || source.partitions !== undefined || source.disk.table === 'none',
			onChange: (on) => onChange({ newId: on }),
		})}
	</div>`;
}
