import { css, html, nothing } from 'lit';
import type { Script, ScriptAfter } from '../../../src/definition/model.ts';
import { button, findings, numberField, select, textArea, textField } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles, inputStyles, noticeStyles } from '../../shared/styles.ts';
import { Typing } from '../../shared/typing.ts';
import { FormElement, problemsIn } from '../form.ts';
import { argumentLines, argumentsOf, scriptBrowseIndex } from '../model/scripts.ts';

type When = 'before' | 'after';

/** Programs that run before and after the backup. */
export class ScriptListElement extends FormElement {
	static override styles = [
		baseStyles,
		inputStyles,
		noticeStyles,
		css`
			:host,
			.list {
				display: flex;
				flex-direction: column;
				gap: 10px;
				align-items: flex-start;
			}
			.script {
				display: flex;
				flex-direction: column;
				gap: 8px;
				width: 100%;
				padding: 10px 12px;
				border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
				border-radius: 4px;
			}
			.nowrap {
				flex-wrap: nowrap;
				align-items: flex-end;
			}
			.field {
				display: flex;
				flex-direction: column;
				gap: 3px;
			}
			.list {
				width: 100%;
			}
		`,
	];

	readonly #typing = new Typing(this);

	override render() {
		const { scripts } = this.form.definition;
		return html`<p class="muted">
				${t('Programs run with the rights of the backup. One that others may write is refused.')}
			</p>
			${this.#list('before', t('Before the backup'), scripts.before)}
			${this.#list('after', t('After the backup'), scripts.after)} ${findings(problemsIn(this.form, 'scripts'))}`;
	}

	#list(when: When, title: string, scripts: readonly (Script | ScriptAfter)[]) {
		return html`<div class="list" role="group" aria-label=${title}>
			<span>${title}</span>
			${scripts.map((script, index) => this.#script(when, script, index))}
			${button(t('Add Program…'), () => this.#browse(when, scripts.length, ''), {
				disabled: this.form.readOnly,
				name:
					when === 'before'
						? t('Add Program… that runs before the backup')
						: t('Add Program… that runs after the backup'),
			})}
		</div>`;
	}

	#script(when: When, script: Script | ScriptAfter, index: number) {
		const { readOnly } = this.form;
		const key = `${when}${index}`;
		const set = (part: Partial<ScriptAfter>) =>
			this.#update(when, (all) => all.map((one, i) => (i === index ? { ...one, ...part } : one)));
		return html`<div class="script" role="group" aria-label="${script.path}">
			<div class="row nowrap">
				${textField({
					label: t('Program'),
					value: this.#typing.value(`${key}path`, script.path),
					disabled: readOnly,
					onInput: (value, done) =>
						this.#typing.input(`${key}path`, value, done, (path) => {
							if (path.trim() !== '') set({ path: path.trim() });
						}),
				})}
				${button(
					html`<afterimage-icon name="folder"></afterimage-icon>`,
					() => this.#browse(when, index, script.path),
					{
						appearance: 'icon',
						name: t('Browse for the program'),
						disabled: readOnly,
					},
				)}
				${button(
					html`<afterimage-icon name="remove"></afterimage-icon>`,
					() => this.#update(when, (all) => all.filter((_, i) => i !== index)),
					{ appearance: 'icon', name: t('Remove {0}', script.path), disabled: readOnly },
				)}
			</div>
			${textArea({
				label: t('Arguments, one a line'),
				rows: 2,
				value: this.#typing.value(`${key}arguments`, argumentLines(script.arguments)),
				disabled: readOnly,
				onInput: (value, done) =>
					this.#typing.input(`${key}arguments`, value, done, (lines) => set({ arguments: argumentsOf(lines) })),
			})}
			<div class="row">
				<div class="field">
					<span class="muted">${t('Time limit, seconds')}</span>
					${numberField({
						label: t('Time limit in seconds'),
						value: script.timeLimit,
						min: 1,
						max: 86_400,
						disabled: readOnly,
						onChange: (timeLimit) => set({ timeLimit }),
					})}
				</div>
				${select({
					label: t('When it fails'),
					value: script.onFailure,
					choices: [
						{ value: 'stop', text: t('The run fails') },
						{ value: 'warn', text: t('Go on with a warning') },
						{ value: 'ignore', text: t('Only note it') },
					],
					disabled: readOnly,
					onChange: (value) => set({ onFailure: value as Script['onFailure'] }),
				})}
				${
					'runOn' in script
						? select({
								label: t('Runs after'),
								value: script.runOn,
								choices: [
									{ value: 'always', text: t('Every backup') },
									{ value: 'success', text: t('Success') },
									{ value: 'failure', text: t('Failure') },
								],
								disabled: readOnly,
								onChange: (value) => set({ runOn: value as ScriptAfter['runOn'] }),
							})
						: nothing
				}
			</div>
		</div>`;
	}

	#browse(when: When, index: number, current: string): void {
		this.form.post({ type: 'browse', purpose: 'script', index: scriptBrowseIndex(when, index), current });
	}

	#update(when: When, change: (scripts: readonly ScriptAfter[]) => readonly ScriptAfter[]): void {
		this.form.change((definition) => {
			const { scripts } = definition;
			const changed = change(scripts[when] as readonly ScriptAfter[]);
			return { ...definition, scripts: { ...scripts, [when]: changed } };
		});
	}
}
