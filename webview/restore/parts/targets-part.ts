import { html, nothing, type TemplateResult } from 'lit';
import type { ErrorRecord } from '../../../src/base/errors.ts';
import { button, notice } from '../../shared/fields.ts';
import { errorNotice } from '../../shared/in-english.ts';
import { t } from '../../shared/l10n.ts';
import type { Target } from '../model/target.ts';

export interface TargetsPart {
	readonly targets: readonly Target[];
	/** Path of the chosen one. */
	readonly chosen: string | undefined;
	/** Why the disks could not be listed. */
	readonly error: ErrorRecord | undefined;
	/** What is on some of them could be read with more rights. */
	readonly needsRights: boolean;
	readonly locked: boolean;
	/** @param target its path */
	readonly onTarget: (target: string) => void;
	readonly onRights: () => void;
	/** @param create a file that is not there yet */
	readonly onBrowse: (create: boolean) => void;
}

/** Where the image is restored to. */
export function targetsPart(part: TargetsPart): TemplateResult {
	const { targets, chosen, error, needsRights, locked, onTarget, onRights, onBrowse } = part;
	return html`${error === undefined ? nothing : errorNotice(error)}
		${
			needsRights
				? notice(
						'information',
						html`${t('What is on some disks can be read with administrator rights only.')}
							<button class="link" @click=${onRights}>${t('Read with administrator rights')}</button>`,
					)
				: nothing
		}
		<afterimage-target-list
			.targets=${targets}
			.chosen=${chosen}
			?locked=${locked}
			@choose=${(event: CustomEvent<string>) => onTarget(event.detail)}
		></afterimage-target-list>
		<div class="row">
			${button(t('New Raw File…'), () => onBrowse(true), { disabled: locked })}
			${button(t('Existing Raw File…'), () => onBrowse(false), { disabled: locked })}
		</div>`;
}
