import { html, nothing } from 'lit';
import { dayAt, formatDay, monthNumber } from '../../../src/definition/plan/calendar.ts';
import { describeType } from '../../../src/definition/plan/describe.ts';
import { nextRuns } from '../../../src/definition/plan/next-runs.ts';
import type { BackupType } from '../../../src/definition/retention/types.ts';
import { dateAndTime, longDate, monthTitle, weekdayNames } from '../../shared/dates.ts';
import { button } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles } from '../../shared/styles.ts';
import { typeLetters } from '../../shared/type-names.ts';
import { FormElement } from '../form.ts';
import { calendarMonth, type CalendarDay } from '../model/calendar-month.ts';
import { runCalendarStyles } from './run-calendar.styles.ts';

const countWords: Record<BackupType, (count: number) => string> = {
	full: (count) => t('{0} full', count),
	diff: (count) => t('{0} differential', count),
	inc: (count) => t('{0} incremental', count),
};

/** A month with the runs of the schedules, and the next few in words; no month where no run is known to come. */
export class RunCalendarElement extends FormElement {
	static override properties = { ...FormElement.properties, _ahead: { state: true } };
	static override styles = [baseStyles, runCalendarStyles];

	/** Months from the present one. */
	declare private _ahead: number;

	constructor() {
		super();
		this._ahead = 0;
	}

	override render() {
		const { definition, facts, now } = this.form;
		const runs = nextRuns(definition, now, 4, facts.timeZone);
		return html`<section aria-labelledby="title">
			<div class="row spread">
				<h3 id="title">${t('Next runs')}</h3>
				${runs.length === 0 ? nothing : this.#months()}
			</div>
			${runs.length === 0 ? html`<p class="muted">${this.#nothing()}</p>` : html`${this.#calendar()}${this.#list(runs)}`}
		</section>`;
	}

	get #zone(): string {
		const { definition, facts } = this.form;
		return definition.scheduling.timeZone ?? facts.timeZone;
	}

	/** Day of the present, and the month that is shown. */
	#shown() {
		const today = dayAt(this.form.now, this.#zone);
		return { today, month: monthNumber(today) + this._ahead };
	}

	#months() {
		return html`<div class="row months">
			${button(html`<afterimage-icon class="back" name="right"></afterimage-icon>`, () => this._ahead--, {
				appearance: 'icon',
				name: t('Previous month'),
				disabled: this._ahead === 0,
			})}
			<span aria-live="polite">${monthTitle(this.#shown().month)}</span>
			${button(html`<afterimage-icon name="right"></afterimage-icon>`, () => this._ahead++, {
				appearance: 'icon',
				name: t('Next month'),
				disabled: this._ahead >= 24,
			})}
		</div>`;
	}

	#calendar() {
		const { definition, facts, now } = this.form;
		const { today, month } = this.#shown();
		const weeks = calendarMonth(definition, month, now, facts.timeZone);
		return html`<table>
				<caption class="hidden-text">
					${t('Runs in {0}', monthTitle(month))}
				</caption>
				<thead>
					<tr>
						${weekdayNames().map((name) => html`<th scope="col">${name}</th>`)}
					</tr>
				</thead>
				<tbody>
					${weeks.map(
						(week) =>
							html`<tr>
								${week.map((day) => this.#day(day, formatDay(today)))}
							</tr>`,
					)}
				</tbody>
			</table>
			<p class="legend muted">
				<span><i class="dot full">${typeLetters.full}</i> ${t('Full')}</span
				><span><i class="dot diff">${typeLetters.diff}</i> ${t('Differential')}</span
				><span><i class="dot inc">${typeLetters.inc}</i> ${t('Incremental')}</span>
			</p>`;
	}

	#list(runs: ReturnType<typeof nextRuns>) {
		return html`<ol class="runs">
			${runs.map(
				(run) =>
					html`<li>
						<i class="dot ${run.backupType}" aria-hidden="true">${typeLetters[run.backupType]}</i>
						<span>${dateAndTime(run.time, this.#zone)}</span>
						<span class="muted"
							>${describeType(run.backupType, t)}${run.yielding.length > 0 ? t(', before others due then') : ''}</span
						>
					</li>`,
			)}
		</ol>`;
	}

	#day(day: CalendarDay, today: string) {
		const words = day.counts.map(({ type, count }) => countWords[type](count)).join(', ');
		return html`<td
			class="${day.inMonth ? '' : 'outside'} ${day.date === today ? 'today' : ''}"
			title="${longDate(day.date)}${words === '' ? '' : `: ${words}`}"
		>
			<span class="day">${day.day}</span>
			<span class="dots"
				>${day.counts.map(
					({ type, count }) =>
						html`<i class="dot ${type}" aria-hidden="true">${typeLetters[type]}${count > 1 ? count : ''}</i>`,
				)}</span
			>
			${words === '' ? nothing : html`<span class="hidden-text">${words}</span>`}
		</td>`;
	}

	#nothing(): string {
		const { schedules } = this.form.definition.scheduling;
		return schedules.some(({ enable, timing }) => enable && timing.kind === 'event')
			? t('Runs when the computer starts or somebody logs on; no time is known beforehand.')
			: t('No run lies ahead.');
	}
}
