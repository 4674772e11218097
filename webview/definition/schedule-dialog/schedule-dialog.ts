import { html, nothing } from 'lit';
import { weekdays, type Schedule, type Timing, type Weekday, type WeekOfMonth } from '../../../src/definition/model.ts';
import { dayAt, formatDay } from '../../../src/definition/plan/calendar.ts';
import { describeTiming, describeType, describeWeekday } from '../../../src/definition/plan/describe.ts';
import { nextRuns } from '../../../src/definition/plan/next-runs.ts';
import { dateAndTime, weekdayNames } from '../../shared/dates.ts';
import { button, checkbox, notice, numberField, select } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles, dialogStyles, inputStyles, noticeStyles } from '../../shared/styles.ts';
import type { SelectElement } from '../../shared/select/select.ts';
import { FormElement } from '../form.ts';
import { scheduleProblem, timingKinds, timingOf, withDay, type TimingKind } from '../model/schedules.ts';
import { scheduleDialogStyles } from './schedule-dialog.styles.ts';

const weeks: readonly { readonly value: WeekOfMonth; readonly text: string }[] = [
	{ value: 'first', text: t('First') },
	{ value: 'second', text: t('Second') },
	{ value: 'third', text: t('Third') },
	{ value: 'fourth', text: t('Fourth') },
	{ value: 'last', text: t('Last') },
];

const monthWords = { label: t('Repeat every so many months'), one: t('month'), many: t('months') };
const intervalWords = {
	daily: { label: t('Repeat every so many days'), one: t('day'), many: t('days') },
	weekly: { label: t('Repeat every so many weeks'), one: t('week'), many: t('weeks') },
	monthly: monthWords,
	monthly_weekday: monthWords,
};

/** The dialog of one schedule. Fires `done` with the schedule, or with null when it was cancelled. */
export class ScheduleDialogElement extends FormElement {
	static override properties = {
		...FormElement.properties,
		schedule: { attribute: false },
		fresh: { attribute: false },
		_draft: { state: true },
	};
	static override styles = [baseStyles, inputStyles, noticeStyles, dialogStyles, scheduleDialogStyles];

	declare schedule: Schedule;
	declare fresh: boolean;
	declare private _draft: Schedule;
	#kept: Schedule | undefined;

	override willUpdate(changed: Map<string, unknown>): void {
		if (changed.has('schedule')) this._draft = this.schedule;
	}

