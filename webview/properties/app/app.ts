import { html, nothing } from 'lit';
import type { ErrorRecord } from '../../../src/base/errors.ts';
import { formatBytes, formatCount } from '../../shared/quantities.ts';
import type { CompareInfo, ImageDiskInfo, ImageInfo } from '../../../src/protocol/backups.ts';
import type { PartitionInfo } from '../../../src/protocol/disks.ts';
import type { HostToProperties, PropertiesToHost } from '../../../src/protocol/properties-page.ts';
import { dateAndTime } from '../../shared/dates.ts';
import { diskSegments } from '../../shared/disk-map/segments.ts';
import { busy, button, notice } from '../../shared/fields.ts';
import { rich, t } from '../../shared/l10n.ts';
import { PageElement } from '../../shared/page-element.ts';
import { tableStyles } from '../../shared/styles.ts';
import { typeDotStyles } from '../../shared/type-dots.ts';
import { typeLetters } from '../../shared/type-names.ts';
import { diskTitle } from '../../shared/disk-title.ts';
import { partitionTitle } from '../../shared/file-words.ts';
import { fileSystemName } from '../../shared/image-words.ts';
import { errorNotice, inEnglish } from '../../shared/in-english.ts';
import { compareBars, imageFacts } from '../model/facts.ts';
import { propertiesStyles } from './app.styles.ts';

interface KeptState {
	/** The point that is shown: the extension opens the page on it again after a reload. */
	readonly file: string;
}

/** What a restore point holds: facts, its disks, what changed since the point before, and its metadata as they stand. */
export class PropertiesElement extends PageElement<PropertiesToHost, HostToProperties, KeptState> {
	static override properties = {
		_info: { state: true },
		_error: { state: true },
		_compare: { state: true },
		_compareError: { state: true },
	};
	static override styles = [...PageElement.frameStyles, tableStyles, typeDotStyles, propertiesStyles];

	declare private _info: ImageInfo | undefined;
	declare private _error: ErrorRecord | undefined;
	declare private _compare: CompareInfo | 'asked' | undefined;
	declare private _compareError: ErrorRecord | undefined;

	#zone = 'UTC';

	protected override opening(): readonly PropertiesToHost[] {
		return [{ type: 'ready' }];
	}

	override render() {
		if (this._error !== undefined) return html`<main>${errorNotice(this._error)}</main>`;
		const info = this._info;
		if (info === undefined) return this.waiting(t('Reading the image…'));
		const { file } = info;
		return this.frame({
			head: html`<h1>
					<i class="dot ${file.type}" aria-hidden="true">${typeLetters[file.type]}</i>
					${file.name}
				</h1>
				<div class="row">
					${button(t('Browse Files'), () => this.host.post({ type: 'browse' }))}
					${button(t('Verify'), () => this.host.post({ type: 'verify' }))}
					${button(t('Restore…'), () => this.host.post({ type: 'restore' }), { appearance: 'primary' })}
				</div>`,
			content: html`${file.damage === undefined ? nothing : notice('error', inEnglish(file.damage))}
				<section aria-label=${t('Facts')}>
					<dl>
						${imageFacts(info, (time) => dateAndTime(Date.parse(time), this.#zone)).map(
							([name, value]) =>
								html`<dt>${name}</dt>
									<dd>${value}</dd>`,
						)}
					</dl>
				</section>
				${info.disks.map((disk) => this.#disk(disk))} ${this.#comparison(info)} ${this.#metadata(info)}`,
		});
	}

	#disk(disk: ImageDiskInfo) {
		const title = diskTitle({ ...disk, name: disk.model });
		const partitions = disk.partitions.map(({ start, length }) => ({ start, length }) as PartitionInfo);
		const segments = diskSegments({ size: disk.size, partitions }, ({ start }) => {
			const one = disk.partitions.find((partition) => partition.start === start)!;
			return {
				key: String(start),
				kind: 'partition',
				title: one.label === '' ? t('Partition {0}', one.number) : one.label,
				short: String(one.number),
				detail: fileSystemName(one.fileSystem),
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
					${t('Partitions of {0}', title)}
				</caption>
				<thead>
					<tr>
						<th scope="col">${t('Partition')}</th>
						<th scope="col">${t('File System')}</th>
						<th scope="col" class="number">${t('Used / Size')}</th>
						<th scope="col" class="number">${t('Block size')}</th>
						<th scope="col" class="number">${t('Blocks')}</th>
						<th scope="col" class="number">${t('In this file')}</th>
					</tr>
				</thead>
				<tbody>
					${disk.partitions.map(
						(one) =>
							html`<tr>
								<td>${partitionTitle(one.number, one.label)}</td>
								<td data-column=${t('File System')}>${fileSystemName(one.fileSystem)}</td>
								<td data-column=${t('Used / Size')} class="number">
									${formatBytes(one.used)} / ${formatBytes(one.length)}
								</td>
								<td data-column=${t('Block size')} class="number">${formatBytes(one.blockSize)}</td>
								<td data-column=${t('Blocks')} class="number">${formatCount(one.blocks)}</td>
								<td data-column=${t('In this file')} class="number">${formatCount(one.storedBlocks)}</td>
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
			<h2 id="compare" tabindex="-1">${t('What changed since the point before')}</h2>
			${this._compareError === undefined ? nothing : errorNotice(this._compareError)}
			${
				compare === undefined
					? html`<div>${button(t('Compare'), () => this.#compare(), { id: 'run-compare' })}</div>`
					: compare === 'asked'
						? busy(t('Comparing…'))
						: html`<p class="muted" role="status">${rich('Against {0}', html`<code>${compare.previous}</code>`)}</p>
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
									<span><i class="swatch changed"></i> ${t('Changed')}</span
									><span><i class="swatch new"></i> ${t('New')}</span
									><span><i class="swatch freed"></i> ${t('Freed')}</span>
								</p>`
			}
		</section>`;
	}

	#metadata({ json }: ImageInfo) {
		return html`<details>
			<summary>${t('Metadata as they stand in the file ($JSON)')}</summary>
			<div>${button(t('Copy'), () => this.host.post({ type: 'copy-json' }))}</div>
			<pre tabindex="0" aria-label=${t('Metadata')}>${JSON.stringify(json, undefined, 2)}</pre>
		</details>`;
	}

	#compare(): void {
		this._compare = 'asked';
		this._compareError = undefined;
		this.host.post({ type: 'compare' });
		// The button that was pressed goes.
		this.focusOn('#compare');
	}

	protected override receive(message: HostToProperties): void {
		switch (message.type) {
			case 'image':
				this.#zone = message.timeZone;
				this._info = message.info;
				this._error = undefined;
				this.host.keep({ file: message.info.file.path });
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
