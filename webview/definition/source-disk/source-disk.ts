import { html, nothing } from 'lit';
import { formatBytes } from '../../shared/quantities.ts';
import { checkbox, notice } from '../../shared/fields.ts';
import { diskSegments, type MapSegment } from '../../shared/disk-map/segments.ts';
import { rich, t } from '../../shared/l10n.ts';
import { partitionTableStyles } from '../../shared/partition-table.ts';
import { baseStyles, noticeStyles, tableStyles } from '../../shared/styles.ts';
import { inEnglish } from '../../shared/in-english.ts';
import { FormElement } from '../form.ts';
import { selectDisk, selectPartition, type PartitionRow, type SourceRow } from '../model/sources.ts';
import { sourceDiskStyles } from './source-disk.styles.ts';

const flagWords: Readonly<Record<string, string>> = {
	boot: t('Boot'),
	system: t('System'),
	efi: t('EFI system'),
	reserved: t('Reserved'),
	recovery: t('Recovery'),
	active: t('Active'),
	hidden: t('Hidden'),
	encrypted: t('Encrypted'),
	swap: t('Swap'),
};

/** One disk of the first page: its title, its map and the table of its partitions. */
export class SourceDiskElement extends FormElement {
	static override properties = { ...FormElement.properties, row: { attribute: false } };
	static override styles = [baseStyles, tableStyles, partitionTableStyles, noticeStyles, sourceDiskStyles];

	declare row: SourceRow;

	override render() {
		const { row } = this;
		const some = row.partitions.some(({ selected }) => selected);
		const all = row.whole || (row.partitions.length > 0 && row.partitions.every(({ selected }) => selected));
		const locked = this.form.readOnly || (row.problem !== undefined && row.disk !== undefined);
		return html`<section aria-label=${row.title} class=${row.disk === undefined ? 'missing' : ''}>
			<header>
				<div class="name">
					<afterimage-icon name=${row.name.kind === 'file' ? 'file' : 'disk'}></afterimage-icon>
					${checkbox({
						label: html`<span class="title">${row.title}</span>`,
						checked: all,
						indeterminate: some && !all,
						disabled: locked,
						onChange: (checked) => this.#selectDisk(checked),
					})}
				</div>
				${row.whole ? html`<span class="chip">${t('All partitions, also later ones')}</span>` : nothing}
				${
					row.disk === undefined && this.form.disks !== undefined
						? html`<span class="chip warning">${t('Missing')}</span>`
						: nothing
				}
				${row.disk?.removable === true ? html`<span class="chip">${t('Removable')}</span>` : nothing}
			</header>
			${row.problem === undefined ? nothing : notice('warning', row.problem)}
			${row.disk?.warnings.map((text) => notice('warning', inEnglish(text))) ?? nothing}
			${
				row.disk === undefined || row.disk.partitions.length === 0
					? nothing
					: html`<afterimage-disk-map
							.segments=${diskSegments(row.disk, (partition) =>
								segmentOf(row.partitions.find(({ key }) => key === String(partition.start))!),
							)}
							.label=${row.title}
							?pickable=${!locked}
							@pick=${(event: CustomEvent<string>) => this.#pick(event.detail)}
						></afterimage-disk-map>`
			}
			${row.partitions.length === 0 ? this.#noPartitions() : this.#table(locked)}
		</section>`;
	}

	#noPartitions() {
		return html`<p class="muted">
			${
				this.row.disk === undefined
					? t('The whole disk is imaged when it is there.')
					: this.row.problem !== undefined
						? t('It has no partitions.')
						: t('It has no partitions. Selected, all its sectors are imaged.')
			}
		</p>`;
	}

	#table(locked: boolean) {
		return html`<table>
			<caption class="hidden-text">
				${t('Partitions of {0}', this.row.title)}
			</caption>
			<thead>
				<tr>
					<th scope="col">${t('Partition')}</th>
					<th scope="col" class="kind">${t('File System')}</th>
					<th scope="col" class="number">${t('Size')}</th>
					<th scope="col" class="bar-column"><span class="hidden-text">${t('Used space')}</span></th>
					<th scope="col" class="select">${t('Selected')}</th>
				</tr>
			</thead>
			<tbody>
				${this.row.partitions.map((partition) => this.#partition(partition, locked))}
			</tbody>
		</table>`;
	}

	#partition(row: PartitionRow, locked: boolean) {
		const share = row.used === undefined || row.length === 0 ? undefined : Math.min(1, row.used / row.length);
		return html`<tr>
			<td class="name">
				<span>${row.title}</span>
				${row.flags.map((flag) => html`<span class="chip">${flagWords[flag] ?? flag}</span>`)}
				${row.required ? html`<span class="chip accent">${t('Required to boot')}</span>` : nothing} ${this.#oddity(row)}
			</td>
			<td class="kind">${row.fileSystem}</td>
			<td class="number">
				${
					row.partition === undefined
						? ''
						: `${row.used === undefined ? formatBytes(row.length) : formatBytes(row.used)} / ${formatBytes(row.length)}`
				}
			</td>
			<td class="bar-column">
				${
					share === undefined
						? nothing
						: html`<div class="bar" title=${t('{0} % used', Math.round(share * 100))}>
								<div style="width: ${share * 100}%"></div>
							</div>`
				}
			</td>
			<td class="select">
				${checkbox({
					label: '',
					name: t('Select {0}', row.title),
					checked: row.selected,
					disabled: locked || row.required,
					onChange: (selected) => this.#selectPartition(row.key, selected),
				})}
			</td>
		</tr>`;
	}

	/** What is odd about a partition; of one that the definition does not name, also what follows from it. */
	#oddity({ problem, wholeReason, source }: PartitionRow) {
		if (problem === undefined && wholeReason === undefined) return nothing;
		return html`<div class="problem">
			<afterimage-icon name="warning"></afterimage-icon>
			<span
				>${
					problem ??
					(source === undefined
						? rich('Every sector is stored: {0}', inEnglish(wholeReason!))
						: inEnglish(wholeReason!))
				}</span
			>
		</div>`;
	}

	#pick(key: string): void {
		const row = this.row.partitions.find((one) => one.key === key);
		if (row !== undefined && !row.required) this.#selectPartition(key, !row.selected);
	}

	#selectDisk(selected: boolean): void {
		const { row } = this;
		this.form.change((definition) => ({ ...definition, sources: selectDisk(definition.sources, row, selected) }));
	}

	#selectPartition(key: string, selected: boolean): void {
		const { row } = this;
		this.form.change((definition) => ({
			...definition,
			sources: selectPartition(definition.sources, row, key, selected),
		}));
	}
}

function segmentOf(row: PartitionRow): MapSegment {
	return {
		key: row.key,
		kind: 'partition',
		title: row.label,
		short: String(row.number),
		detail: row.kind,
		length: row.length,
		used: row.used ?? row.length,
		selected: row.selected,
	};
}
