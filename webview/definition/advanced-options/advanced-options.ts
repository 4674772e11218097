import { html, nothing, type TemplateResult } from 'lit';
import { parseSize } from '../../../src/base/quantity.ts';
import type {
	AesType,
	BackupDefinition,
	CompressionLevel,
	CpuPriority,
	Encryption,
	PostBackupShutdown,
	ShutdownLevel,
} from '../../../src/definition/model.ts';
import {
	button,
	checkbox,
	findings,
	notice,
	numberField,
	radio,
	select,
	textArea,
	textField,
} from '../../shared/fields.ts';
import { baseStyles, dialogStyles, inputStyles, noticeStyles } from '../../shared/styles.ts';
import { Typing } from '../../shared/typing.ts';
import { FormElement, problemsIn } from '../form.ts';
import { sizeParts, sizeUnits } from '../model/file-size.ts';
import { advancedOptionsStyles } from './advanced-options.styles.ts';

/** Everything of a definition that the three pages leave out, in a drawer at the right. Fires `close`. */
export class AdvancedOptionsElement extends FormElement {
	static override styles = [baseStyles, inputStyles, noticeStyles, dialogStyles, advancedOptionsStyles];

	readonly #typing = new Typing(this);

	override firstUpdated(): void {
		const dialog = this.renderRoot.querySelector('dialog')!;
		dialog.addEventListener('close', () => this.dispatchEvent(new Event('close')));
		dialog.showModal();
	}

	override render() {
		return html`<dialog class="drawer" aria-labelledby="title">
			<div class="dialog-title">
				<h2 id="title">Advanced Options</h2>
				${button(html`<afterimage-icon name="close"></afterimage-icon>`, () => this.#close(), {
					appearance: 'icon',
					name: 'Close Advanced Options',
				})}
			</div>
			<div class="dialog-body">
				${this.#section('Compression', this.#compression())} ${this.#section('Copy', this.#copy())}
				${this.#section('Encryption', this.#encryption())} ${this.#section('File size', this.#fileSize())}
				${this.#section('Checks', this.#checks())} ${this.#section('Performance', this.#performance())}
				${this.#section('Power', this.#power())}
				${this.#section('Scripts', html`<afterimage-script-list .form=${this.form}></afterimage-script-list>`)}
				${this.#section('E-mail', html`<afterimage-email-options .form=${this.form}></afterimage-email-options>`)}
				${this.#section('Comment', this.#comment())}
			</div>
			<div class="dialog-buttons">${button('Close', () => this.#close(), { appearance: 'primary', id: 'close' })}</div>
		</dialog>`;
	}

