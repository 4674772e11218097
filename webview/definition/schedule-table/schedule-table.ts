import { html, nothing } from 'lit';
import type { Schedule } from '../../../src/definition/model.ts';
import { formatDay, dayAt, isKnownZone } from '../../../src/definition/plan/calendar.ts';
import { describeTiming, describeType } from '../../../src/definition/plan/describe.ts';
import type { BackupType } from '../../../src/definition/retention/types.ts';
import { button, checkbox, findings, notice, select } from '../../shared/fields.ts';
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
		_menu: { state: true },
		_draft: { state: true },
		_wrongZone: { state: true },
	};
	static override styles = [baseStyles, tableStyles, inputStyles, noticeStyles, dialogStyles, scheduleTableStyles];

	/** Row that Edit and Delete are about. */
	declare private _chosen: number;
	declare private _menu: boolean;
	/** The schedule in the dialog, and its place in the list; a place behind the last is a new one. */
	declare private _draft: { readonly schedule: Schedule; readonly index: number } | undefined;
	declare private _wrongZone: string | undefined;

	constructor() {
		super();
		this._chosen = 0;
		this._menu = false;
	}

	override render() {
		const { readOnly, definition } = this.form;
		const { schedules } = definition.scheduling;
		const chosen = schedules[this._chosen];
		return html`<section aria-labelledby="title">
			<h3 id="title">2. Add/Edit Schedules</h3>
			<div class="table-and-buttons">
				${this.#table(schedules)}
				<div class="buttons">
					<div
						class="menu-place"
						@keydown=${(event: KeyboardEvent) => this.#menuKey(event)}
						@focusout=${this.#menuLeft}
					>
						<vscode-button
							id="add"
							appearance="secondary"
							aria-haspopup="menu"
							aria-expanded=${this._menu ? 'true' : 'false'}
							?disabled=${readOnly}
							@click=${() => this.#openMenu(!this._menu)}
							>Add Schedule&nbsp;▾</vscode-button
						>
						${
							this._menu
								? html`<ul role="menu" aria-label="Backup type of the new schedule">
										${(['full', 'diff', 'inc'] as const).map(
											(type) =>
												html`<li role="none">
													<button role="menuitem" @click=${() => this.#add(type)}>${describeType(type)}</button>
												</li>`,
										)}
									</ul>`
								: nothing
						}
					</div>
					${button('Edit Schedule', () => this.#edit(this._chosen), {
						disabled: readOnly || chosen === undefined,
						id: 'edit',
					})}
					${button('Delete Schedule', () => this.#askDelete(), {
						disabled: readOnly || chosen === undefined,
						id: 'delete',
					})}
				</div>
			</div>
			${schedules.length === 0 ? nothing : this.#policies()} ${this.#findings()}
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
				Schedules
			</caption>
			<thead>
				<tr>
					<th scope="col" class="narrow"><span class="hidden-text">Chosen</span></th>
					<th scope="col">Backup Type</th>
					<th scope="col">Schedule</th>
					<th scope="col" class="narrow">On</th>
				</tr>
			</thead>
			<tbody>
				${
					schedules.length === 0
						? html`<tr>
								<td></td>
								<td colspan="3" class="muted">None: backups run when you start them.</td>
							</tr>`
						: schedules.map((schedule, index) => this.#row(schedule, index))
				}
			</tbody>
		</table>`;
	}

	#row(schedule: Schedule, index: number) {
		const words = `${describeType(schedule.backupType)}, ${describeTiming(schedule)}`;
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
			<td><span class="type ${schedule.backupType}">${describeType(schedule.backupType)}</span></td>
			<td class=${schedule.enable ? '' : 'muted'}>
				${describeTiming(schedule)}${schedule.startDate === undefined ? '' : `, from ${schedule.startDate}`}${
					schedule.enable ? '' : ' (off)'
				}
			</td>
			<td class="narrow">
				${checkbox({
					label: '',
					name: `On: ${words}`,
					checked: schedule.enable,
					disabled: this.form.readOnly,
					onChange: (enable) => this.#update((all) => all.map((one, i) => (i === index ? { ...one, enable } : one))),
				})}
			</td>
		</tr>`;
	}

	#policies() {
		const { readOnly, definition, facts } = this.form;
		const { missedRuns, timeZone } = definition.scheduling;
		return html`<div class="policies">
			${select({
				label: 'Runs missed while the computer was off',
				value: missedRuns,
				choices: [
					{ value: 'run_once', text: 'Make up for them once, as soon as possible' },
					{ value: 'skip', text: 'Skip them' },
				],
				disabled: readOnly,
				onChange: (value) => this.#scheduling({ missedRuns: value as 'run_once' | 'skip' }),
			})}
			<label class="field">
				<span class="muted">Time zone</span>
				<input
					type="text"
					class="zone"
					list="zones"
					placeholder="That of the computer (${facts.timeZone})"
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
					: notice('error', `${this._wrongZone} is no time zone known here. Use a name such as Europe/Berlin or UTC.`)
			}
		</div>`;
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
							message:
								'Some are due at the same minute at times. Then one runs: full before differential before incremental.',
						},
					])
				: nothing
		}`;
	}

	#deleteDialog(schedule: Schedule) {
		return html`<dialog id="confirm" aria-labelledby="confirm-title">
			<div class="dialog-title"><h2 id="confirm-title">Delete this schedule?</h2></div>
			<div class="dialog-body"><p>${describeType(schedule.backupType)}: ${describeTiming(schedule)}</p></div>
			<div class="dialog-buttons">
				${button('Yes', () => this.#delete(), { appearance: 'primary' })}
				${button('No', () => this.#confirm()?.close())}
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

	#openMenu(open: boolean): void {
		this._menu = open && !this.form.readOnly;
		if (this._menu) void this.updateComplete.then(() => this.#items()[0]?.focus());
	}

	#items(): HTMLElement[] {
		return [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')];
	}

	#menuKey(event: KeyboardEvent): void {
		if (!this._menu) {
			if (event.key !== 'ArrowDown') return;
			this.#openMenu(true);
		} else if (event.key === 'Escape') {
			this._menu = false;
			this.renderRoot.querySelector<HTMLElement>('#add')?.focus();
		} else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
			const items = this.#items();
			const at = items.indexOf((this.renderRoot as ShadowRoot).activeElement as HTMLElement);
			items[(at + (event.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length]?.focus();
		} else {
			return;
		}
		event.preventDefault();
	}

	readonly #menuLeft = (event: FocusEvent): void => {
		const place = event.currentTarget as HTMLElement;
		if (!(event.relatedTarget instanceof Node && place.contains(event.relatedTarget))) this._menu = false;
	};

	#rowKey(event: KeyboardEvent, index: number): void {
		if (event.key === 'Enter') this.#edit(index);
		else if (event.key === 'Delete' && !this.form.readOnly) this.#askDelete();
	}

	#add(type: BackupType): void {
		this._menu = false;
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
		void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#add')?.focus());
	}

	#zone(zone: string): void {
		this._wrongZone = zone === '' || isKnownZone(zone) ? undefined : zone;
		if (this._wrongZone === undefined) this.#scheduling({ timeZone: zone === '' ? undefined : zone });
	}

	#update(change: (schedules: readonly Schedule[]) => readonly Schedule[]): void {
		this.form.change((definition) => ({
			...definition,
			scheduling: { ...definition.scheduling, schedules: change(definition.scheduling.schedules) },
		}));
	}

	#scheduling(part: { missedRuns?: 'run_once' | 'skip'; timeZone?: string | undefined }): void {
		this.form.change((definition) => ({ ...definition, scheduling: { ...definition.scheduling, ...part } }));
	}
}
