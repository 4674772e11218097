import { html, nothing } from 'lit';
import { formatBytes } from '../../shared/quantities.ts';
import type { SimulatedDay } from '../../../src/definition/plan/simulate.ts';
import { dateAndTime, longDate, shortDate } from '../../shared/dates.ts';
import { button, select } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles, inputStyles } from '../../shared/styles.ts';
import { filesWord } from '../../shared/file-words.ts';
import { FormElement } from '../form.ts';
import { assume, removalsOf, setLines, SimulationCache, type Assumptions } from '../model/simulation.ts';
import { totalSelected } from '../model/sources.ts';
import { simulationStyles } from './simulation.styles.ts';

const spans = [
	{ value: '30', text: t('{0} days', 30) },
	{ value: '90', text: t('{0} days', 90) },
	{ value: '365', text: t('1 year') },
];
/** Bars of the chart: more would be thinner than a pixel. */
const maxBars = 90;

/** Which files will exist on a day to come, and why others are gone by then. */
export class SimulationElement extends FormElement {
	static override properties = { ...FormElement.properties, _day: { state: true }, _span: { state: true } };
	static override styles = [baseStyles, inputStyles, simulationStyles];

	declare private _day: number;
	declare private _span: number;
	readonly #cache = new SimulationCache();

	constructor() {
		super();
		this._day = 29;
		this._span = 90;
	}

	override render() {
		const { definition, facts, rows, destinations, now } = this.form;
		const { folder } = definition.destination;
		const selected = totalSelected(rows, !definition.intelligentSectorCopy);
		const assumptions = assume(
			selected > 0 ? selected : 100 * 2 ** 30,
			folder === undefined ? undefined : destinations.get(folder),
		);
		const days = this.#cache.days(definition, now, this._span, facts.timeZone, assumptions);
		const at = Math.min(this._day, days.length - 1);
		const timed = definition.scheduling.schedules.some(({ enable, timing }) => enable && timing.kind !== 'event');
		return html`<section aria-labelledby="title">
			<div class="row spread">
				<h3 id="title">${t('Which files will exist')}</h3>
				${timed ? this.#spans() : nothing}
			</div>
			${
				days.some(({ runs }) => runs.length > 0)
					? this.#simulation(days, at, assumptions)
					: html`<p class="muted">${t('Without a schedule that names a time, there is nothing to simulate.')}</p>`
			}
		</section>`;
	}

	#spans() {
		return select({
			label: t('Days that the simulation covers'),
			hideLabel: true,
			value: String(this._span),
			choices: spans,
			onChange: (value) => (this._span = Number(value)),
		});
	}

	#simulation(days: readonly SimulatedDay[], at: number, assumptions: Assumptions) {
		const { definition, facts } = this.form;
		const zone = definition.scheduling.timeZone ?? facts.timeZone;
		const day = days[at]!;
		const lines = setLines(day.sets, (time) => dateAndTime(time, zone));
		const removals = removalsOf(day.runs);
		const files = day.sets.reduce((sum, set) => sum + set.files.length, 0);
		const next = days.findIndex((one, index) => index > at && removalsOf(one.runs).length > 0);
		const title = t('Day {0}, {1}', at + 1, longDate(day.date));
		return html`${this.#chart(days, at)}
			<input
				type="range"
				min="0"
				max=${days.length - 1}
				.value=${String(at)}
				aria-label=${t('Day of the simulation')}
				aria-valuetext="${title}: ${filesWord(files)}, ${formatBytes(day.bytes)}"
				@input=${(event: Event) => (this._day = Number((event.target as HTMLInputElement).value))}
			/>
			<div class="row spread">
				<strong id="day">${title}</strong>
				<span class="muted">${filesWord(files)} · ${formatBytes(day.bytes)}</span>
			</div>
			<ul class="sets" aria-label=${t('Backup sets on that day')}>
				${lines.map(
					(line) =>
						html`<li>
							<span class="set"
								>${t('Set of {0}', shortDate(line.begun, zone))}
								<span class="muted">${formatBytes(line.bytes)}</span></span
							>
							<span class="chain">
								${line.more > 0 ? html`<span class="muted">${t('{0} older', line.more)} · </span>` : nothing}
								${line.chips.map(
									(chip) =>
										html`<i class="dot ${chip.type} ${chip.merged > 0 ? 'merged' : ''}" title=${chip.title}>
											<span aria-hidden="true">${chip.letter}</span><span class="hidden-text">${chip.title}</span></i
										>`,
								)}
							</span>
						</li>`,
				)}
				${lines.length === 0 ? html`<li class="muted">${t('No file yet.')}</li>` : nothing}
			</ul>
			<div class="removals" aria-live="polite">
				${
					removals.length === 0
						? html`<p class="muted">${t('Nothing goes on this day.')}</p>`
						: removals
								.slice(0, 6)
								.map(
									({ what, reason, time }) =>
										html`<p>
											<strong>${what}</strong> <span class="muted">${dateAndTime(time, zone)}</span><br />${reason}
										</p>`,
								)
				}
				${removals.length > 6 ? html`<p class="muted">${t('and {0} more that day', removals.length - 6)}</p>` : nothing}
			</div>
			${button(t('Next day on which something goes'), () => (this._day = next), { disabled: next < 0 })}
			<p class="muted small">
				${
					assumptions.measured
						? t('Sizes as those of the images in the folder.')
						: t('Sizes are assumed: a full takes 60 % of the selected bytes, a day changes 2 % of that.')
				}
			</p>`;
	}

	#chart(days: readonly SimulatedDay[], at: number) {
		const step = Math.ceil(days.length / maxBars);
		const bars = days.filter((_, index) => index % step === 0);
		const most = Math.max(1, ...bars.map(({ bytes }) => bytes));
		return html`<div class="chart" aria-hidden="true">
			${bars.map(
				({ bytes, runs }, index) =>
					html`<div
						class="${Math.floor(at / step) === index ? 'now' : ''} ${
							runs.some(({ steps }) => steps.length > 0) ? 'purged' : ''
						}"
						style="height: ${((bytes / most) * 100).toFixed(1)}%"
						@click=${() => (this._day = index * step)}
					></div>`,
			)}
		</div>`;
	}
}
