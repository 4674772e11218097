import { css, html, nothing } from 'lit';
import type { Email, FailureMessage, Message } from '../../../src/definition/model.ts';
import { checkbox, findings, textArea, textField } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles, noticeStyles } from '../../shared/styles.ts';
import { Typing } from '../../shared/typing.ts';
import { FormElement, problemsIn } from '../form.ts';

type Kind = 'success' | 'warning' | 'failure';

const titles: Record<Kind, string> = {
	success: t('When a backup succeeds'),
	warning: t('When it ends with a warning'),
	failure: t('When it fails'),
};

/** Mail after a backup. */
export class EmailOptionsElement extends FormElement {
	static override styles = [
		baseStyles,
		noticeStyles,
		css`
			:host,
			.message {
				display: flex;
				flex-direction: column;
				gap: 8px;
			}
			.message {
				padding: 4px 0 8px 24px;
			}
		`,
	];

	readonly #typing = new Typing(this);

	override render() {
		const { email } = this.form.definition;
		return html`${this.#text('server', t('Mail server'), email.server ?? '', (server) => this.#set({ server: orNothing(server) }), 'smtps://mail.example.com:465')}
		${this.#text('sender', t('Sender'), email.sender ?? '', (sender) => this.#set({ sender: orNothing(sender) }), 'backup@example.com')}
		${(['success', 'warning', 'failure'] as const).map((kind) => this.#message(kind, email[kind]))}
		${findings(problemsIn(this.form, 'email'))}`;
	}

	#message(kind: Kind, message: Message | FailureMessage | undefined) {
		const { readOnly } = this.form;
		const on = message?.enable === true;
		const set = (part: Partial<FailureMessage>) => this.#setMessage(kind, part);
		return html`<div role="group" aria-label=${titles[kind]}>
			${checkbox({
				label: titles[kind],
				checked: on,
				disabled: readOnly,
				onChange: (enable) => set({ enable }),
			})}
			${
				message === undefined || !on
					? nothing
					: html`<div class="message">
							${this.#text(
								`${kind}recipients`,
								t('Recipients, separated by semicolons'),
								message.recipients,
								(recipients) => set({ recipients }),
							)}
							${this.#text(`${kind}subject`, t('Subject'), message.subject, (subject) => set({ subject }), t('Names the definition and the outcome'))}
							${textArea({
								label: t('Text'),
								rows: 2,
								placeholder: t('Tells what the run did'),
								value: this.#typing.value(`${kind}content`, message.content),
								disabled: readOnly,
								onInput: (value, done) =>
									this.#typing.input(`${kind}content`, value, done, (content) => set({ content })),
							})}
							${checkbox({
								label: t('Attach the log'),
								checked: message.attachLog,
								disabled: readOnly,
								onChange: (attachLog) => set({ attachLog }),
							})}
							${checkbox({
								label: t('Attach the log of the snapshot'),
								checked: message.attachVssLog,
								disabled: readOnly,
								onChange: (attachVssLog) => set({ attachVssLog }),
							})}
							${
								'includeCancelled' in message
									? html`${checkbox({
											label: t('Also when it was cancelled'),
											checked: message.includeCancelled,
											disabled: readOnly,
											onChange: (includeCancelled) => set({ includeCancelled }),
										})}
										${checkbox({
											label: t('Also when it was skipped'),
											checked: message.includeSkipped,
											disabled: readOnly,
											onChange: (includeSkipped) => set({ includeSkipped }),
										})}`
									: nothing
							}
						</div>`
			}
		</div>`;
	}

	#text(key: string, label: string, value: string, commit: (value: string) => void, placeholder = '') {
		return textField({
			label,
			placeholder,
			value: this.#typing.value(key, value),
			disabled: this.form.readOnly,
			onInput: (typed, done) => this.#typing.input(key, typed, done, (text) => commit(text.trim())),
		});
	}

	#set(part: Partial<Email>): void {
		this.form.change((definition) => ({ ...definition, email: { ...definition.email, ...part } }));
	}

	#setMessage(kind: Kind, part: Partial<FailureMessage>): void {
		this.form.change((definition) => {
			const { email } = definition;
			const fresh: Message = {
				enable: true,
				recipients: email.success?.recipients ?? email.failure?.recipients ?? email.warning?.recipients ?? '',
				subject: '',
				content: '',
				attachLog: false,
				attachVssLog: false,
			};
			const before =
				email[kind] ?? (kind === 'failure' ? { ...fresh, includeCancelled: false, includeSkipped: true } : fresh);
			return { ...definition, email: { ...email, [kind]: { ...before, ...part } } };
		});
	}
}

function orNothing(text: string): string | undefined {
	return text === '' ? undefined : text;
}