	#section(title: string, content: TemplateResult) {
		return html`<section aria-label=${title}>
			<h3>${title}</h3>
			${content}
		</section>`;
	}

	#compression() {
		const { definition, readOnly } = this.form;
		const words: Record<CompressionLevel, string> = {
			none: 'Blocks are stored as they are.',
			medium: 'Fast: the best choice for most disks.',
			high: 'Smaller files for more processor time.',
		};
		return html`${select({
				label: 'Compression',
				hideLabel: true,
				value: definition.compressionLevel,
				choices: [
					{ value: 'none', text: 'None' },
					{ value: 'medium', text: 'Medium' },
					{ value: 'high', text: 'High' },
				],
				disabled: readOnly,
				onChange: (value) => this.#set({ compressionLevel: value as CompressionLevel }),
			})}
			<p class="muted">${words[definition.compressionLevel]}</p>`;
	}

	#copy() {
		const { definition, readOnly } = this.form;
		const choice = (intelligent: boolean, label: string) =>
			radio({
				group: 'copy',
				value: intelligent ? 'intelligent' : 'forensic',
				label,
				checked: definition.intelligentSectorCopy === intelligent,
				disabled: readOnly,
				onChoose: () => this.#set({ intelligentSectorCopy: intelligent }),
			});
		return html`<div role="radiogroup" aria-label="Copy" class="stack">
			${choice(true, 'Intelligent sector copy')}
			<p class="muted indent">
				Only what file systems use, without the contents of page files, hibernation files and swap.
			</p>
			${choice(false, 'Forensic sector copy')}
			<p class="muted indent">Every sector, also free and deleted ones.</p>
		</div>`;
	}

	#encryption() {
		const { definition, readOnly } = this.form;
		const { encryption } = definition;
		const set = (part: Partial<Encryption>) =>
			this.form.change((one) => ({ ...one, encryption: { ...one.encryption, ...part } }));
		const source = encryption.passwordSource;
		const nameLabel = {
			secret_storage: 'Name of the secret',
			environment: 'Environment variable',
			file: 'Password file',
		};
		return html`<div class="grid">
				<span>Cipher</span>
				${select({
					label: 'Cipher',
					hideLabel: true,
					value: encryption.aesType,
					choices: [
						{ value: 'none', text: 'None' },
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
						: html`<span>Password</span> ${select({
									label: 'Where the password comes from',
									hideLabel: true,
									value: source,
									choices: [
										{ value: 'prompt', text: 'Ask for it when the backup runs' },
										{ value: 'secret_storage', text: 'Secret storage of VS Code' },
										{ value: 'environment', text: 'Environment variable' },
										{ value: 'file', text: 'First line of a file' },
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
										value: this.#typing.value('password', encryption.passwordName ?? ''),
										disabled: readOnly,
										onInput: (value, done) =>
											this.#typing.input('password', value, done, (name) =>
												set({ passwordName: name.trim() === '' ? undefined : name.trim() }),
											),
									})}
									${
										source === 'file'
											? button(
													html`<afterimage-icon name="folder"></afterimage-icon>`,
													() =>
														this.form.post({
															type: 'browse',
															purpose: 'password-file',
															index: 0,
															current: encryption.passwordName ?? '',
														}),
													{ appearance: 'icon', name: 'Browse for the password file', disabled: readOnly },
												)
											: nothing
									}
								</div>`
				}
			</div>
			${
				encryption.aesType !== 'none' && source === 'prompt' && definition.scheduling.schedules.length > 0
					? notice('warning', 'Scheduled runs cannot ask for a password and would fail.')
					: nothing
			}
			${findings(problemsIn(this.form, 'encryption'))}
			<p class="muted">The password itself never stands in the definition.</p>`;
	}

	#fileSize() {
		const { definition, readOnly } = this.form;
		const limit = definition.fileSizeLimit;
		const parts = sizeParts(limit ?? 4 * 2 ** 30);
		const set = (value: number, unit: string) => {
			const bytes = parseSize(`${value} ${unit}`);
			if (bytes !== undefined && bytes > 0) this.#set({ fileSizeLimit: bytes });
		};
		return html`<div role="radiogroup" aria-label="Maximum file size" class="stack">
				${radio({
					group: 'size',
					value: 'automatic',
					label: 'Automatic: as large as the destination allows',
					checked: limit === undefined,
					disabled: readOnly,
					onChoose: () => this.#set({ fileSizeLimit: undefined }),
				})}
				<div class="row">
					${radio({
						group: 'size',
						value: 'fixed',
						label: 'Fixed:',
						checked: limit !== undefined,
						disabled: readOnly,
						onChoose: () => set(parts.value, parts.unit),
					})}
					${numberField({
						label: 'Maximum file size',
						value: parts.value,
						min: 1,
						max: 1_000_000,
						disabled: readOnly || limit === undefined,
						onChange: (value) => set(value, parts.unit),
					})}
					${select({
						label: 'Unit of the maximum file size',
						hideLabel: true,
						value: parts.unit,
						choices: sizeUnits.map((unit) => ({ value: unit, text: unit })),
						disabled: readOnly || limit === undefined,
						onChange: (unit) => set(parts.value, unit),
					})}
				</div>
			</div>
			${
				limit === undefined
					? nothing
					: html`<p class="muted">Incrementals of a set with split files are never merged.</p>`
			}`;
	}

	#checks() {
		const { definition, readOnly } = this.form;
		return html`<div class="stack">
			${checkbox({
				label: 'Verify the image once it is written',
				checked: definition.autoVerify,
				disabled: readOnly,
				onChange: (autoVerify) => this.#set({ autoVerify }),
			})}
			${checkbox({
				label: 'Check file systems before they are imaged',
				checked: definition.checkFilesystem,
				disabled: readOnly,
				onChange: (checkFilesystem) => this.#set({ checkFilesystem }),
			})}
		</div>`;
	}

	#performance() {
		const { definition, readOnly } = this.form;
		const limited = definition.rateLimit >= 0;
		return html`<div class="grid">
			<span>Priority</span>
			${select({
				label: 'Priority of the backup',
				hideLabel: true,
				value: definition.cpuPriority,
				choices: [
					{ value: 'idle', text: 'Idle' },
					{ value: 'below_normal', text: 'Below normal' },
					{ value: 'normal', text: 'Normal' },
					{ value: 'above_normal', text: 'Above normal' },
				],
				disabled: readOnly,
				onChange: (value) => this.#set({ cpuPriority: value as CpuPriority }),
			})}
			<span>Writing rate</span>
			<div class="row">
				${checkbox({
					label: 'At most',
					checked: limited,
					disabled: readOnly,
					onChange: (on) => this.#set({ rateLimit: on ? 51_200 : -1 }),
				})}
				${numberField({
					label: 'KB a second at most',
					value: limited ? definition.rateLimit : 51_200,
					min: 1,
					max: 2_147_483_647,
					disabled: readOnly || !limited,
					onChange: (rateLimit) => this.#set({ rateLimit }),
				})}
				KB/s
			</div>
		</div>`;
	}

	#power() {
		const { definition, readOnly } = this.form;
		const after = definition.postBackupShutdown;
		const set = (part: Partial<PostBackupShutdown>) =>
			this.form.change((one) => ({ ...one, postBackupShutdown: { ...one.postBackupShutdown, ...part } }));
		return html`<div class="stack">
			${checkbox({
				label: 'Power saving: the computer may go to sleep while the backup runs',
				checked: definition.powerSaving,
				disabled: readOnly,
				onChange: (powerSaving) => this.#set({ powerSaving }),
			})}
			<div class="row">
				${checkbox({
					label: 'After a successful backup',
					checked: after.enable,
					disabled: readOnly,
					onChange: (enable) =>
						set({ enable, ...(enable && after.level === 'none' ? { level: 'shutdown' as const } : {}) }),
				})}
				${select({
					label: 'What the computer does after a successful backup',
					hideLabel: true,
					value: after.level,
					choices: [
						{ value: 'none', text: 'Stay on' },
						{ value: 'shutdown', text: 'Shut down' },
						{ value: 'hibernate', text: 'Hibernate' },
						{ value: 'suspend', text: 'Sleep' },
						{ value: 'reboot', text: 'Restart' },
					],
					disabled: readOnly || !after.enable,
					onChange: (level) => set({ level: level as ShutdownLevel }),
				})}
			</div>
			${
				after.enable
					? checkbox({
							label: 'Also close programs that object',
							checked: after.force,
							disabled: readOnly,
							onChange: (force) => set({ force }),
						})
					: nothing
			}
		</div>`;
	}

	#comment() {
		const { definition, readOnly } = this.form;
		return textArea({
			label: 'Stored in every image of this definition',
			rows: 3,
			value: this.#typing.value('comment', definition.comment),
			disabled: readOnly,
			onInput: (value, done) => this.#typing.input('comment', value, done, (comment) => this.#set({ comment })),
		});
	}

	#set(part: Partial<BackupDefinition>): void {
		this.form.change((definition) => ({ ...definition, ...part }));
	}

	#close(): void {
		this.renderRoot.querySelector('dialog')!.close();
	}
}
