import { html, nothing } from 'lit';
import type { Schedule } from '../../../src/definition/model.ts';
import { formatDay, dayAt } from '../../../src/definition/plan/calendar.ts';
import { describeTiming, describeType } from '../../../src/definition/plan/describe.ts';
import type { BackupType } from '../../../src/definition/retention/types.ts';
import { button, checkbox, findings } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles, dialogStyles, inputStyles, noticeStyles, tableStyles } from '../../shared/styles.ts';
import { FormElement, problemsIn } from '../form.ts';
import { newSchedule } from '../model/schedules.ts';
import { scheduleTableStyles } from './schedule-table.styles.ts';

/** The rule that names each pair of schedules that can be due together; the form says it once. */
const sameMinute = 'same-minute';

/** The second step of a plan: when backups run by themselves. */
export class ScheduleTableElement extends FormElement {
	static override properties = {
		...FormElement.properties,
		_chosen: { state: true },
		_draft: { state: true },
	};
	static override styles = [baseStyles, tableStyles, inputStyles, noticeStyles, dialogStyles, scheduleTableStyles];

	/** Row that Edit and Delete are about. */
	declare private _chosen: number;
	/** The schedule in the dialog, and its place in the list; a place behind the last is a new one. */
	declare private _draft: { readonly schedule: Schedule; readonly index: number } | undefined;

	constructor() {
		super();
		this._chosen = 0;
	}

	override render() {
		const { readOnly, definition } = this.form;
		const { schedules } = definition.scheduling;
		const chosen = schedules[this._chosen];
		return html`<section aria-labelledby="title">
			<h3 id="title">${t('2. Add/Edit Schedules')}</h3>
			<div class="table-and-buttons">
				${this.#table(schedules)}
				<div class="buttons">
					<afterimage-add-schedule
						?disabled=${readOnly}
						@add=${(event: CustomEvent<BackupType>) => this.#add(event.detail)}
					></afterimage-add-schedule>
					${button(t('Edit Schedule'), () => this.#edit(this._chosen), {
						disabled: readOnly || chosen === undefined,
						id: 'edit',
					})}
					${button(t('Delete Schedule'), () => this.#askDelete(), {
						disabled: readOnly || chosen === undefined,
						id: 'delete',
					})}
				</div>
			</div>
			${
				schedules.length === 0
					? nothing
					: html`<afterimage-schedule-policies .form=${this.form}></afterimage-schedule-policies>`
			}
			${this.#findings()}
			${
				this._draft === undefined
					? nothing
					: html`<afterimage-schedule-dialog
							.form=${this.form}
							.schedule=${this._draft.schedule}
							.fresh=${this._draft.index >= schedules.length}
							@done=${(event: CustomEvent<Schedule | null>) => this.#finish(event.detail ?? undefined)}
						></afterimage-schedule-dialog>`
			}
			${chosen === undefined ? nothing : this.#deleteDialog(chosen)}
		</section>`;
	}

	#table(schedules: readonly Schedule[]) {
		return html`<table>
			<caption class="hidden-text">
				${t('Schedules')}
			</caption>
			<thead>
				<tr>
					<th scope="col" class="narrow"><span class="hidden-text">${t('Chosen')}</span></th>
					<th scope="col">${t('Backup Type')}</th>
					<th scope="col">${t('Schedule')}</th>
					<th scope="col" class="narrow">${t('On')}</th>
				</tr>
			</thead>
			<tbody>
				${
					schedules.length === 0
						? html`<tr>
								<td></td>
								<td colspan="3" class="muted">${t('None: backups run when you start them.')}</td>
							</tr>`
						: schedules.map((schedule, index) => this.#row(schedule, index))
				}
			</tbody>
		</table>`;
	}

