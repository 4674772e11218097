import { attributeOf, elementsOf, type XmlAttribute, type XmlElement } from '../definition/xml/tree.ts';
import { textOf } from '../definition/xml/characters.ts';
import type { DefinitionText } from './document.ts';
import { findDisk, type LiveDisk, type LiveFacts } from './live-facts.ts';
import { childNamed } from './runs.ts';
import { englishWords, type Words } from './words.ts';

/** A remark beside a value, which is not part of the text. */
export interface InlayHint {
	/** It stands in front of this offset. */
	readonly offset: number;
	readonly text: string;
	readonly tooltip: string | undefined;
}

/** Models beside disk signatures, what partitions are, and sizes that people can read beside numbers. */
export async function inlayHints(
	document: DefinitionText,
	facts: LiveFacts,
	words: Words = englishWords,
): Promise<InlayHint[]> {
	const { root } = document.xml;
	if (root === undefined || document.declarationOf(root) === undefined) return [];
	const hints: InlayHint[] = [];
	const sources = childNamed(root, 'sources');
	const disks = sources === undefined ? [] : elementsOf(sources);
	const live = disks.some(({ local }) => local === 'disk') ? await facts.disks() : [];
	for (const disk of disks) {
		const known = disk.local === 'disk' ? diskHint(hints, disk, live, words) : undefined;
		for (const partition of elementsOf(disk)) partitionHints(hints, partition, known, words);
	}
	const limit = childNamed(root, 'file_size_limit');
	if (limit !== undefined) add(hints, limit.closeStart, bytesText(textOf(limit, document.text).trim(), words.size));
	const rate = childNamed(root, 'rate_limit');
	if (rate !== undefined) add(hints, rate.closeStart, rateText(textOf(rate, document.text).trim(), words.size));
	return hints;
}

function diskHint(
	hints: InlayHint[],
	element: XmlElement,
	live: readonly LiveDisk[],
	{ t, size }: Words,
): LiveDisk | undefined {
	const signature = attributeOf(element, 'signature');
	const disk = findDisk(live, signature?.value ?? '');
	// Without any disk to compare with, nothing is known; that is no reason to say that this one is not there.
	if (signature?.valueSpan === undefined || live.length === 0) return disk;
	if (disk === undefined) {
		add(hints, afterQuote(signature), t('not attached'), t('No disk of this computer has this signature now.'));
	} else {
		const tooltip = `${disk.path}, ${size(disk.size)}`;
		add(hints, afterQuote(signature), disk.model === '' ? disk.path : disk.model, tooltip);
	}
	return disk;
}

function partitionHints(hints: InlayHint[], element: XmlElement, disk: LiveDisk | undefined, { size }: Words): void {
	const number = attributeOf(element, 'number');
	const partition = disk?.partitions.find((one) => String(one.number) === number?.value?.trim());
	if (partition !== undefined && number?.valueSpan !== undefined) {
		const words = [partition.label, partition.fileSystem, size(partition.length)];
		add(hints, afterQuote(number), words.filter((word) => word !== '').join(', '));
	}
	const offset = attributeOf(element, 'offset');
	if (offset?.valueSpan !== undefined) add(hints, afterQuote(offset), bytesText(offset.value ?? '', size));
}

function add(hints: InlayHint[], offset: number, text: string | undefined, tooltip?: string): void {
	if (text !== undefined) hints.push({ offset, text, tooltip });
}

function afterQuote(attribute: XmlAttribute): number {
	return attribute.end;
}

/** Only bare numbers of bytes need it; a size with a unit reads well already. */
function bytesText(text: string, size: Words['size']): string | undefined {
	return /^\d{4,15}$/.test(text) ? size(Number(text)) : undefined;
}

function rateText(text: string, size: Words['size']): string | undefined {
	return /^\d{4,10}$/.test(text) ? `${size(Number(text) * 1024)}/s` : undefined;
}
