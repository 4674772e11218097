import { LitElement, html, nothing } from 'lit';
import type { ErrorRecord } from '../../../src/base/errors.ts';
import { formatBytes } from '../../../src/base/quantity.ts';
import type { CompareInfo, ImageDiskInfo, ImageInfo } from '../../../src/protocol/backups.ts';
import type { PartitionInfo } from '../../../src/protocol/disks.ts';
import type { HostToProperties, PropertiesToHost } from '../../../src/protocol/properties-page.ts';
import { dateAndTime } from '../../shared/dates.ts';
import { diskSegments } from '../../shared/disk-map/segments.ts';
import { button, notice } from '../../shared/fields.ts';
import { connectHost, type Host } from '../../shared/host.ts';
import { pageStyles } from '../../shared/page-styles.ts';
import { baseStyles, noticeStyles, tableStyles } from '../../shared/styles.ts';
import { typeDotStyles } from '../../shared/type-dots.ts';
import { typeLetters } from '../../shared/type-names.ts';
import { compareBars, imageFacts } from '../model/facts.ts';
import { propertiesStyles } from './app.styles.ts';

interface KeptState {
	/** The point that is shown: the extension opens the page on it again after a reload. */
	readonly file: string;
}

/** What a restore point holds: facts, its disks, what changed since the point before, and its metadata as they stand. */
export class PropertiesElement extends LitElement {
	static override properties = {
		_info: { state: true },
		_error: { state: true },
		_compare: { state: true },
		_compareError: { state: true },
	};
	static override styles = [baseStyles, noticeStyles, tableStyles, typeDotStyles, pageStyles, propertiesStyles];

	declare private _info: ImageInfo | undefined;
	declare private _error: ErrorRecord | undefined;
	declare private _compare: CompareInfo | 'asked' | undefined;
	declare private _compareError: ErrorRecord | undefined;

	readonly #host: Host<PropertiesToHost, HostToProperties, KeptState> = connectHost();
	#stopListening: (() => void) | undefined;
	#zone = 'UTC';

	override connectedCallback(): void {
		super.connectedCallback();
		this.#stopListening = this.#host.listen((message) => this.#receive(message));
		this.#host.post({ type: 'ready' });
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.#stopListening?.();
	}

	override render() {
		if (this._error !== undefined) return html`<main>${notice('error', errorText(this._error))}</main>`;
		const info = this._info;
		if (info === undefined)
			return html`<main aria-busy="true"><p class="muted" role="status">Reading the image…</p></main>`;
		const { file } = info;
		return html`<header class="head">
				<h1>
					<i class="dot ${file.type}" aria-hidden="true">${typeLetters[file.type]}</i>
					${file.name}
				</h1>
				<div class="row">
					${button('Verify', () => this.#host.post({ type: 'verify' }))}
					${button('Restore…', () => this.#host.post({ type: 'restore' }), { appearance: 'primary' })}
				</div>
			</header>
			<main>
				<div class="content">
					${file.damage === undefined ? nothing : notice('error', file.damage)}
					<section aria-label="Facts">
						<dl>
							${imageFacts(info, (time) => dateAndTime(Date.parse(time), this.#zone)).map(
								([name, value]) =>
									html`<dt>${name}</dt>
										<dd>${value}</dd>`,
							)}
						</dl>
					</section>
					${info.disks.map((disk) => this.#disk(disk))} ${this.#comparison(info)} ${this.#metadata(info)}
				</div>
			</main>`;
	}

