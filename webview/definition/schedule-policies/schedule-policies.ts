import { html, nothing } from 'lit';
import type { BackupDefinition } from '../../../src/definition/model.ts';
import { isKnownZone } from '../../../src/definition/plan/calendar.ts';
import { notice, select } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles, inputStyles, noticeStyles } from '../../shared/styles.ts';
import { FormElement } from '../form.ts';
import { schedulePoliciesStyles } from './schedule-policies.styles.ts';

/** What holds for all schedules: runs that were missed, and the time zone. */
export class SchedulePoliciesElement extends FormElement {
	static override properties = { ...FormElement.properties, _wrongZone: { state: true } };
	static override styles = [baseStyles, inputStyles, noticeStyles, schedulePoliciesStyles];

	declare private _wrongZone: string | undefined;

	override render() {
		const { readOnly, definition, facts } = this.form;
		const { missedRuns, timeZone } = definition.scheduling;
		return html`${select({
				label: t('Runs missed while the computer was off'),
				value: missedRuns,
				choices: [
					{ value: 'run_once', text: t('Make up for them once, as soon as possible') },
					{ value: 'skip', text: t('Skip them') },
				],
				disabled: readOnly,
				onChange: (value) => this.#set({ missedRuns: value as 'run_once' | 'skip' }),
			})}
			<label class="field">
				<span class="muted">${t('Time zone')}</span>
				<input
					type="text"
					class="zone"
					list="zones"
					placeholder=${t('That of the computer ({0})', facts.timeZone)}
					.value=${timeZone ?? ''}
					?disabled=${readOnly}
					aria-invalid=${this._wrongZone === undefined ? 'false' : 'true'}
					@change=${(event: Event) => this.#zone((event.target as HTMLInputElement).value.trim())}
				/>
				<datalist id="zones">
					${Intl.supportedValuesOf('timeZone').map((zone) => html`<option value=${zone}></option>`)}
				</datalist>
			</label>
			${
				this._wrongZone === undefined
					? nothing
					: notice(
							'error',
							t('{0} is no time zone known here. Use a name such as Europe/Berlin or UTC.', this._wrongZone),
						)
			}`;
	}

	#zone(zone: string): void {
		this._wrongZone = zone === '' || isKnownZone(zone) ? undefined : zone;
		if (this._wrongZone === undefined) this.#set({ timeZone: zone === '' ? undefined : zone });
	}

	#set(part: Partial<BackupDefinition['scheduling']>): void {
		this.form.change((definition) => ({ ...definition, scheduling: { ...definition.scheduling, ...part } }));
	}
}
