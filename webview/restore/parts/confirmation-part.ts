import { html, type TemplateResult } from 'lit';
import { notice, textField } from '../../shared/fields.ts';
import { rich, t } from '../../shared/l10n.ts';
import { isRefused } from '../model/judgement.ts';
import { keepsTable, lacksPlace, overwritten, type Plan } from '../model/plan.ts';
import { pathOf } from '../model/target.ts';

export interface ConfirmationPart {
	readonly plan: Plan;
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
export function confirmationPart({ plan, refused, trusted, typed, locked, onInput }: ConfirmationPart): TemplateResult {
	if (!trusted) return notice('warning', t('Nothing is restored in Restricted Mode. Trust this workspace first.'));
	if (isRefused(plan)) return notice('error', t('This target cannot be written to; see above.'));
	if (refused) return notice('error', t('The check has refused this restore; see above.'));
	if (lacksPlace(plan))
		return notice('information', t('Choose first which partition of the target is overwritten; see above.'));
	if (plan.target.kind === 'new-file') return html`<p>${t('The file is made. Nothing is overwritten.')}</p>`;
	return html`<p>${consequence(plan)} ${rich('Type {0} to confirm.', html`<code>${pathOf(plan.target)}</code>`)}</p>
		${textField({
			id: 'confirm',
			label: t('Name of the target'),
			value: typed,
			disabled: locked,
			onInput,
		})}`;
}

function consequence(plan: Plan): string {
	if (!keepsTable(plan)) return t('What is on the target is overwritten and cannot be brought back.');
	const numbers = overwritten(plan).map(({ number }) => number);
	return numbers.length === 1
		? t(
				'Partition {0} of the target is overwritten and cannot be brought back. The others stay as they are.',
				numbers[0]!,
			)
		: t(
				'Partitions {0} of the target are overwritten and cannot be brought back. The others stay as they are.',
				numbers.join(', '),
			);
}
