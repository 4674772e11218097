import { html, nothing } from 'lit';
import { visible } from '../../../src/base/visible.ts';
import type { ErrorRecord } from '../../../src/base/errors.ts';
import type { DestinationFacts, FormToHost, HostToForm } from '../../../src/protocol/definition-form.ts';
import type { DiskInfo } from '../../../src/protocol/disks.ts';
import { button } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { PageElement } from '../../shared/page-element.ts';
import { commitTyping } from '../../shared/typing.ts';
import type { DocumentFacts, Form, FormProblem } from '../form.ts';
import { withBrowsed } from '../model/browsed.ts';
import { destinationProblems } from '../model/destination.ts';
import { DocumentStore } from '../model/document-store.ts';
import { readEditable, readForm, type BrokenText, type ReadForm } from '../model/read-form.ts';
import { sourceRows } from '../model/sources.ts';
import type { SaveChoice } from '../save-dialog/save-dialog.ts';
import { appStyles } from './app.styles.ts';
import { brokenNotice, objectionList } from './objections.ts';

/** What survives a reload of the page. */
interface KeptState {
	readonly step: number;
}

const pages = [
	{ step: t('Source and Destination'), title: t('Select Source Drive(s) and Image Destination') },
	{ step: t('Backup Plan'), title: t('Edit the Plan for this Backup') },
	{ step: t('Summary'), title: t('Imaging Summary') },
];
const lastStep = pages.length - 1;

/** Which step, or the drawer, shows a part of the definition. */
const stepOfSection: Readonly<Record<string, number>> = {
	sources: 0,
	destination: 0,
	scheduling: 1,
	disk_space_management: 1,
};

/** The form of a backup definition: the document's text in three pages and a drawer. */
export class DefinitionElement extends PageElement<FormToHost, HostToForm, KeptState> {
	static override properties = {
		_step: { state: true },
		_advanced: { state: true },
		_help: { state: true },
		_saving: { state: true },
		_refused: { state: true },
		_browsedFolder: { state: true },
		_objections: { state: true },
	};
	static override styles = [...PageElement.frameStyles, appStyles];

	declare private _step: number;
	declare private _advanced: boolean;
	declare private _help: boolean;
	declare private _saving: boolean;
	declare private _refused: { readonly field: 'folder' | 'name' | 'document'; readonly error: ErrorRecord } | undefined;
	declare private _browsedFolder: string | undefined;
	/** Finish was asked for while the definition has errors: they are listed. */
	declare private _objections: boolean;

	readonly #store: DocumentStore;
	#facts: DocumentFacts | undefined;
	#disks: readonly DiskInfo[] | undefined;
	#disksError: ErrorRecord | undefined;
	#elevated = false;
	#destinations: ReadonlyMap<string, DestinationFacts> = new Map();
	#read: { readonly text: string; readonly form: ReadForm } | undefined;
	#askedFiles = '';
	#choice: SaveChoice | undefined;

