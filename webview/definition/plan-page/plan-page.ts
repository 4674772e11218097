import { css, html } from 'lit';
import { t } from '../../shared/l10n.ts';
import { baseStyles } from '../../shared/styles.ts';
import { FormElement } from '../form.ts';

/** The second page: template, schedules and retention rules, and beside them what they come to. */
export class PlanPageElement extends FormElement {
	static override styles = [
		baseStyles,
		css`
			:host {
				container-type: inline-size;
			}
			.columns {
				display: grid;
				grid-template-columns: minmax(0, 1fr) 340px;
				gap: 24px 36px;
				align-items: start;
			}
			.steps,
			aside {
				display: flex;
				flex-direction: column;
				gap: 28px;
			}
			aside {
				/* Its line runs along the steps, whichever of both is longer. */
				align-self: stretch;
				padding-inline-start: 24px;
				border-inline-start: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
			}
			@container (max-width: 860px) {
				.columns {
					grid-template-columns: minmax(0, 1fr);
				}
				aside {
					display: grid;
					grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
					padding-inline-start: 0;
					border-inline-start: 0;
				}
			}
			@container (max-width: 620px) {
				aside {
					grid-template-columns: minmax(0, 1fr);
				}
			}
		`,
	];

	override render() {
		const { form } = this;
		return html`<div class="columns">
			<div class="steps">
				<afterimage-template-picker .form=${form}></afterimage-template-picker>
				<afterimage-schedule-table .form=${form}></afterimage-schedule-table>
				<afterimage-retention-rules .form=${form}></afterimage-retention-rules>
			</div>
			<aside aria-label=${t('What this plan comes to')}>
				<afterimage-run-calendar .form=${form}></afterimage-run-calendar>
				<afterimage-simulation .form=${form}></afterimage-simulation>
			</aside>
		</div>`;
	}
}
