import { html, nothing } from 'lit';
import { weekdays, type Schedule, type Timing, type Weekday, type WeekOfMonth } from '../../../src/definition/model.ts';
import { dayAt, formatDay } from '../../../src/definition/plan/calendar.ts';
import { describeTiming, describeType } from '../../../src/definition/plan/describe.ts';
import { nextRuns } from '../../../src/definition/plan/next-runs.ts';
import { dateAndTime } from '../../shared/dates.ts';
import { button, checkbox, notice, numberField, select } from '../../shared/fields.ts';
import { baseStyles, dialogStyles, inputStyles, noticeStyles } from '../../shared/styles.ts';
import type { SelectElement } from '../../shared/select/select.ts';
import { FormElement } from '../form.ts';
import { scheduleProblem, timingKinds, timingOf, withDay, type TimingKind } from '../model/schedules.ts';
import { scheduleDialogStyles } from './schedule-dialog.styles.ts';

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const weeks: readonly WeekOfMonth[] = ['first', 'second', 'third', 'fourth', 'last'];

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
				<h2 id="title">${this.fresh ? 'Add' : 'Edit'} ${describeType(draft.backupType)} Schedule</h2>
			</div>
			<div class="dialog-body">
				<div class="grid">
					<span id="frequency">Frequency</span>
					${select({
						label: 'Frequency',
						hideLabel: true,
						value: draft.timing.kind,
						choices: timingKinds,
						onChange: (kind) => this.#timing(timingOf(kind as TimingKind, draft.timing, this.#today())),
					})}
					${this.#fields(draft.timing)} ${'interval' in draft.timing ? this.#interval(draft.timing) : nothing}
					<label for="start">Start date</label>
					<div class="row">
						<input
							id="start"
							type="date"
							.value=${draft.startDate ?? ''}
							@change=${(event: Event) => this.#set({ startDate: (event.target as HTMLInputElement).value || undefined })}
						/>
						<span class="muted">${draft.startDate === undefined ? 'At once' : 'Intervals are counted from here.'}</span>
					</div>
				</div>
				${checkbox({ label: 'Enabled', checked: draft.enable, onChange: (enable) => this.#set({ enable }) })}
				${problem === undefined ? this.#preview(draft) : notice('error', problem)}
			</div>
			<div class="dialog-buttons">
				${button('OK', () => this.#close(draft), { appearance: 'primary', disabled: problem !== undefined, id: 'ok' })}
				${button('Cancel', () => this.#close(undefined))}
			</div>
		</dialog>`;
	}

	#fields(timing: Timing) {
		switch (timing.kind) {
			case 'once':
				return html`<label for="date">Day</label>
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
				return html`<span>Day of the month</span> ${select({
						label: 'Day of the month',
						hideLabel: true,
						value: String(timing.day),
						choices: [
							...Array.from({ length: 31 }, (_, i) => ({ value: String(i + 1), text: String(i + 1) })),
							{ value: 'last', text: 'Last day' },
						],
						onChange: (day) => this.#timing({ ...timing, day: day === 'last' ? 'last' : Number(day) }),
					})}
					${this.#time(timing)}`;
			case 'monthly_weekday':
				return html`<span>On the</span>
					<div class="row">
						${select({
							label: 'Which one of the month',
							hideLabel: true,
							value: timing.week,
							choices: weeks.map((value) => ({ value, text: capital(value) })),
							onChange: (week) => this.#timing({ ...timing, week: week as WeekOfMonth }),
						})}
						${select({
							label: 'Weekday',
							hideLabel: true,
							value: timing.weekday,
							choices: weekdays.map((value) => ({ value, text: capital(value) })),
							onChange: (weekday) => this.#timing({ ...timing, weekday: weekday as Weekday }),
						})}
					</div>
					${this.#time(timing)}`;
			case 'intradaily':
				return html`<span>Every</span>
					<div class="row">
						${numberField({
							label: 'Minutes between runs',
							value: timing.minutes,
							min: 1,
							max: 1439,
							onChange: (minutes) => this.#timing({ ...timing, minutes }),
						})}
						minutes
					</div>
					<span>Between</span>
					<div class="row">
						<input
							type="time"
							aria-label="First run of the day"
							.value=${timing.from}
							@change=${(event: Event) => this.#timing({ ...timing, from: valueOf(event) })}
						/>
						and
						<input
							type="time"
							aria-label="No run after"
							.value=${timing.until}
							@change=${(event: Event) => this.#timing({ ...timing, until: valueOf(event) })}
						/>
					</div>
					${this.#days(timing)}`;
			case 'event':
				return html`<span>When</span> ${select({
						label: 'When',
						hideLabel: true,
						value: timing.trigger,
						choices: [
							{ value: 'startup', text: 'The computer starts' },
							{ value: 'log_on', text: 'Somebody logs on' },
						],
						onChange: (trigger) => this.#timing({ ...timing, trigger: trigger as 'startup' | 'log_on' }),
					})}`;
		}
	}

	#time(timing: Extract<Timing, { time: string }>) {
		return html`<label for="time">Time</label>
			<input
				id="time"
				type="time"
				.value=${timing.time}
				@change=${(event: Event) => this.#timing({ ...timing, time: valueOf(event) })}
			/>`;
	}

	#days(timing: Extract<Timing, { days: readonly Weekday[] }>) {
		return html`<span id="days">Days</span>
			<div class="days" role="group" aria-labelledby="days">
				${weekdays.map((day) =>
					checkbox({
						label: capital(day).slice(0, 3),
						name: capital(day),
						checked: timing.days.includes(day),
						onChange: (on) => this.#timing({ ...timing, days: withDay(timing.days, day, on) }),
					}),
				)}
			</div>`;
	}

	#interval(timing: Extract<Timing, { interval: number }>) {
		const unit = { daily: 'day', weekly: 'week', monthly: 'month', monthly_weekday: 'month' }[timing.kind];
		return html`<span>Repeat every</span>
			<div class="row">
				${numberField({
					label: `Repeat every so many ${unit}s`,
					value: timing.interval,
					min: 1,
					max: 9999,
					onChange: (interval) => this.#timing({ ...timing, interval }),
				})}
				${timing.interval === 1 ? unit : `${unit}s`}
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
			<strong>${describeTiming(draft)}</strong>
			${
				draft.timing.kind === 'event'
					? nothing
					: html`<p class="muted">
							${
								runs.length === 0
									? 'It will not run any more.'
									: `Next: ${runs.map((run) => dateAndTime(run.time, zone)).join(' · ')}`
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
