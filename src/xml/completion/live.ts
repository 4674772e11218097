import { encodeAttribute } from '../../definition/xml/characters.ts';
import type { TextEdit } from '../../definition/xml/edits.ts';
import { attributeOf, elementsOf, type XmlElement } from '../../definition/xml/tree.ts';
import type { DefinitionText } from '../document.ts';
import { findDisk, type LiveDisk, type LivePartition } from '../live-facts.ts';
import type { Words } from '../words.ts';
import type { ElementPlace } from './elements.ts';
import { orderOf, type CompletionItem } from './item.ts';
import { valueItem, type ValuePlace } from './values.ts';

/** The disks of this computer, as values of `signature`; number and model are filled in with it. */
export function signatureItems(
	place: ValuePlace,
	element: XmlElement,
	disks: readonly LiveDisk[],
	words: Words,
): CompletionItem[] {
	return identified(disks).map((disk, index) =>
		valueItem(place, place.value, disk.id, orderOf(1, index), {
			kind: 'disk',
			label: diskName(disk, words),
			detail: `${words.size(disk.size)}, ${disk.id}`,
			documentation: describeDisk(disk, words),
			filter: `${disk.id} ${disk.model}`,
			more: hints(element, [
				['number', String(disk.number)],
				['model', disk.model],
			]),
		}),
	);
}

/** The partitions of the disk that the element is in, as values of `number`; offset and label are filled in with it. */
export function partitionNumberItems(
	place: ValuePlace,
	element: XmlElement,
	disks: readonly LiveDisk[],
	words: Words,
): CompletionItem[] {
	return (diskOf(element.parent, disks)?.partitions ?? []).map((partition, index) =>
		valueItem(place, place.value, String(partition.number), orderOf(1, index), {
			kind: 'partition',
			label: partitionName(partition, words),
			detail: words.size(partition.length),
			documentation: describePartition(partition, words),
			filter: String(partition.number),
			more: hints(element, [
				['offset', String(partition.start)],
				['label', partition.label],
			]),
		}),
	);
}

/** Whole disks, or the partitions of a disk, that are not listed yet. */
export function sourceItems(
	document: DefinitionText,
	place: ElementPlace,
	disks: readonly LiveDisk[],
	words: Words,
): CompletionItem[] {
	const { parent, span, bracket } = place;
	const { t } = words;
	const item = (kind: 'disk' | 'partition', index: number, label: string, text: string): CompletionItem => ({
		kind,
		label,
		span,
		text,
		snippet: false,
		filter: `${bracket ? '<' : ''}${document.prefix}${kind} ${label}`,
		order: orderOf(1, index),
	});
	if (parent.local === 'sources') {
		const there = elementsOf(parent).map((disk) => attributeOf(disk, 'signature')?.value?.toUpperCase());
		return identified(disks)
			.filter(({ id }) => !there.includes(id.toUpperCase()))
			.map((disk, index) => ({
				...item('disk', index, t('disk: {0}', diskName(disk, words)), diskXml(document.prefix, disk)),
				detail: words.size(disk.size),
				documentation: describeDisk(disk, words),
			}));
	}
	if (parent.local !== 'disk') return [];
	const there = elementsOf(parent).map((partition) => attributeOf(partition, 'number')?.value);
	return (diskOf(parent, disks)?.partitions ?? [])
		.filter(({ number }) => !there.includes(String(number)))
		.map((partition, index) => ({
			...item(
				'partition',
				index,
				t('partition: {0}', partitionName(partition, words)),
				partitionXml(document.prefix, partition),
			),
			detail: words.size(partition.length),
			documentation: describePartition(partition, words),
		}));
}

function identified(disks: readonly LiveDisk[]): LiveDisk[] {
	return disks.filter(({ id }) => /^[0-9A-Fa-f]{8}(-|$)/.test(id));
}

function diskOf(element: XmlElement | undefined, disks: readonly LiveDisk[]): LiveDisk | undefined {
	return element === undefined ? undefined : findDisk(disks, attributeOf(element, 'signature')?.value ?? '');
}

/** Attributes to add behind those that are there; one that is there stays. */
function hints(element: XmlElement, values: readonly (readonly [name: string, value: string])[]): TextEdit[] {
	const last = element.attributes.at(-1);
	const text = values
		.filter(([name, value]) => value !== '' && attributeOf(element, name) === undefined)
		.map(([name, value]) => ` ${name}="${encodeAttribute(value)}"`)
		.join('');
	return text === '' || last === undefined ? [] : [{ start: last.end, end: last.end, text }];
}

function diskXml(prefix: string, disk: LiveDisk): string {
	const model = disk.model === '' ? '' : ` model="${encodeAttribute(disk.model)}"`;
	const open = `<${prefix}disk signature="${disk.id}" number="${disk.number}"${model}`;
	const lines = disk.partitions.map((partition) => `\t${partitionXml(prefix, partition)}\n`);
	return lines.length === 0 ? `${open}/>` : `${open}>\n${lines.join('')}</${prefix}disk>`;
}

function partitionXml(prefix: string, { number, start, label }: LivePartition): string {
	const shown = label === '' ? '' : ` label="${encodeAttribute(label)}"`;
	return `<${prefix}partition number="${number}" offset="${start}"${shown}/>`;
}

function diskName({ number, model, path }: LiveDisk, { t }: Words): string {
	return `${t('Disk {0}', number)} – ${model === '' ? path : model}`;
}

function partitionName({ number, label, fileSystem }: LivePartition, { t }: Words): string {
	return [t('Partition {0}', number), [label, fileSystem].filter((one) => one !== '').join(', ')]
		.filter(Boolean)
		.join(' – ');
}

function describeDisk(disk: LiveDisk, words: Words): string {
	const lines = disk.partitions.map(
		(partition) => `- ${partitionName(partition, words)}: ${words.size(partition.length)}`,
	);
	return [`**${diskName(disk, words)}** (${disk.path}, ${words.size(disk.size)})`, ...lines].join('\n');
}

function describePartition(partition: LivePartition, words: Words): string {
	const { t, size } = words;
	const used = partition.used === undefined ? t('all of it is stored') : t('{0} used', size(partition.used));
	const mounted = partition.mountedAt.length === 0 ? [] : [t('mounted at {0}', partition.mountedAt.join(', '))];
	return `**${partitionName(partition, words)}**: ${[size(partition.length), used, ...mounted].join(', ')}`;
}
