import { html, nothing, type TemplateResult } from 'lit';
import type { ErrorRecord } from '../../../src/base/errors.ts';
import type { BackupSetInfo, ImageDiskInfo, ImageInfo } from '../../../src/protocol/backups.ts';
import type { DiskInfo } from '../../../src/protocol/disks.ts';
import type { RestorePreview } from '../../../src/protocol/restore.ts';
import type { HostToRestore, RestoreToHost } from '../../../src/protocol/restore-page.ts';
import { button, notice } from '../../shared/fields.ts';
import { errorNotice, inEnglish } from '../../shared/in-english.ts';
import { t } from '../../shared/l10n.ts';
import { PageElement } from '../../shared/page-element.ts';
import { tableStyles } from '../../shared/styles.ts';
import { choiceOf, type RestoreOptions } from '../model/choice.ts';
import { isRefused, pathOf, type Source, type Target } from '../model/target.ts';
import { checkPart, type Check } from '../parts/check-part.ts';
import { confirmationPart } from '../parts/confirmation-part.ts';
import { mapsPart } from '../parts/maps-part.ts';
import { optionsPart } from '../parts/options-part.ts';
import { runPart, type Run } from '../parts/run-part.ts';
import { sourcePart } from '../parts/source-part.ts';
import { targetsPart } from '../parts/targets-part.ts';
import { restoreStyles } from './app.styles.ts';

/** What survives a reload of the page. The confirmation does not: it is typed anew. */
interface KeptState {
	/** The point that is restored: the extension opens the page on it again. */
	readonly file: string;
}

/** The page that restores: point, source, target, what is lost, options, check, confirmation, run. */
export class RestoreElement extends PageElement<RestoreToHost, HostToRestore, KeptState> {
	static override properties = {
		_set: { state: true },
		_file: { state: true },
		_image: { state: true },
		_imageError: { state: true },
		_disks: { state: true },
		_disksError: { state: true },
		_elevated: { state: true },
		_newFiles: { state: true },
		_disk: { state: true },
		_partitions: { state: true },
		_target: { state: true },
		_options: { state: true },
		_check: { state: true },
		_confirmed: { state: true },
		_run: { state: true },
	};
	static override styles = [...PageElement.frameStyles, tableStyles, restoreStyles];

	declare private _set: BackupSetInfo | undefined;
	declare private _file: string;
	declare private _image: ImageInfo | undefined;
	declare private _imageError: ErrorRecord | undefined;
	declare private _disks: readonly DiskInfo[] | undefined;
	declare private _disksError: ErrorRecord | undefined;
	declare private _elevated: boolean;
	declare private _newFiles: readonly string[];
	/** Number of the disk in the image. */
	declare private _disk: number | undefined;
	/** Undefined is the whole disk. */
	declare private _partitions: readonly number[] | undefined;
	declare private _target: Target | undefined;
	declare private _options: RestoreOptions;
	declare private _check: Check;
	declare private _confirmed: string;
	declare private _run: Run;

	#zone = 'UTC';
	#trusted = true;
	/** Counts checks: answers to earlier ones are about something else. */
	#checks = 0;

	constructor() {
		super();
		this._file = '';
		this._elevated = false;
		this._newFiles = [];
		this._options = { delta: true, verify: true, newId: false, skipBad: false };
		this._check = { state: 'none' };
		this._confirmed = '';
		this._run = { state: 'idle' };
	}

	protected override opening(): readonly RestoreToHost[] {
		return [{ type: 'ready' }, { type: 'list-disks', elevated: false }];
	}

