import { html, nothing, type TemplateResult } from 'lit';
import type { AesType, Encryption } from '../../../src/definition/model.ts';
import { button, findings, notice, select, textField } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import type { Typing } from '../../shared/typing.ts';
import { problemsIn, type Form } from '../form.ts';

/** Cipher, and where the password comes from. */
export function encryptionSection(form: Form, typing: Typing): TemplateResult {
	const { definition, readOnly } = form;
	const { encryption } = definition;
	const set = (part: Partial<Encryption>) =>
		form.change((one) => ({ ...one, encryption: { ...one.encryption, ...part } }));
	const source = encryption.passwordSource;
	const nameLabel = {
		secret_storage: t('Name of the secret'),
		environment: t('Environment variable'),
		file: t('Password file'),
	};
	return html`<div class="grid">
			<span>${t('Cipher')}</span>
			${select({
				label: t('Cipher'),
				hideLabel: true,
				value: encryption.aesType,
				choices: [
					{ value: 'none', text: t('None') },
					{ value: 'aes-128', text: 'AES 128' },
					{ value: 'aes-192', text: 'AES 192' },
					{ value: 'aes-256', text: 'AES 256' },
				],
				disabled: readOnly,
				onChange: (value) => set({ aesType: value as AesType }),
			})}
			${
				encryption.aesType === 'none'
					? nothing
					: html`<span>${t('Password')}</span> ${select({
								label: t('Where the password comes from'),
								hideLabel: true,
								value: source,
								choices: [
									{ value: 'prompt', text: t('Ask for it when the backup runs') },
									{ value: 'secret_storage', text: t('Secret storage of VS Code') },
									{ value: 'environment', text: t('Environment variable') },
									{ value: 'file', text: t('First line of a file') },
								],
								disabled: readOnly,
								onChange: (value) =>
									set({
										passwordSource: value as Encryption['passwordSource'],
										...(value === 'prompt' ? { passwordName: undefined } : {}),
									}),
							})}`
			}
			${
				encryption.aesType === 'none' || source === 'prompt'
					? nothing
					: html`<span>${nameLabel[source]}</span>
							<div class="row nowrap">
								${textField({
									label: nameLabel[source],
									hideLabel: true,
									value: typing.value('password', encryption.passwordName ?? ''),
									disabled: readOnly,
									onInput: (value, done) =>
										typing.input('password', value, done, (name) =>
											set({ passwordName: name.trim() === '' ? undefined : name.trim() }),
										),
								})}
								${
									source === 'file'
										? button(
												html`<afterimage-icon name="folder"></afterimage-icon>`,
												() =>
													form.post({
														type: 'browse',
														purpose: 'password-file',
														index: 0,
														current: encryption.passwordName ?? '',
													}),
												{ appearance: 'icon', name: t('Browse for the password file'), disabled: readOnly },
											)
										: nothing
								}
							</div>`
			}
		</div>
		${
			encryption.aesType !== 'none' &&
			(source === 'prompt' || source === 'secret_storage') &&
			definition.scheduling.schedules.length > 0
				? notice(
						'warning',
						t('Scheduled runs can neither ask for a password nor look into VS Code’s secret storage, and would fail.'),
					)
				: nothing
		}
		${findings(problemsIn(form, 'encryption'))}
		<p class="muted">${t('The password itself never stands in the definition.')}</p>`;
}