	constructor() {
		super();
		this.#store = new DocumentStore(
			readEditable,
			({ id, version, edits }) => this.host.post({ type: 'edit', id, version, edits }),
			() => this.#changed(),
		);
		this._step = Math.min(lastStep, Math.max(0, this.host.state?.step ?? 0));
		this._advanced = false;
		this._help = false;
		this._saving = false;
		this._objections = false;
	}

	protected override opening(): readonly FormToHost[] {
		return [{ type: 'ready' }, { type: 'list-disks', elevated: false }];
	}

	override render() {
		const form = this.#form();
		if (form === undefined) return this.waiting(t('Opening…'));
		const page = pages[this._step]!;
		return this.frame({
			head: html`<h1><span class="muted">${t('Disk Image')}</span> ${visible(form.definition.name)}</h1>
				<afterimage-stepper
					.steps=${pages.map(({ step }) => step)}
					.current=${this._step}
					@step=${(event: CustomEvent<number>) => this.#go(event.detail)}
				></afterimage-stepper>`,
			content: html`<h2 id="page" tabindex="-1">${page.title}</h2>
				${this.#broken === undefined ? nothing : brokenNotice(this.#broken, form.post)}
				${
					this._objections || this._step === lastStep
						? objectionList(errorsOf(form), (problem) => this.#show(problem))
						: nothing
				}
				${
					[
						html`<afterimage-source-page .form=${form}></afterimage-source-page>`,
						html`<afterimage-plan-page .form=${form}></afterimage-plan-page>`,
						html`<afterimage-summary-page .form=${form}></afterimage-summary-page>`,
					][this._step]
				}`,
			bar: { label: t('Wizard'), buttons: this.#buttons(form) },
			above: this.#above(form),
		});
	}

	#buttons(form: Form) {
		return html`<button id="advanced" class="link" @click=${() => (this._advanced = true)}>
				${t('Advanced Options')}
			</button>
			<span class="space"></span>
			${button(t('Help'), () => (this._help = true), { id: 'help' })}
			${button(t('< Back'), () => this.#go(this._step - 1), { disabled: this._step === 0, id: 'back' })}
			${button(t('Next >'), () => this.#go(this._step + 1), { disabled: this._step === lastStep, id: 'next' })}
			${button(t('Cancel'), () => this.host.post({ type: 'cancel' }))}
			${button(t('Finish'), () => this.#finish(), {
				appearance: 'primary',
				disabled: form.readOnly,
				id: 'finish',
			})}`;
	}

	/** The drawers, and the dialog that Finish leads to. */
	#above(form: Form) {
		return html`${
			this._advanced
				? html`<afterimage-advanced-options
						.form=${form}
						@close=${() => {
							this._advanced = false;
							this.focusOn('#advanced');
						}}
					></afterimage-advanced-options>`
				: nothing
		}
		${
			this._help
				? html`<afterimage-help-drawer
						.topic=${this._step}
						@close=${() => {
							this._help = false;
							this.focusOn('#help');
						}}
					></afterimage-help-drawer>`
				: nothing
		}
		${
			this._saving
				? html`<afterimage-save-dialog
						.form=${form}
						.refused=${this._refused}
						.browsed=${this._browsedFolder}
						@done=${(event: CustomEvent<SaveChoice | null>) => this.#saved(event.detail ?? undefined)}
					></afterimage-save-dialog>`
				: nothing
		}`;
	}

	get #broken(): BrokenText | undefined {
		return this.#read?.form.broken;
	}

	#form(): Form | undefined {
		const { text } = this.#store;
		if (text === undefined || this.#facts === undefined) return undefined;
		if (this.#read?.text !== text)
			this.#read = { text, form: readForm(text, { now: Date.now(), systemZone: this.#facts.timeZone }) };
		const { definition, problems, broken } = this.#read.form;
		const rows = sourceRows(definition.sources, this.#disks);
		return {
			definition,
			problems: [...problems, ...destinationProblems(definition.destination, this.#destinations, rows)],
			readOnly: broken !== undefined,
			facts: this.#facts,
			disks: this.#disks,
			disksError: this.#disksError,
			elevated: this.#elevated,
			rows,
			destinations: this.#destinations,
			now: Date.now(),
			change: (change) => this.#store.change(change),
			post: (message) => this.host.post(message),
		};
	}

	protected override receive(message: HostToForm): void {
		switch (message.type) {
			case 'document': {
				this.#facts = message;
				this.#store.receive(message.text, message.version);
				break;
			}
			case 'edited':
				this.#store.settle(message.id, message.accepted);
				break;
			case 'disks':
				// A refused question for rights leaves the list that is there.
				if (message.error === undefined) {
					this.#disks = message.disks;
					this.#elevated = message.elevated;
				}
				this.#disksError = message.error;
				break;
			case 'destination':
				this.#destinations = new Map(this.#destinations).set(message.facts.folder, message.facts);
				break;
			case 'browsed':
				if (message.purpose === 'definition') this._browsedFolder = message.path;
				else this.#store.change((definition) => withBrowsed(definition, message));
				break;
			case 'refused':
				this._refused = message;
				this._saving = true;
				break;
		}
		this.requestUpdate();
	}

	#changed(): void {
		// Once all is put right, what is wrong next is told where it is, until Finish is asked for again.
		const form = this.#form();
		if (form !== undefined && errorsOf(form).length === 0) this._objections = false;
		this.requestUpdate();
		if (!this.#store.settled) return;
		const files = readEditable(this.#store.text ?? '')?.sources.rawFiles.map(({ path }) => path) ?? [];
		if (files.join('\0') !== this.#askedFiles) {
			this.#askedFiles = files.join('\0');
			this.host.post({ type: 'list-disks', elevated: this.#elevated });
		}
		if (this.#choice !== undefined) {
			this.host.post({ type: 'finish', ...this.#choice });
			this.#choice = undefined;
		}
	}

	#go(step: number): void {
		this._step = Math.min(lastStep, Math.max(0, step));
		this.host.keep({ step: this._step });
		this.focusOn('#page');
		this.renderRoot.querySelector('main')?.scrollTo(0, 0);
	}

	#show({ section }: FormProblem): void {
		const step = stepOfSection[section];
		if (step === undefined) this._advanced = true;
		else this.#go(step);
	}

	#finish(): void {
		commitTyping();
		const form = this.#form();
		if (form === undefined) return;
		this._refused = undefined;
		this._browsedFolder = undefined;
		this._objections = errorsOf(form).length > 0;
		this._saving = !this._objections;
		if (this._objections) this.focusOn('#objections');
	}

	#saved(choice: SaveChoice | undefined): void {
		this._refused = undefined;
		this._saving = false;
		this.focusOn('#finish');
		if (choice === undefined) return;
		this.#choice = choice;
		const name = choice.save?.name;
		if (name !== undefined) this.#store.change((definition) => ({ ...definition, name }));
		// Sent once every change has arrived, so that what is saved is what is shown.
		this.#changed();
	}
}

function errorsOf(form: Form): readonly FormProblem[] {
	return form.problems.filter(({ severity }) => severity === 'error');
}
