import { html, type TemplateResult } from 'lit';
import { notice, textField } from '../../shared/fields.ts';
import { rich, t } from '../../shared/l10n.ts';
import { isRefused, pathOf, type Source, type Target } from '../model/target.ts';

export interface ConfirmationPart {
	readonly source: Source;
	readonly target: Target;
	/** The engine has refused the restore as it is chosen now. */
	readonly refused: boolean;
	/** Whether the workspace is. */
	readonly trusted: boolean;
	/** What was typed so far; the restore may start when it is the path of the target. */
	readonly typed: string;
	readonly locked: boolean;
	readonly onInput: (typed: string) => void;
}

/** What is lost, and the field for the name of the target; or why nothing can be confirmed. */
export function confirmationPart({
	source,
	target,
	refused,
	trusted,
	typed,
	locked,
	onInput,
}: ConfirmationPart): TemplateResult {
	if (!trusted) return notice('warning', t('Nothing is restored in Restricted Mode. Trust this workspace first.'));
	if (isRefused(source, target)) return notice('error', t('This target cannot be written to; see above.'));
	if (refused) return notice('error', t('The check has refused this restore; see above.'));
	return html`<p>
			${
				target.kind === 'new-file'
					? t('The file is made.')
					: t('What is on the target is overwritten and cannot be brought back.')
			}
			${rich('Type {0} to confirm.', html`<code>${pathOf(target)}</code>`)}
		</p>
		${textField({
			id: 'confirm',
			label: t('Name of the target'),
			value: typed,
			disabled: locked,
			onInput,
		})}`;
}
