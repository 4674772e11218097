import { html, nothing, type TemplateResult } from 'lit';
import type { CpuPriority, PostBackupShutdown, ShutdownLevel } from '../../../src/definition/model.ts';
import { checkbox, numberField, select } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { setParts, type Form } from '../form.ts';

/** How much of the computer a backup takes. */
export function performanceSection(form: Form): TemplateResult {
	const { definition, readOnly } = form;
	const limited = definition.rateLimit >= 0;
	return html`<div class="grid">
		<span>${t('Priority')}</span>
		${select({
			label: t('Priority of the backup'),
			hideLabel: true,
			value: definition.cpuPriority,
			choices: [
				{ value: 'idle', text: t('Idle') },
				{ value: 'below_normal', text: t('Below normal') },
				{ value: 'normal', text: t('Normal') },
				{ value: 'above_normal', text: t('Above normal') },
			],
			disabled: readOnly,
			onChange: (value) => setParts(form, { cpuPriority: value as CpuPriority }),
		})}
		<span>${t('Writing rate')}</span>
		<div class="row">
			${checkbox({
				label: t('At most'),
				checked: limited,
				disabled: readOnly,
				onChange: (on) => setParts(form, { rateLimit: on ? 51_200 : -1 }),
			})}
			${numberField({
				label: t('KB a second at most'),
				value: limited ? definition.rateLimit : 51_200,
				min: 1,
				max: 2_147_483_647,
				disabled: readOnly || !limited,
				onChange: (rateLimit) => setParts(form, { rateLimit }),
			})}
			KB/s
		</div>
	</div>`;
}

/** Whether the computer may sleep meanwhile, and what it does afterwards. */
export function powerSection(form: Form): TemplateResult {
	const { definition, readOnly } = form;
	const after = definition.postBackupShutdown;
	const set = (part: Partial<PostBackupShutdown>) =>
		form.change((one) => ({ ...one, postBackupShutdown: { ...one.postBackupShutdown, ...part } }));
	return html`<div class="stack">
		${checkbox({
			label: t('Power saving: the computer may go to sleep while the backup runs'),
			checked: definition.powerSaving,
			disabled: readOnly,
			onChange: (powerSaving) => setParts(form, { powerSaving }),
		})}
		<div class="row">
			${checkbox({
				label: t('After a successful backup'),
				checked: after.enable,
				disabled: readOnly,
				onChange: (enable) =>
					set({ enable, ...(enable && after.level === 'none' ? { level: 'shutdown' as const } : {}) }),
			})}
			${select({
				label: t('What the computer does after a successful backup'),
				hideLabel: true,
				value: after.level,
				choices: [
					{ value: 'none', text: t('Stay on') },
					{ value: 'shutdown', text: t('Shut down') },
					{ value: 'hibernate', text: t('Hibernate') },
					{ value: 'suspend', text: t('Sleep') },
					{ value: 'reboot', text: t('Restart') },
				],
				disabled: readOnly || !after.enable,
				onChange: (level) => set({ level: level as ShutdownLevel }),
			})}
		</div>
		${
			after.enable
				? checkbox({
						label: t('Also close programs that object'),
						checked: after.force,
						disabled: readOnly,
						onChange: (force) => set({ force }),
					})
				: nothing
		}
	</div>`;
}