	#disk(disk: ImageDiskInfo) {
		const table = disk.table === 'none' ? '' : `${disk.table.toUpperCase()} `;
		const title = `${table}Disk ${disk.number + 1}${disk.id === '' ? '' : ` [${disk.id}]`}${disk.model === '' ? '' : ` - ${disk.model}`} <${formatBytes(disk.size)}>`;
		const partitions = disk.partitions.map(({ start, length }) => ({ start, length }) as PartitionInfo);
		const segments = diskSegments({ size: disk.size, partitions }, ({ start }) => {
			const one = disk.partitions.find((partition) => partition.start === start)!;
			return {
				key: String(start),
				kind: 'partition',
				title: one.label === '' ? `Partition ${one.number}` : one.label,
				short: String(one.number),
				detail: one.fileSystem,
				length: one.length,
				used: one.used,
				selected: true,
			};
		});
		return html`<section aria-label=${title}>
			<h2>${title}</h2>
			<afterimage-disk-map .segments=${segments} .label=${title}></afterimage-disk-map>
			<table>
				<caption class="hidden-text">
					Partitions of ${title}
				</caption>
				<thead>
					<tr>
						<th scope="col">Partition</th>
						<th scope="col">File System</th>
						<th scope="col" class="number">Used / Size</th>
						<th scope="col" class="number">Block size</th>
						<th scope="col" class="number">Blocks</th>
						<th scope="col" class="number">In this file</th>
					</tr>
				</thead>
				<tbody>
					${disk.partitions.map(
						(one) =>
							html`<tr>
								<td>${one.number} - ${one.label === '' ? '(None)' : one.label}</td>
								<td>${one.fileSystem}</td>
								<td class="number">${formatBytes(one.used)} / ${formatBytes(one.length)}</td>
								<td class="number">${formatBytes(one.blockSize)}</td>
								<td class="number">${one.blocks.toLocaleString('en')}</td>
								<td class="number">${one.storedBlocks.toLocaleString('en')}</td>
							</tr>`,
					)}
				</tbody>
			</table>
		</section>`;
	}

	#comparison({ file }: ImageInfo) {
		if (file.type === 'full') return nothing;
		const compare = this._compare;
		return html`<section aria-labelledby="compare">
			<h2 id="compare">What changed since the point before</h2>
			${this._compareError === undefined ? nothing : notice('error', errorText(this._compareError))}
			${
				compare === undefined
					? html`<div>${button('Compare', () => this.#compare(), { id: 'run-compare' })}</div>`
					: compare === 'asked'
						? html`<p class="muted" role="status">Comparing…</p>`
						: html`<p class="muted">Against <code>${compare.previous}</code></p>
								<ul class="bars">
									${compareBars(compare).map(
										(bar) =>
											html`<li>
												<strong>${bar.title}</strong>
												<div class="track" aria-hidden="true">
													<div class="changed" style="width: ${bar.changed * 100}%"></div>
													<div class="new" style="width: ${bar.fresh * 100}%"></div>
													<div class="freed" style="width: ${bar.freed * 100}%"></div>
												</div>
												<span class="muted">${bar.words}</span>
											</li>`,
									)}
								</ul>
								<p class="legend muted">
									<span><i class="swatch changed"></i> Changed</span><span><i class="swatch new"></i> New</span
									><span><i class="swatch freed"></i> Freed</span>
								</p>`
			}
		</section>`;
	}

	#metadata({ json }: ImageInfo) {
		return html`<details>
			<summary>Metadata as they stand in the file ($JSON)</summary>
			<div>${button('Copy', () => this.#host.post({ type: 'copy-json' }))}</div>
			<pre tabindex="0" aria-label="Metadata">${JSON.stringify(json, undefined, 2)}</pre>
		</details>`;
	}

	#compare(): void {
		this._compare = 'asked';
		this._compareError = undefined;
		this.#host.post({ type: 'compare' });
	}

	#receive(message: HostToProperties): void {
		switch (message.type) {
			case 'image':
				this.#zone = message.timeZone;
				this._info = message.info;
				this._error = undefined;
				this.#host.keep({ file: message.info.file.path });
				break;
			case 'failed':
				this._error = message.error;
				break;
			case 'compared':
				this._compare = message.info;
				this._compareError = message.error;
				break;
		}
	}
}

function errorText({ message, advice }: ErrorRecord): string {
	return advice === undefined ? message : `${message} — ${advice}`;
}
