import { html } from 'lit';
import type { DiskSpaceManagement, RetentionPeriod } from '../../../src/definition/model.ts';
import { describeType } from '../../../src/definition/plan/describe.ts';
import type { BackupType } from '../../../src/definition/retention/types.ts';
import { checkbox, findings, numberField, select } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles, inputStyles, noticeStyles } from '../../shared/styles.ts';
import { FormElement, problemsIn } from '../form.ts';
import { periods, ruleOf, withRule } from '../model/retention.ts';
import { retentionRulesStyles } from './retention-rules.styles.ts';

const consequences: Record<BackupType, string> = {
	full: t('Deleting a full deletes its whole backup set.'),
	diff: t('Deleting a differential deletes the incrementals linked to it.'),
	inc: t('Older ones are merged, so that the chain is never broken.'),
};

/** The third step of a plan: how long backups are kept. */
export class RetentionRulesElement extends FormElement {
	static override styles = [baseStyles, inputStyles, noticeStyles, retentionRulesStyles];

	override render() {
		const { readOnly, definition } = this.form;
		const space = definition.diskSpaceManagement;
		return html`<section aria-labelledby="title">
			<h3 id="title">${t('3. Define Retention Rules')}</h3>
			${select({
				label: t('Which backup sets the rules are applied to'),
				hideLabel: true,
				value: space.applyToAllSetsInFolder ? 'all' : 'matching',
				choices: [
					{ value: 'matching', text: t('Apply retention rules to matching backup sets in the target folder') },
					{ value: 'all', text: t('Apply retention rules to all backup sets in the target folder') },
				],
				disabled: readOnly,
				onChange: (value) => this.#set({ applyToAllSetsInFolder: value === 'all' }),
			})}
			<p class="muted">
				${
					space.applyToAllSetsInFolder
						? t('Every disk image in the folder is purged by these rules, whatever it was made from.')
						: t('Images with exactly the same partitions are purged: same disk, same places on it.')
				}
			</p>
			<div class="rules">${(['full', 'diff', 'inc'] as const).map((type) => this.#rule(space, type))}</div>
			<div class="options">
				${checkbox({
					label: t('Create a Synthetic Full if possible'),
					checked: space.incrementalsForever,
					disabled: readOnly,
					onChange: (incrementalsForever) => this.#set({ incrementalsForever }),
				})}
				${checkbox({
					label: t('Run the purge before backup.'),
					checked: space.runBefore,
					disabled: readOnly,
					onChange: (runBefore) => this.#set({ runBefore }),
				})}
				<div class="row low-space">
					${checkbox({
						label: t('Delete the oldest backup set(s) if less than'),
						checked: space.lowSpacePurge,
						disabled: readOnly,
						onChange: (lowSpacePurge) => this.#set({ lowSpacePurge }),
					})}
					${numberField({
						label: t('GB that stay free on the target volume'),
						value: space.lowSpaceGbThreshold,
						min: 1,
						max: 1_000_000,
						disabled: readOnly || !space.lowSpacePurge,
						onChange: (lowSpaceGbThreshold) => this.#set({ lowSpaceGbThreshold }),
					})}
					<span>${t('GB on the target volume (minimum 1GB)')}</span>
				</div>
			</div>
			${findings(problemsIn(this.form, 'disk_space_management'))}
		</section>`;
	}

	#rule(space: DiskSpaceManagement, type: BackupType) {
		const rule = ruleOf(space, type);
		const { readOnly } = this.form;
		const name = describeType(type, t);
		const set = (part: Partial<typeof rule>) =>
			this.form.change((definition) => ({
				...definition,
				diskSpaceManagement: withRule(definition.diskSpaceManagement, type, part),
			}));
		return html`<div class="rule" role="group" aria-label=${t('{0} retention', name)}>
			${checkbox({ label: name, checked: rule.enable, disabled: readOnly, onChange: (enable) => set({ enable }) })}
			<span class=${rule.enable ? '' : 'muted'}>${t('Keep')}</span>
			${numberField({
				label: t('{0}: how many are kept', name),
				value: rule.interval,
				min: 1,
				max: 9999,
				disabled: readOnly || !rule.enable,
				onChange: (interval) => set({ interval }),
			})}
			${select({
				label: t('{0}: backups, days, weeks or months', name),
				hideLabel: true,
				value: rule.period,
				choices: periods,
				disabled: readOnly || !rule.enable,
				onChange: (period) => set({ period: period as RetentionPeriod }),
			})}
			<span class="muted why">${consequences[type]}</span>
		</div>`;
	}

	#set(part: Partial<DiskSpaceManagement>): void {
		this.form.change((definition) => ({
			...definition,
			diskSpaceManagement: { ...definition.diskSpaceManagement, ...part },
		}));
	}
}
