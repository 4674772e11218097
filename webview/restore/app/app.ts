import { LitElement, html, nothing, type TemplateResult } from 'lit';
import type { ErrorRecord } from '../../../src/base/errors.ts';
import { formatBytes, formatDuration, formatRate } from '../../../src/base/quantity.ts';
import type { BackupSetInfo, ImageDiskInfo, ImageInfo } from '../../../src/protocol/backups.ts';
import type { DiskInfo } from '../../../src/protocol/disks.ts';
import type { JobProgress, JobResult } from '../../../src/protocol/jobs.ts';
import type { HostToRestore, RestoreToHost } from '../../../src/protocol/restore-page.ts';
import { button, checkbox, notice, radio, textField } from '../../shared/fields.ts';
import { connectHost, type Host } from '../../shared/host.ts';
import { pageStyles } from '../../shared/page-styles.ts';
import { baseStyles, noticeStyles, tableStyles } from '../../shared/styles.ts';
import {
	judgeTarget,
	overwritten,
	pathOf,
	segmentsAfter,
	segmentsBefore,
	type Source,
	type Target,
} from '../model/target.ts';
import { restoreStyles } from './app.styles.ts';

/** What survives a reload of the page. The confirmation does not: it is typed anew. */
interface KeptState {
	/** The point that is restored: the extension opens the page on it again. */
	readonly file: string;
}

type Run =
	| { readonly state: 'idle' }
	| { readonly state: 'running'; readonly progress: JobProgress | undefined }
	| { readonly state: 'ended'; readonly result: JobResult };

