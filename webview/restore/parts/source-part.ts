import { html, nothing, type TemplateResult } from 'lit';
import type { ErrorRecord } from '../../../src/base/errors.ts';
import type { ImageDiskInfo } from '../../../src/protocol/backups.ts';
import { diskTitle } from '../../shared/disk-title.ts';
import { checkbox, radio } from '../../shared/fields.ts';
import { partitionTitle } from '../../shared/file-words.ts';
import { fileSystemName } from '../../shared/image-words.ts';
import { errorNotice } from '../../shared/in-english.ts';
import { rich, t } from '../../shared/l10n.ts';
import { formatBytes } from '../../shared/quantities.ts';
import { partitionHead } from './partition-head.ts';

export interface SourcePart {
	readonly disks: readonly ImageDiskInfo[];
	/** The chosen one. */
	readonly disk: ImageDiskInfo | undefined;
	/** Numbers of the chosen partitions; undefined is the whole disk. */
	readonly partitions: readonly number[] | undefined;
	readonly locked: boolean;
	readonly onDisk: (number: number) => void;
	readonly onPartitions: (partitions: readonly number[] | undefined) => void;
}

/** In the place of {@link sourcePart} while the image is read, or when it cannot be. */
export function noImagePart(error: ErrorRecord | undefined): TemplateResult {
	return error === undefined ? html`<p class="muted" role="status">${t('Reading the image…')}</p>` : errorNotice(error);
}

/** Which disk of an image, and which of its partitions. */
export function sourcePart(part: SourcePart): TemplateResult {
	const { disks, disk } = part;
	return html`${disks.length < 2 ? nothing : diskChoice(part)}${disk === undefined ? nothing : partitionTable(part, disk)}`;
}

function diskChoice({ disks, disk, locked, onDisk }: SourcePart) {
	return html`<div role="radiogroup" aria-label=${t('Disk of the image')} class="stack">
		${disks.map((one) =>
			radio({
				group: 'disk',
				value: String(one.number),
				label: titleOf(one),
				checked: one.number === disk?.number,
				disabled: locked,
				onChoose: () => onDisk(one.number),
			}),
		)}
	</div>`;
}

function partitionTable({ partitions, locked, onPartitions }: SourcePart, disk: ImageDiskInfo) {
	const numbers = disk.partitions.map(({ number }) => number);
	const chosen = (number: number) => partitions?.includes(number) ?? true;
	return html`${checkbox({
			label: html`${rich('Whole disk: {0}', titleOf(disk))}`,
			checked: partitions === undefined,
			disabled: locked,
			onChange: (whole) => onPartitions(whole ? undefined : numbers),
		})}
		<table>
			${partitionHead(t('Partitions in the image'), t('Restore'))}
			<tbody>
				${disk.partitions.map(
					({ number, label, fileSystem, used, length }) =>
						html`<tr>
							<td class="name">${partitionTitle(number, label)}</td>
							<td class="kind">${fileSystemName(fileSystem)}</td>
							<td class="number">${formatBytes(used)} / ${formatBytes(length)}</td>
							<td class="select">
								${checkbox({
									label: '',
									name: t('Restore partition {0}', number),
									checked: chosen(number),
									disabled: locked || partitions === undefined,
									onChange: (on) => onPartitions(numbers.filter((one) => (one === number ? on : chosen(one)))),
								})}
							</td>
						</tr>`,
				)}
			</tbody>
		</table>`;
}

function titleOf(disk: ImageDiskInfo): string {
	return diskTitle({ ...disk, name: disk.model });
}
