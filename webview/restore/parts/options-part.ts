import { html, type TemplateResult } from 'lit';
import { checkbox } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import type { RestoreOptions } from '../model/choice.ts';
import type { Source } from '../model/target.ts';

/** How the image is restored. */
export function optionsPart(
	{ delta, verify, newId, skipBad }: RestoreOptions,
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
		${checkbox({
			label: t('Restore what is sound around damaged blocks'),
			checked: skipBad,
			disabled: locked,
			onChange: (on) => onChange({ skipBad: on }),
		})}
		<p class="hint muted">
			${t('Without this the restore stops at the first damaged block of the backup. With it such blocks are zeros on the target, the log names each, and files that had data there are damaged.')}
		</p>
	</div>`;
}
