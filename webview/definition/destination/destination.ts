import { html, nothing } from 'lit';
import { button, findings, notice, radio, textField } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles, noticeStyles } from '../../shared/styles.ts';
import { Typing } from '../../shared/typing.ts';
import { FormElement, problemsIn } from '../form.ts';
import { destinationFolders, judgeDestination, spaceText } from '../model/destination.ts';
import { totalSelected } from '../model/sources.ts';
import { destinationStyles } from './destination.styles.ts';

/** Where the images go: a folder with its stand-ins, or a CD/DVD burner, and how the files are called. */
export class DestinationElement extends FormElement {
	static override properties = { ...FormElement.properties, _alternatives: { state: true } };
	static override styles = [baseStyles, noticeStyles, destinationStyles];

	declare private _alternatives: boolean;
	readonly #typing = new Typing(this);
	readonly #asked = new Set<string>();

	constructor() {
		super();
		this._alternatives = false;
	}

	override render() {
		const { definition, readOnly } = this.form;
		const { folder, opticalDrive, alternativeLocations } = definition.destination;
		const optical = opticalDrive !== undefined;
		const count = alternativeLocations.folders.length;
		return html`<section aria-labelledby="title">
			<h3 id="title">${t('Destination')}</h3>
			<div class="choice" role="radiogroup" aria-labelledby="title">
				<div class="line">
					${radio({
						group: 'place',
						value: 'folder',
						label: t('Folder:'),
						checked: !optical,
						disabled: readOnly,
						onChoose: () => this.#set({ folder: folder ?? this.#typing.value('folder', ''), opticalDrive: undefined }),
					})}
					${textField({
						id: 'folder',
						label: t('Destination folder'),
						hideLabel: true,
						placeholder: this.form.facts.platform === 'win32' ? 'E:\\Backups' : '/mnt/backups',
						value: this.#typing.value('folder', folder ?? ''),
						disabled: readOnly || optical,
						onInput: (value, done) =>
							this.#typing.input('folder', value, done, (path) =>
								this.#set({ folder: path.trim() === '' ? undefined : path.trim(), opticalDrive: undefined }),
							),
					})}
					${button(t('Browse…'), () => this.#browse(), { disabled: readOnly || optical, name: t('Browse for the destination folder') })}
					<button
						class="link"
						aria-expanded=${this._alternatives ? 'true' : 'false'}
						@click=${() => (this._alternatives = !this._alternatives)}
					>
						${count > 0 ? t('Alternative locations ({0})', count) : t('Alternative locations')}
					</button>
				</div>
				${optical ? nothing : this.#verdicts(folder)}
				${findings(problemsIn(this.form, 'destination').filter(({ code }) => !code.startsWith('schema-')))}
				${
					this._alternatives
						? html`<afterimage-alternative-locations .form=${this.form}></afterimage-alternative-locations>`
						: nothing
				}
				<div class="line">
					${radio({
						group: 'place',
						value: 'optical',
						label: t('CD/DVD Burner'),
						checked: optical,
						disabled: readOnly,
						onChoose: () =>
							this.#set({
								folder: undefined,
								opticalDrive: this.form.facts.platform === 'win32' ? 'D:' : '/dev/sr0',
							}),
					})}
					${
						optical
							? textField({
									label: t('CD/DVD burner'),
									hideLabel: true,
									value: this.#typing.value('optical', opticalDrive),
									disabled: readOnly,
									onInput: (value, done) =>
										this.#typing.input('optical', value, done, (drive) => {
											if (drive.trim() !== '') this.#set({ folder: undefined, opticalDrive: drive.trim() });
										}),
								})
							: nothing
					}
				</div>
				${
					optical
						? notice(
								'warning',
								t(
									'CDs and DVDs cannot be burnt yet: such a definition can be kept, but does not run. Write to a folder, with files no larger than the disc, and burn them from there.',
								),
							)
						: nothing
				}
			</div>
			<afterimage-file-name .form=${this.form}></afterimage-file-name>
		</section>`;
	}

	override updated(): void {
		for (const folder of destinationFolders(this.form.definition.destination)) {
			if (this.#asked.has(folder)) continue;
			this.#asked.add(folder);
			this.form.post({ type: 'check-destination', folder });
		}
	}

	#verdicts(folder: string | undefined) {
		const facts = folder === undefined ? undefined : this.form.destinations.get(folder);
		if (facts === undefined) return nothing;
		const needed = totalSelected(this.form.rows, !this.form.definition.intelligentSectorCopy);
		const space = spaceText(facts);
		return html`<div class="facts">
			${space === '' ? nothing : html`<p class="muted">${space}</p>`}
			${judgeDestination(facts, needed).map(({ level, text, missing }) =>
				notice(level, missing === true ? html`${text} ${this.#createButton(facts.folder)}` : text),
			)}
		</div>`;
	}

	#createButton(folder: string) {
		return html`<button class="link" @click=${() => this.form.post({ type: 'create-folder', folder })}>
			${t('Create Folder')}
		</button>`;
	}

	#browse(): void {
		const current = this.form.definition.destination.folder ?? '';
		this.form.post({ type: 'browse', purpose: 'destination', index: 0, current });
	}

	#set(part: { folder: string | undefined; opticalDrive: string | undefined }): void {
		this.form.change((definition) => ({ ...definition, destination: { ...definition.destination, ...part } }));
	}
}