/** The page that restores: point, source, target, what is lost, options, confirmation, run. */
export class RestoreElement extends LitElement {
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
		_delta: { state: true },
		_verify: { state: true },
		_newId: { state: true },
		_confirmed: { state: true },
		_run: { state: true },
	};
	static override styles = [baseStyles, noticeStyles, tableStyles, pageStyles, restoreStyles];

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
	declare private _delta: boolean;
	declare private _verify: boolean;
	declare private _newId: boolean;
	declare private _confirmed: string;
	declare private _run: Run;

	readonly #host: Host<RestoreToHost, HostToRestore, KeptState> = connectHost();
	#stopListening: (() => void) | undefined;
	#zone = 'UTC';
	#trusted = true;

	constructor() {
		super();
		this._file = '';
		this._elevated = false;
		this._newFiles = [];
		this._delta = true;
		this._verify = true;
		this._newId = false;
		this._confirmed = '';
		this._run = { state: 'idle' };
	}

	override connectedCallback(): void {
		super.connectedCallback();
		this.#stopListening = this.#host.listen((message) => this.#receive(message));
		this.#host.post({ type: 'ready' });
		this.#host.post({ type: 'list-disks', elevated: false });
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.#stopListening?.();
	}

	override render() {
		const set = this._set;
		if (set === undefined) return html`<main aria-busy="true"><p class="muted" role="status">Opening…</p></main>`;
		const source = this.#source();
		return html`<header class="head">
				<h1><span class="muted">Restore</span> ${set.imageId}</h1>
				<p class="muted">${set.sources}</p>
			</header>
			<main>
				<div class="content">
					${this.#section('1', 'Point in the chain', this.#points(set))}
					${this._image === undefined ? this.#waiting() : this.#section('2', 'Disk and partitions', this.#sources(this._image))}
					${source === undefined ? nothing : this.#section('3', 'Target', this.#targets())}
					${
						source === undefined || this._target === undefined
							? nothing
							: html`${this.#section('4', 'Before and after', this.#maps(source, this._target))}
								${this.#section('5', 'Options', this.#options(source))}
								${this.#section('6', 'Confirm', this.#confirmation(source, this._target))}`
					}
					${this.#progress()}
				</div>
			</main>
			${this.#bar(source)}`;
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
			${set.damage.map((text) => notice('warning', text))}
			<p class="muted">The disk becomes what it was at this point. Files with a coloured border are read for it.</p>`;
	}

	#waiting() {
		return this._imageError === undefined
			? html`<p class="muted" role="status">Reading the image…</p>`
			: notice('error', errorText(this._imageError));
	}

	#sources(image: ImageInfo) {
		const disk = this.#imageDisk();
		return html`${
			image.disks.length < 2
				? nothing
				: html`<div role="radiogroup" aria-label="Disk of the image" class="stack">
						${image.disks.map((one) =>
							radio({
								group: 'disk',
								value: String(one.number),
								label: imageDiskTitle(one),
								checked: one.number === disk?.number,
								disabled: this.#locked,
								onChoose: () => {
									this._disk = one.number;
									this._partitions = undefined;
									this._confirmed = '';
								},
							}),
						)}
					</div>`
		}
		${disk === undefined ? nothing : this.#partitions(disk)}`;
	}

	#partitions(disk: ImageDiskInfo) {
		const chosen = (number: number) => this._partitions?.includes(number) ?? true;
		return html`${checkbox({
				label: html`Whole disk: ${imageDiskTitle(disk)}`,
				checked: this._partitions === undefined,
				disabled: this.#locked,
				onChange: (whole) => {
					this._partitions = whole ? undefined : disk.partitions.map(({ number }) => number);
					this._confirmed = '';
				},
			})}
			<table>
				<caption class="hidden-text">
					Partitions in the image
				</caption>
				<thead>
					<tr>
						<th scope="col">Partition</th>
						<th scope="col">File System</th>
						<th scope="col" class="number">Size</th>
						<th scope="col" class="select">Restore</th>
					</tr>
				</thead>
				<tbody>
					${disk.partitions.map(
						(partition) =>
							html`<tr>
								<td>${partition.number} - ${partition.label === '' ? '(None)' : partition.label}</td>
								<td>${partition.fileSystem}</td>
								<td class="number">${formatBytes(partition.used)} / ${formatBytes(partition.length)}</td>
								<td class="select">
									${checkbox({
										label: '',
										name: `Restore partition ${partition.number}`,
										checked: chosen(partition.number),
										disabled: this.#locked || this._partitions === undefined,
										onChange: (on) => this.#choosePartition(partition.number, on),
									})}
								</td>
							</tr>`,
					)}
				</tbody>
			</table>`;
	}

	#targets() {
		const needsRights = !this._elevated && (this._disks?.some((disk) => disk.needsRights) ?? false);
		return html`${this._disksError === undefined ? nothing : notice('error', errorText(this._disksError))}
			${
				needsRights
					? notice(
							'information',
							html`What is on some disks can be read with administrator rights only.
								<button class="link" @click=${() => this.#host.post({ type: 'list-disks', elevated: true })}>
									Read with administrator rights
								</button>`,
						)
					: nothing
			}
			<afterimage-target-list
				.targets=${this.#allTargets()}
				.chosen=${this._target === undefined ? undefined : pathOf(this._target)}
				?locked=${this.#locked}
				@choose=${(event: CustomEvent<Target>) => this.#chooseTarget(event.detail)}
			></afterimage-target-list>
			<div class="row">
				${button('New Raw File…', () => this.#host.post({ type: 'browse', create: true }), { disabled: this.#locked })}
				${button('Existing Raw File…', () => this.#host.post({ type: 'browse', create: false }), {
					disabled: this.#locked,
				})}
			</div>`;
	}

	#maps(source: Source, target: Target) {
		const lost = overwritten(source, target);
		const before = segmentsBefore(source, target);
		return html`${judgeTarget(source, target).map(({ level, text }) => notice(level, text))}
			<figure>
				<figcaption>Now</figcaption>
				${
					before.length === 0
						? html`<p class="muted">
								${target.kind === 'new-file' ? 'There is nothing yet.' : 'It has no partitions.'}
							</p>`
						: html`<afterimage-disk-map .segments=${before} label="Target now"></afterimage-disk-map>`
				}
			</figure>
			<figure>
				<figcaption>After the restore</figcaption>
				<afterimage-disk-map
					.segments=${segmentsAfter(source, target)}
					label="Target after the restore"
				></afterimage-disk-map>
			</figure>
			${
				lost.length === 0
					? nothing
					: notice(
							'warning',
							html`<strong
									>Everything on ${lost.length === 1 ? 'this partition' : `these ${lost.length} partitions`} is
									lost:</strong
								>
								<ul>
									${lost.map(
										(one) =>
											html`<li>
												${one.number} - ${one.label || one.name || '(None)'} · ${one.fileSystem || one.typeName} ·
												${formatBytes(one.used ?? one.length)} / ${formatBytes(one.length)}
											</li>`,
									)}
								</ul>`,
						)
			}`;
	}

	#options(source: Source) {
		return html`<div class="stack">
			${checkbox({
				label: 'Delta restore: write only what differs from what the target holds',
				checked: this._delta,
				disabled: this.#locked,
				onChange: (on) => (this._delta = on),
			})}
			${checkbox({
				label: 'Verify afterwards: read back and compare',
				checked: this._verify,
				disabled: this.#locked,
				onChange: (on) => (this._verify = on),
			})}
			${checkbox({
				label: 'Give the target a new disk id, for a computer that also has the imaged disk',
				checked: this._newId,
				disabled: this.#locked || source.partitions !== undefined || source.disk.table === 'none',
				onChange: (on) => (this._newId = on),
			})}
		</div>`;
	}

	#confirmation(source: Source, target: Target) {
		const path = pathOf(target);
		if (!this.#trusted) return notice('warning', 'Nothing is restored in Restricted Mode. Trust this workspace first.');
		if (this.#hasErrors(source, target)) return notice('error', 'This target cannot be written to; see above.');
		return html`<p>
				${target.kind === 'new-file' ? 'The file is made.' : 'What is on the target is overwritten and cannot be brought back.'}
				Type <code>${path}</code> to confirm.
			</p>
			${textField({
				id: 'confirm',
				label: 'Name of the target',
				value: this._confirmed,
				disabled: this.#locked,
				onInput: (value) => (this._confirmed = value),
			})}`;
	}

	#progress() {
		const run = this._run;
		if (run.state === 'idle') return nothing;
		if (run.state === 'ended') {
			const { outcome, summary, error } = run.result;
			const level = outcome === 'success' ? 'information' : outcome === 'failed' ? 'error' : 'warning';
			return html`<section aria-label="Result" id="result" tabindex="-1">
				${notice(
					level,
					html`${summary}${error?.advice === undefined ? nothing : html` — ${error.advice}`}
						<button class="link" @click=${() => this.#host.post({ type: 'open-log' })}>Open log</button>`,
				)}
			</section>`;
		}
		const { progress } = run;
		const share = progress === undefined || progress.totalBytes === 0 ? 0 : progress.doneBytes / progress.totalBytes;
		const percent = Math.floor(share * 100);
		return html`<section aria-label="Progress" class="progress">
			<div
				class="bar-outer"
				role="progressbar"
				aria-label="Restore"
				aria-valuemin="0"
				aria-valuemax="100"
				aria-valuenow=${percent}
			>
				<div style="width: ${share * 100}%"></div>
			</div>
			<p class="row spread">
				<span role="status">${progress === undefined ? 'Starting' : `${progress.phase} · ${percent} %`}</span>
				<span class="muted">${progress === undefined ? nothing : progressWords(progress)}</span>
			</p>
		</section>`;
	}

	#bar(source: Source | undefined) {
		const target = this._target;
		const ready =
			this.#trusted &&
			source !== undefined &&
			target !== undefined &&
			this._partitions?.length !== 0 &&
			!this.#hasErrors(source, target) &&
			this._confirmed === pathOf(target);
		const running = this._run.state === 'running';
		return html`<footer class="bar" aria-label="Restore">
			<span class="space"></span>
			${
				running
					? button('Cancel', () => this.#host.post({ type: 'cancel-run' }), { id: 'cancel' })
					: button(this._run.state === 'ended' ? 'Close' : 'Cancel', () => this.#host.post({ type: 'close' }))
			}
			${button('Restore', () => this.#start(source, target), {
				appearance: 'primary',
				disabled: !ready || this.#locked,
				id: 'restore',
			})}
		</footer>`;
	}

	get #locked(): boolean {
		return this._run.state === 'running';
	}

	#hasErrors(source: Source, target: Target): boolean {
		return judgeTarget(source, target).some(({ level }) => level === 'error');
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
		this._confirmed = '';
		this.#host.keep({ file });
		this.#host.post({ type: 'choose-point', file });
	}

	#choosePartition(number: number, on: boolean): void {
		const all = this.#imageDisk()?.partitions.map((partition) => partition.number) ?? [];
		this._partitions = all.filter((one) => (one === number ? on : (this._partitions?.includes(one) ?? true)));
		this._newId = false;
		this._confirmed = '';
	}

	#chooseTarget(target: Target): void {
		this._target = target;
		this._confirmed = '';
		if (this._run.state === 'ended') this._run = { state: 'idle' };
	}

	#start(source: Source | undefined, target: Target | undefined): void {
		if (source === undefined || target === undefined) return;
		this._run = { state: 'running', progress: undefined };
		this.#host.post({
			type: 'start',
			request: {
				kind: 'restore',
				file: this._file,
				target: pathOf(target),
				disk: source.disk.number,
				...(source.partitions === undefined ? {} : { partitions: source.partitions }),
				delta: this._delta,
				verify: this._verify,
				newDiskId: this._newId,
				confirmed: this._confirmed,
			},
		});
	}

	#receive(message: HostToRestore): void {
		switch (message.type) {
			case 'set':
				this._set = message.set;
				this._file = message.file;
				this.#zone = message.timeZone;
				this.#trusted = message.trusted;
				this.#host.keep({ file: message.file });
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
				this._confirmed = '';
				break;
			case 'progress':
				this._run = { state: 'running', progress: message.progress };
				break;
			case 'ended':
				this._run = message.result === undefined ? { state: 'idle' } : { state: 'ended', result: message.result };
				this._confirmed = '';
				void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#result')?.focus());
				break;
		}
	}

	/** The same target in the newest list. */
	#refreshTarget(path: string): void {
		this._target = this.#allTargets().find((target) => pathOf(target) === path);
	}
}

function imageDiskTitle(disk: ImageDiskInfo): string {
	const table = disk.table === 'none' ? '' : `${disk.table.toUpperCase()} `;
	const id = disk.id === '' ? '' : ` [${disk.id}]`;
	return `${table}Disk ${disk.number + 1}${id}${disk.model === '' ? '' : ` - ${disk.model}`} <${formatBytes(disk.size)}>`;
}

function errorText({ message, advice }: ErrorRecord): string {
	return advice === undefined ? message : `${message} — ${advice}`;
}

function progressWords({ doneBytes, totalBytes, rate, secondsLeft }: JobProgress): string {
	return [
		`${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`,
		...(rate > 0 ? [formatRate(rate)] : []),
		...(secondsLeft === undefined ? [] : [`${formatDuration(secondsLeft)} left`]),
	].join(' · ');
}
