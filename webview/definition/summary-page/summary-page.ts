import { css, html, nothing } from 'lit';
import { describeSpaceManagement } from '../../../src/definition/plan/describe.ts';
import { findings } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles, noticeStyles } from '../../shared/styles.ts';
import { formatDecimals } from '../../shared/quantities.ts';
import { FormElement } from '../form.ts';
import { samplePath } from '../model/destination.ts';
import { parameterContext } from '../model/sample-context.ts';
import { totalSelected } from '../model/sources.ts';
import { scheduleLines, summaryRows } from '../model/summary.ts';

/** The last page: every setting, in the order of the wizard. What is wrong stands above it, with the way to it. */
export class SummaryPageElement extends FormElement {
	static override styles = [
		baseStyles,
		noticeStyles,
		css`
			:host {
				display: flex;
				flex-direction: column;
				gap: 20px;
				max-width: 820px;
			}
			section {
				display: flex;
				flex-direction: column;
				gap: 6px;
			}
			dl {
				display: grid;
				grid-template-columns: minmax(12em, max-content) 1fr;
				gap: 4px 16px;
			}
			dt {
				color: var(--vscode-descriptionForeground);
			}
			li {
				overflow-wrap: anywhere;
			}
			.sub {
				padding-inline-start: 20px;
				color: var(--vscode-descriptionForeground);
				margin-bottom: 4px;
			}
			.card {
				padding: 14px 16px;
				border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
				border-radius: 4px;
			}
			@media (max-width: 420px) {
				dl {
					grid-template-columns: 1fr;
					gap: 0;
				}
				dd {
					margin-bottom: 6px;
				}
			}
		`,
	];

	override render() {
		const { definition, rows, problems } = this.form;
		const total = totalSelected(rows, !definition.intelligentSectorCopy);
		const sources = rows.filter((row) => row.whole || row.partitions.some(({ selected }) => selected));
		const { alternativeLocations } = definition.destination;
		return html`${findings(problems.filter(({ severity }) => severity === 'warning'))}
			<section class="card" aria-label=${t('Settings')}>
				<dl>
					${summaryRows(definition, total).map(
						([name, value]) =>
							html`<dt>${name}:</dt>
								<dd>${value}</dd>`,
					)}
				</dl>
			</section>
			<section aria-labelledby="schedules">
				<h3 id="schedules">${t('Schedules')}</h3>
				<ul>
					${scheduleLines(definition).map((line) => html`<li>${line}</li>`)}
				</ul>
			</section>
			<section aria-labelledby="retention">
				<h3 id="retention">${t('Retention Rules')}</h3>
				<ul>
					${describeSpaceManagement(definition, t, formatDecimals).map(
						(line) => html`<li class=${line.startsWith(' ') ? 'sub' : ''}>${line.trim()}</li>`,
					)}
				</ul>
			</section>
			<section aria-labelledby="destination">
				<h3 id="destination">${t('Destination:')}</h3>
				<dl>
					<dt>${t('File Name:')}</dt>
					<dd><code>${samplePath(definition, parameterContext(this.form))}</code></dd>
					${
						alternativeLocations.folders.length === 0
							? nothing
							: html`<dt>${t('Alternative locations:')}</dt>
									<dd>${alternativeLocations.folders.map((folder) => html`<div><code>${folder}</code></div>`)}</dd>`
					}
				</dl>
			</section>
			<section aria-labelledby="source">
				<h3 id="source">${t('Source:')}</h3>
				<ul>
					${
						definition.sources.bootPartitions
							? html`<li>${t('The partition(s) required to boot and run the operating system')}</li>`
							: nothing
					}
					${sources.map(
						(row) =>
							html`<li>
								${row.title}
								<div class="sub">
									${
										row.whole
											? t('All partitions')
											: row.partitions
													.filter(({ selected }) => selected)
													.map(({ title }) => title)
													.join(' · ')
									}
								</div>
							</li>`,
					)}
				</ul>
			</section>`;
	}
}
