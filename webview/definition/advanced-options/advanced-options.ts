import { html, type TemplateResult } from 'lit';
import type { CompressionLevel } from '../../../src/definition/model.ts';
import { button, radio, select, textArea } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles, dialogStyles, inputStyles, noticeStyles } from '../../shared/styles.ts';
import { Typing } from '../../shared/typing.ts';
import { FormElement, setParts } from '../form.ts';
import { advancedOptionsStyles } from './advanced-options.styles.ts';
import { checksSection } from './checks-section.ts';
import { encryptionSection } from './encryption-section.ts';
import { fileSizeSection } from './file-size-section.ts';
import { performanceSection, powerSection } from './running-sections.ts';

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
				<h2 id="title">${t('Advanced Options')}</h2>
				${button(html`<afterimage-icon name="close"></afterimage-icon>`, () => this.#close(), {
					appearance: 'icon',
					name: t('Close Advanced Options'),
				})}
			</div>
			<div class="dialog-body">
				${this.#section(t('Compression'), this.#compression())} ${this.#section(t('Copy'), this.#copy())}
				${this.#section(t('Encryption'), encryptionSection(this.form, this.#typing))}
				${this.#section(t('File size'), fileSizeSection(this.form))}
				${this.#section(t('Checks'), checksSection(this.form))}
				${this.#section(t('Performance'), performanceSection(this.form))}
				${this.#section(t('Power'), powerSection(this.form))}
				${this.#section(t('Scripts'), html`<afterimage-script-list .form=${this.form}></afterimage-script-list>`)}
				${this.#section(t('E-mail'), html`<afterimage-email-options .form=${this.form}></afterimage-email-options>`)}
				${this.#section(t('Comment'), this.#comment())}
			</div>
			<div class="dialog-buttons">
				${button(t('Close'), () => this.#close(), { appearance: 'primary', id: 'close' })}
			</div>
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
			none: t('Blocks are stored as they are.'),
			medium: t('Fast: the best choice for most disks.'),
			high: t('Smaller files for more processor time.'),
		};
		return html`${select({
				label: t('Compression'),
				hideLabel: true,
				value: definition.compressionLevel,
				choices: [
					{ value: 'none', text: t('None') },
					{ value: 'medium', text: t('Medium') },
					{ value: 'high', text: t('High') },
				],
				disabled: readOnly,
				onChange: (value) => setParts(this.form, { compressionLevel: value as CompressionLevel }),
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
				onChoose: () => setParts(this.form, { intelligentSectorCopy: intelligent }),
			});
		return html`<div role="radiogroup" aria-label=${t('Copy')} class="stack">
			${choice(true, t('Intelligent sector copy'))}
			<p class="muted indent">
				${t('Only what file systems use, without the contents of page files, hibernation files and swap.')}
			</p>
			${choice(false, t('Forensic sector copy'))}
			<p class="muted indent">${t('Every sector, also free and deleted ones.')}</p>
		</div>`;
	}

	#comment() {
		const { definition, readOnly } = this.form;
		return textArea({
			label: t('Stored in every image of this definition'),
			rows: 3,
			value: this.#typing.value('comment', definition.comment),
			disabled: readOnly,
			onInput: (value, done) =>
				this.#typing.input('comment', value, done, (comment) => setParts(this.form, { comment })),
		});
	}

	#close(): void {
		this.renderRoot.querySelector('dialog')!.close();
	}
}
