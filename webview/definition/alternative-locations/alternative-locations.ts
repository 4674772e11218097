import { html } from 'lit';
import { button, textField } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles } from '../../shared/styles.ts';
import { Typing } from '../../shared/typing.ts';
import { FormElement } from '../form.ts';
import { moved } from '../model/destination.ts';
import { alternativeLocationsStyles } from './alternative-locations.styles.ts';

/** The folders that are tried in turn when the destination cannot be reached. */
export class AlternativeLocationsElement extends FormElement {
	static override styles = [baseStyles, alternativeLocationsStyles];

	readonly #typing = new Typing(this);

	override render() {
		const { folders } = this.form.definition.destination.alternativeLocations;
		const { readOnly } = this.form;
		return html`<div role="group" aria-labelledby="title">
			<h3 id="title">${t('Alternative locations')}</h3>
			<p class="muted">
				${t('Tried in this order when the folder above cannot be reached: for drives that are swapped, or as a safeguard. Each keeps its own backup sets.')}
			</p>
			<ol>
				${folders.map(
					(folder, index) =>
						html`<li class="row">
							<span class="place" aria-hidden="true">${index + 1}</span>
							${textField({
								label: t('Alternative location {0}', index + 1),
								hideLabel: true,
								value: this.#typing.value(String(index), folder),
								disabled: readOnly,
								onInput: (value, done) =>
									this.#typing.input(String(index), value, done, (path) => this.#replace(index, path)),
							})}
							${button(html`<afterimage-icon name="folder"></afterimage-icon>`, () => this.#browse(index, folder), {
								appearance: 'icon',
								name: t('Browse for alternative location {0}', index + 1),
								disabled: readOnly,
							})}
							${button(html`<afterimage-icon name="up"></afterimage-icon>`, () => this.#move(index, -1), {
								appearance: 'icon',
								name: t('Move location {0} up', index + 1),
								disabled: readOnly || index === 0,
							})}
							${button(html`<afterimage-icon name="down"></afterimage-icon>`, () => this.#move(index, 1), {
								appearance: 'icon',
								name: t('Move location {0} down', index + 1),
								disabled: readOnly || index === folders.length - 1,
							})}
							${button(html`<afterimage-icon name="remove"></afterimage-icon>`, () => this.#remove(index), {
								appearance: 'icon',
								name: t('Remove location {0}', index + 1),
								disabled: readOnly,
							})}
						</li>`,
				)}
			</ol>
			${button(t('Add Location…'), () => this.#browse(folders.length, this.form.definition.destination.folder ?? ''), {
				disabled: readOnly,
			})}
		</div>`;
	}

	#browse(index: number, current: string): void {
		this.form.post({ type: 'browse', purpose: 'alternative', index, current });
	}

	#replace(index: number, path: string): void {
		const clean = path.trim();
		if (clean === '') return;
		this.#update((folders) => folders.map((folder, i) => (i === index ? clean : folder)));
	}

	#move(index: number, step: -1 | 1): void {
		this.#update((folders) => moved(folders, index, step));
	}

	#remove(index: number): void {
		this.#update((folders) => folders.filter((_, i) => i !== index));
	}

	#update(change: (folders: readonly string[]) => readonly string[]): void {
		this.form.change((definition) => ({
			...definition,
			destination: {
				...definition.destination,
				alternativeLocations: { folders: change(definition.destination.alternativeLocations.folders) },
			},
		}));
	}
}