	override render() {
		const set = this._set;
		if (set === undefined) return this.waiting(t('Opening…'));
		const source = this.#source();
		return this.frame({
			head: html`<h1><span class="muted">${t('Restore')}</span> ${set.imageId}</h1>
				<p class="muted">${inEnglish(set.sources)}</p>`,
			content: html`${this.#section('1', t('Point in the chain'), this.#points(set))}
			${this._image === undefined ? this.#noImage() : this.#section('2', t('Disk and partitions'), this.#sources(this._image))}
			${source === undefined ? nothing : this.#section('3', t('Target'), this.#targets())}
			${
				source === undefined || this._target === undefined
					? nothing
					: html`${this.#section('4', t('Before and after'), mapsPart(source, this._target))}
						${this.#section('5', t('Options'), this.#options(source))}
						${this.#section('6', t('Check'), this.#checking(source, this._target))}
						${this.#section('7', t('Confirm'), this.#confirmation(source, this._target))}`
			}
			${runPart(this._run, () => this.host.post({ type: 'open-log' }))}`,
			bar: { label: t('Restore'), buttons: this.#buttons(source) },
		});
	}

	#section(number: string, title: string, content: TemplateResult) {
		return html`<section aria-labelledby="step-${number}">
			<h2 id="step-${number}"><span class="step" aria-hidden="true">${number}</span>${title}</h2>
			${content}
		</section>`;
	}

	#points(set: BackupSetInfo) {
		return html`<afterimage-chain
				.files=${set.files}
				.chosen=${this._file}
				.zone=${this.#zone}
				?locked=${this.#locked}
				@choose=${(event: CustomEvent<string>) => this.#choosePoint(event.detail)}
			></afterimage-chain>
			${set.damage.map((text) => notice('warning', inEnglish(text)))}
			<p class="muted">
				${t('The disk becomes what it was at this point. Files with a coloured border are read for it.')}
			</p>`;
	}

	#noImage() {
		return this._imageError === undefined
			? html`<p class="muted" role="status">${t('Reading the image…')}</p>`
			: errorNotice(this._imageError);
	}

	#sources({ disks }: ImageInfo) {
		return sourcePart({
			disks,
			disk: this.#imageDisk(),
			partitions: this._partitions,
			locked: this.#locked,
			onDisk: (number) => {
				this._disk = number;
				this.#choosePartitions(undefined);
			},
			onPartitions: (partitions) => this.#choosePartitions(partitions),
		});
	}

	#targets() {
		return targetsPart({
			targets: this.#allTargets(),
			chosen: this._target,
			error: this._disksError,
			needsRights: !this._elevated && (this._disks?.some((disk) => disk.needsRights) ?? false),
			locked: this.#locked,
			onTarget: (target) => this.#chooseTarget(target),
			onRights: () => this.host.post({ type: 'list-disks', elevated: true }),
			onBrowse: (create) => this.host.post({ type: 'browse', create }),
		});
	}

	#options(source: Source) {
		return optionsPart(this._options, source, this.#locked, (part) => {
			this._options = { ...this._options, ...part };
			this.#forgetCheck();
		});
	}

	#checking(source: Source, target: Target) {
		return checkPart({
			check: this._check,
			delta: this._options.delta,
			locked: this.#locked || isRefused(source, target) || this._partitions?.length === 0,
			onCheck: () => {
				this.#forgetCheck();
				this._check = { state: 'checking' };
				const choice = choiceOf(this._file, source, target, this._options);
				this.host.post({ type: 'check', id: this.#checks, choice });
			},
		});
	}

	#confirmation(source: Source, target: Target) {
		return confirmationPart({
			source,
			target,
			refused: this._check.state === 'refused',
			trusted: this.#trusted,
			typed: this._confirmed,
			locked: this.#locked,
			onInput: (value) => (this._confirmed = value),
		});
	}

	#buttons(source: Source | undefined) {
		const target = this._target;
		const ready =
			this.#trusted &&
			source !== undefined &&
			target !== undefined &&
			this._partitions?.length !== 0 &&
			!isRefused(source, target) &&
			this._check.state !== 'refused' &&
			this._confirmed === pathOf(target);
		return html`<span class="space"></span> ${
				this.#locked
					? button(t('Cancel'), () => this.host.post({ type: 'cancel-run' }), { id: 'cancel' })
					: button(this._run.state === 'ended' ? t('Close') : t('Cancel'), () => this.host.post({ type: 'close' }))
			}
			${button(t('Restore'), () => this.#start(source, target), {
				appearance: 'primary',
				disabled: !ready || this.#locked,
				id: 'restore',
			})}`;
	}

	get #locked(): boolean {
		return this._run.state === 'running';
	}

	#imageDisk(): ImageDiskInfo | undefined {
		const disks = this._image?.disks ?? [];
		return disks.find(({ number }) => number === this._disk) ?? disks[0];
	}

	#source(): Source | undefined {
		const disk = this.#imageDisk();
		return disk === undefined ? undefined : { disk, partitions: this._partitions };
	}

	#allTargets(): readonly Target[] {
		const disks = this._disks ?? [];
		const fresh = this._newFiles.filter((path) => !disks.some((disk) => disk.path === path));
		return [
			...disks.map((disk): Target => ({ kind: 'disk', disk })),
			...fresh.map((path): Target => ({ kind: 'new-file', path })),
		];
	}

	#choosePoint(file: string): void {
		this._file = file;
		this._image = undefined;
		this._imageError = undefined;
		this.#beginAnew();
		this.host.keep({ file });
		this.host.post({ type: 'choose-point', file });
	}

	#choosePartitions(partitions: readonly number[] | undefined): void {
		this._partitions = partitions;
		// A new id is for whole disks alone.
		if (partitions !== undefined) this._options = { ...this._options, newId: false };
		this.#beginAnew();
	}

	#chooseTarget(target: Target): void {
		this._target = target;
		this.#beginAnew();
		if (this._run.state === 'ended') this._run = { state: 'idle' };
	}

	/** Something else is to be restored now: neither what was typed nor what was checked is about it. */
	#beginAnew(): void {
		this._confirmed = '';
		this.#forgetCheck();
	}

	#forgetCheck(): void {
		this.#checks++;
		this._check = { state: 'none' };
	}

	#start(source: Source | undefined, target: Target | undefined): void {
		if (source === undefined || target === undefined) return;
		this._run = { state: 'running', progress: undefined };
		this.host.post({
			type: 'start',
			request: {
				kind: 'restore',
				...choiceOf(this._file, source, target, this._options),
				confirmed: this._confirmed,
			},
		});
	}

	protected override receive(message: HostToRestore): void {
		switch (message.type) {
			case 'set':
				this._set = message.set;
				this._file = message.file;
				this.#zone = message.timeZone;
				this.#trusted = message.trusted;
				this.host.keep({ file: message.file });
				break;
			case 'image':
				if (message.file !== this._file) break;
				this._image = message.info;
				this._imageError = message.error;
				break;
			case 'disks':
				this._disksError = message.error;
				if (message.error !== undefined) break;
				this._disks = message.disks;
				this._elevated = message.elevated;
				if (this._target !== undefined) this.#refreshTarget(pathOf(this._target));
				break;
			case 'browsed':
				if (!message.exists) this._newFiles = [...new Set([...this._newFiles, message.path])];
				this.#refreshTarget(message.path);
				this.#beginAnew();
				break;
			case 'checked':
				if (message.id === this.#checks) this._check = checkOf(message.preview, message.error);
				break;
			case 'progress':
				this._run = { state: 'running', progress: message.progress };
				break;
			case 'ended':
				this._run = message.result === undefined ? { state: 'idle' } : { state: 'ended', result: message.result };
				this.#beginAnew();
				this.focusOn('#result');
				break;
		}
	}

	/** The same target in the newest list. */
	#refreshTarget(path: string): void {
		this._target = this.#allTargets().find((target) => pathOf(target) === path);
	}
}

function checkOf(preview: RestorePreview | undefined, error: ErrorRecord | undefined): Check {
	if (error !== undefined) return { state: 'refused', error };
	return preview === undefined ? { state: 'none' } : { state: 'passed', preview };
}