	override firstUpdated(): void {
		const dialog = this.renderRoot.querySelector('dialog')!;
		dialog.addEventListener('close', () => this.dispatchEvent(new CustomEvent('done', { detail: this.#kept })));
		dialog.showModal();
		const first = this.renderRoot.querySelector<SelectElement>('afterimage-select')!;
		void first.updateComplete.then(() => first.focus());
	}

	override render() {
		const draft = this._draft;
		const problem = scheduleProblem(draft);
		return html`<dialog aria-labelledby="title">
			<div class="dialog-title">
				<h2 id="title">${this.#title(describeType(draft.backupType, t))}</h2>
			</div>
			<div class="dialog-body">
				<div class="grid">
					<span id="frequency">${t('Frequency')}</span>
					${select({
						label: t('Frequency'),
						hideLabel: true,
						value: draft.timing.kind,
						choices: timingKinds,
						onChange: (kind) => this.#timing(timingOf(kind as TimingKind, draft.timing, this.#today())),
					})}
					${this.#fields(draft.timing)} ${'interval' in draft.timing ? this.#interval(draft.timing) : nothing}
					<label for="start">${t('Start date')}</label>
					<div class="row">
						<input
							id="start"
							type="date"
							.value=${draft.startDate ?? ''}
							@change=${(event: Event) => this.#set({ startDate: (event.target as HTMLInputElement).value || undefined })}
						/>
						<span class="muted"
							>${draft.startDate === undefined ? t('At once') : t('Intervals are counted from here.')}</span
						>
					</div>
				</div>
				${checkbox({ label: t('Enabled'), checked: draft.enable, onChange: (enable) => this.#set({ enable }) })}
				${problem === undefined ? this.#preview(draft) : notice('error', problem)}
			</div>
			<div class="dialog-buttons">
				${button(t('OK'), () => this.#close(draft), { appearance: 'primary', disabled: problem !== undefined, id: 'ok' })}
				${button(t('Cancel'), () => this.#close(undefined))}
			</div>
		</dialog>`;
	}

	#title(type: string): string {
		return this.fresh ? t('Add {0} Schedule', type) : t('Edit {0} Schedule', type);
	}

	#fields(timing: Timing) {
		switch (timing.kind) {
			case 'once':
				return html`<label for="date">${t('Day')}</label>
					<input
						id="date"
						type="date"
						.value=${timing.date}
						@change=${(event: Event) => this.#timing({ ...timing, date: valueOf(event) })}
					/>
					${this.#time(timing)}`;
			case 'daily':
				return this.#time(timing);
			case 'weekly':
				return html`${this.#days(timing)} ${this.#time(timing)}`;
			case 'monthly':
				return html`<span>${t('Day of the month')}</span> ${select({
						label: t('Day of the month'),
						hideLabel: true,
						value: String(timing.day),
						choices: [
							...Array.from({ length: 31 }, (_, i) => ({ value: String(i + 1), text: String(i + 1) })),
							{ value: 'last', text: t('Last day') },
						],
						onChange: (day) => this.#timing({ ...timing, day: day === 'last' ? 'last' : Number(day) }),
					})}
					${this.#time(timing)}`;
			case 'monthly_weekday':
				return html`<span>${t('On the')}</span>
					<div class="row">
						${select({
							label: t('Which one of the month'),
							hideLabel: true,
							value: timing.week,
							choices: weeks,
							onChange: (week) => this.#timing({ ...timing, week: week as WeekOfMonth }),
						})}
						${select({
							label: t('Weekday'),
							hideLabel: true,
							value: timing.weekday,
							choices: weekdays.map((value) => ({ value, text: describeWeekday(value, t) })),
							onChange: (weekday) => this.#timing({ ...timing, weekday: weekday as Weekday }),
						})}
					</div>
					${this.#time(timing)}`;
			case 'intradaily':
				return html`<span>${t('Every')}</span>
					<div class="row">
						${numberField({
							label: t('Minutes between runs'),
							value: timing.minutes,
							min: 1,
							max: 1439,
							onChange: (minutes) => this.#timing({ ...timing, minutes }),
						})}
						${t('minutes')}
					</div>
					<span>${t('Between')}</span>
					<div class="row">
						<input
							type="time"
							aria-label=${t('First run of the day')}
							.value=${timing.from}
							@change=${(event: Event) => this.#timing({ ...timing, from: valueOf(event) })}
						/>
						${t('and')}
						<input
							type="time"
							aria-label=${t('No run after')}
							.value=${timing.until}
							@change=${(event: Event) => this.#timing({ ...timing, until: valueOf(event) })}
						/>
					</div>
					${this.#days(timing)}`;
			case 'event':
				return html`<span>${t('When')}</span> ${select({
						label: t('When'),
						hideLabel: true,
						value: timing.trigger,
						choices: [
							{ value: 'startup', text: t('The computer starts') },
							{ value: 'log_on', text: t('Somebody logs on') },
						],
						onChange: (trigger) => this.#timing({ ...timing, trigger: trigger as 'startup' | 'log_on' }),
					})}`;
		}
	}

	#time(timing: Extract<Timing, { time: string }>) {
		return html`<label for="time">${t('Time')}</label>
			<input
				id="time"
				type="time"
				.value=${timing.time}
				@change=${(event: Event) => this.#timing({ ...timing, time: valueOf(event) })}
			/>`;
	}

	#days(timing: Extract<Timing, { days: readonly Weekday[] }>) {
		return html`<span id="days">${t('Days')}</span>
			<div class="days" role="group" aria-labelledby="days">
				${weekdays.map((day, index) =>
					checkbox({
						label: weekdayNames()[index]!,
						name: describeWeekday(day, t),
						checked: timing.days.includes(day),
						onChange: (on) => this.#timing({ ...timing, days: withDay(timing.days, day, on) }),
					}),
				)}
			</div>`;
	}

	#interval(timing: Extract<Timing, { interval: number }>) {
		const { label, one, many } = intervalWords[timing.kind];
		return html`<span>${t('Repeat every')}</span>
			<div class="row">
				${numberField({
					label,
					value: timing.interval,
					min: 1,
					max: 9999,
					onChange: (interval) => this.#timing({ ...timing, interval }),
				})}
				${timing.interval === 1 ? one : many}
			</div>`;
	}

	#preview(draft: Schedule) {
		const zone = this.#zone();
		const runs = nextRuns(
			{ scheduling: { ...this.form.definition.scheduling, schedules: [draft] } },
			this.form.now,
			3,
			zone,
		);
		return html`<div class="preview" aria-live="polite">
			<strong>${describeTiming(draft, t)}</strong>
			${
				draft.timing.kind === 'event'
					? nothing
					: html`<p class="muted">
							${
								runs.length === 0
									? t('It will not run any more.')
									: t('Next: {0}', runs.map((run) => dateAndTime(run.time, zone)).join(' · '))
							}
						</p>`
			}
		</div>`;
	}

	#zone(): string {
		return this.form.definition.scheduling.timeZone ?? this.form.facts.timeZone;
	}

	#today(): string {
		return formatDay(dayAt(this.form.now, this.#zone()));
	}

	#timing(timing: Timing): void {
		this.#set({ timing });
	}

	#set(part: Partial<Schedule>): void {
		this._draft = { ...this._draft, ...part };
	}

	#close(kept: Schedule | undefined): void {
		this.#kept = kept;
		this.renderRoot.querySelector('dialog')!.close();
	}
}

function valueOf(event: Event): string {
	return (event.target as HTMLInputElement).value;
}