	#row(schedule: Schedule, index: number) {
		const words = `${describeType(schedule.backupType, t)}, ${describeTiming(schedule, t)}`;
		return html`<tr
			class=${index === this._chosen ? 'chosen' : ''}
			@click=${() => (this._chosen = index)}
			@dblclick=${() => this.#edit(index)}
		>
			<td class="narrow">
				<input
					type="radio"
					name="chosen"
					aria-label=${words}
					.checked=${index === this._chosen}
					@change=${() => (this._chosen = index)}
					@keydown=${(event: KeyboardEvent) => this.#rowKey(event, index)}
				/>
			</td>
			<td><span class="type ${schedule.backupType}">${describeType(schedule.backupType, t)}</span></td>
			<td class=${schedule.enable ? '' : 'muted'}>
				${describeTiming(schedule, t)}${schedule.startDate === undefined ? '' : t(', from {0}', schedule.startDate)}${
					schedule.enable ? '' : ` ${t('(off)')}`
				}
			</td>
			<td class="narrow">
				${checkbox({
					label: '',
					name: t('On: {0}', words),
					checked: schedule.enable,
					disabled: this.form.readOnly,
					onChange: (enable) => this.#update((all) => all.map((one, i) => (i === index ? { ...one, enable } : one))),
				})}
			</td>
		</tr>`;
	}

	#findings() {
		const problems = problemsIn(this.form, 'scheduling');
		const crowded = problems.some(({ code }) => code === sameMinute);
		return html`${findings(problems.filter(({ code }) => code !== sameMinute))}
		${
			crowded
				? findings([
						{
							severity: 'information',
							message: t(
								'Some are due at the same minute at times. Then one runs: full before differential before incremental.',
							),
						},
					])
				: nothing
		}`;
	}

	#deleteDialog(schedule: Schedule) {
		return html`<dialog id="confirm" aria-labelledby="confirm-title">
			<div class="dialog-title"><h2 id="confirm-title">${t('Delete this schedule?')}</h2></div>
			<div class="dialog-body"><p>${describeType(schedule.backupType, t)}: ${describeTiming(schedule, t)}</p></div>
			<div class="dialog-buttons">
				${button(t('Yes'), () => this.#delete(), { appearance: 'primary' })}
				${button(t('No'), () => this.#confirm()?.close())}
			</div>
		</dialog>`;
	}

	#confirm(): HTMLDialogElement | null {
		return this.renderRoot.querySelector<HTMLDialogElement>('#confirm');
	}

	#askDelete(): void {
		this.#confirm()?.showModal();
	}

	#delete(): void {
		const index = this._chosen;
		this.#confirm()?.close();
		this.#update((all) => all.filter((_, i) => i !== index));
		this._chosen = Math.max(0, index - 1);
	}

	#rowKey(event: KeyboardEvent, index: number): void {
		if (event.key === 'Enter') this.#edit(index);
		else if (event.key === 'Delete' && !this.form.readOnly) this.#askDelete();
	}

	#add(type: BackupType): void {
		const { facts, definition, now } = this.form;
		const today = formatDay(dayAt(now, definition.scheduling.timeZone ?? facts.timeZone));
		this._draft = { schedule: newSchedule(type, today), index: definition.scheduling.schedules.length };
	}

	#edit(index: number): void {
		const schedule = this.form.definition.scheduling.schedules[index];
		if (schedule !== undefined && !this.form.readOnly) this._draft = { schedule, index };
	}

	#finish(schedule: Schedule | undefined): void {
		const index = this._draft?.index;
		this._draft = undefined;
		if (schedule !== undefined && index !== undefined) {
			this.#update((all) =>
				index < all.length ? all.map((one, i) => (i === index ? schedule : one)) : [...all, schedule],
			);
			this._chosen = index;
		}
		void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('afterimage-add-schedule')?.focus());
	}

	#update(change: (schedules: readonly Schedule[]) => readonly Schedule[]): void {
		this.form.change((definition) => ({
			...definition,
			scheduling: { ...definition.scheduling, schedules: change(definition.scheduling.schedules) },
		}));
	}
}
