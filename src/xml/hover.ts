import type { Translate } from '../base/l10n.ts';
import { parseSize } from '../base/quantity.ts';
import { findParameters } from '../definition/parameters.ts';
import { documentationOf } from '../definition/schema/documentation.ts';
import type { AttributeDeclaration, ElementDeclaration, SimpleType } from '../definition/schema/types.ts';
import { textOf } from '../definition/xml/characters.ts';
import { attributeOf, type Span, type XmlElement } from '../definition/xml/tree.ts';
import { takesParameters } from './completion/parameters.ts';
import type { DefinitionText } from './document.ts';
import { fileNameNow, parameterNow, type Surroundings } from './file-name.ts';
import { findDisk, type LiveFacts } from './live-facts.ts';
import { placeAt } from './place.ts';
import { longTime, nextRunsOf, typeWord } from './runs.ts';
import { isMeant, selectedBytes, type Selected } from './selected.ts';
import type { Words } from './words.ts';

export interface Hover {
	readonly span: Span;
	/** Markdown, part by part. */
	readonly parts: readonly string[];
}

/** What the schema says about the thing at an offset, and what it comes to on this computer now. */
export async function hover(
	document: DefinitionText,
	offset: number,
	facts: LiveFacts,
	surroundings: Surroundings,
): Promise<Hover | undefined> {
	const place = placeAt(document.xml, offset);
	switch (place.kind) {
		case 'elsewhere':
			return undefined;
		case 'tag-name':
		case 'end-tag': {
			if (place.element === undefined) return undefined;
			const span = place.kind === 'tag-name' ? place.element.nameSpan : place.typed;
			return hoverElement(document, place.element, span, facts, surroundings);
		}
		case 'attribute-name':
		case 'attribute-value': {
			const { element, attribute } = place;
			const declaration = attribute && document.attributeDeclaration(element, attribute.name);
			if (attribute === undefined || declaration === undefined) return undefined;
			const text = attribute.value ?? '';
			if (place.kind === 'attribute-value') {
				const found = parameterHover(document, element, attribute.name, place.value, offset, surroundings);
				if (found !== undefined) return found;
			}
			const shown = [about(declaration, declaration.type, text, surroundings.words.t)];
			const resolved = await resolveAttribute(document, element, attribute.name, text, facts, surroundings.words);
			return { span: attribute, parts: [...shown, ...resolved] };
		}
		case 'content': {
			const { parent } = place;
			const declaration = parent && document.declarationOf(parent);
			if (parent === undefined || declaration?.type.kind !== 'simple') return undefined;
			const span = { start: parent.openEnd, end: parent.closeStart };
			return (
				parameterHover(document, parent, undefined, span, offset, surroundings) ??
				hoverElement(document, parent, span, facts, surroundings)
			);
		}
	}
}

async function hoverElement(
	document: DefinitionText,
	element: XmlElement,
	span: Span,
	facts: LiveFacts,
	surroundings: Surroundings,
): Promise<Hover | undefined> {
	const declaration = document.declarationOf(element);
	if (declaration === undefined) return undefined;
	const { type } = declaration;
	const text = type.kind === 'simple' ? textOf(element, document.text) : '';
	const { t } = surroundings.words;
	const shown = type.kind === 'simple' ? about(declaration, type, text, t) : heading(declaration, t);
	return { span, parts: [shown, ...(await resolveElement(document, element, text, facts, surroundings))] };
}

function heading(declaration: ElementDeclaration | AttributeDeclaration, t: Translate): string {
	return `**${declaration.name}**\n\n${documentationOf(declaration, t)}`;
}

/** Documentation, type and default; of a value that is one of several, what it means. */
function about(
	declaration: ElementDeclaration | AttributeDeclaration,
	type: SimpleType,
	text: string,
	t: Translate,
): string {
	const lines = [heading(declaration, t)];
	const values = type.primitive === 'boolean' ? ['true', 'false'] : type.enumeration.map(({ value }) => value);
	const meaning = type.enumeration.find(({ value }) => value === text.trim());
	if (meaning !== undefined && meaning.documentation !== '')
		lines.push(`\`${meaning.value}\`: ${documentationOf(meaning, t)}`);
	const facts = [
		values.length > 0 ? t('One of {0}.', values.map((value) => `\`${value}\``).join(', ')) : documentationOf(type, t),
		byDefault(declaration.defaultValue, t),
		'required' in declaration && declaration.required ? t('Required.') : '',
	];
	lines.push(facts.filter((one) => one !== '').join(' '));
	return lines.filter((line) => line !== '').join('\n\n');
}

function byDefault(value: string | undefined, t: Translate): string {
	if (value === undefined) return '';
	return value === '' ? t('Default: empty.') : t('Default: {0}.', `\`${value}\``);
}

function parameterHover(
	document: DefinitionText,
	element: XmlElement,
	attribute: string | undefined,
	value: Span,
	offset: number,
	surroundings: Surroundings,
): Hover | undefined {
	if (!takesParameters(element, attribute)) return undefined;
	const at = offset - value.start;
	const found = findParameters(document.text.slice(value.start, value.end)).find(
		({ start, end }) => start <= at && at <= end,
	);
	if (found?.parameter === undefined) return undefined;
	const now = parameterNow(found.name, document.read.definition, surroundings);
	const { t } = surroundings.words;
	const parts = [`**{${found.name}}**\n\n${found.parameter.description(t)}`];
	if (now !== undefined && now !== '') parts.push(t('Now: {0}', `\`${now}\``));
	return { span: { start: value.start + found.start, end: value.start + found.end }, parts };
}

async function resolveElement(
	document: DefinitionText,
	element: XmlElement,
	text: string,
	facts: LiveFacts,
	surroundings: Surroundings,
): Promise<string[]> {
	const { definition, origins } = document.read;
	const { words } = surroundings;
	const { t } = words;
	switch (element.local) {
		case 'filename_template':
		case 'prefix_unique':
			return [t('The next full backup would be {0}', `\`${fileNameNow(definition, surroundings)}\``)];
		case 'scheduling':
		case 'schedule': {
			const owner = element.local === 'scheduling' ? (element.parent ?? element) : element;
			const runs = nextRunsOf(document, owner, 5, surroundings);
			if (runs.length === 0) return [];
			const lines = runs.map(
				({ time, backupType }) => `- ${longTime(time, document, surroundings)}: ${typeWord(backupType, t)}`,
			);
			return [`${t('Next runs:')}\n${lines.join('\n')}`];
		}
		case 'sources':
		case 'disk': {
			const disks = definition.sources.disks.filter(
				(disk) => element.local === 'sources' || origins.elementOf(disk) === element,
			);
			return disks.length === 0 ? [] : [describe(selectedBytes(disks, await facts.disks()), words)];
		}
		case 'partition':
			return describePartition(document, element, facts, words);
		case 'file_size_limit':
			return bytesOf(text, words);
		default:
			return [];
	}
}

async function resolveAttribute(
	document: DefinitionText,
	element: XmlElement,
	name: string,
	text: string,
	facts: LiveFacts,
	words: Words,
): Promise<string[]> {
	const { t, size } = words;
	if (name === 'offset') return bytesOf(text, words);
	if (name === 'signature') {
		const disk = findDisk(await facts.disks(), text);
		if (disk === undefined) return [t('No disk with this signature is attached.')];
		return [`${t('Disk {0}', disk.number)}: ${disk.model} (${disk.path}, ${size(disk.size)})`];
	}
	return name === 'number' && element.local === 'partition' ? describePartition(document, element, facts, words) : [];
}

async function describePartition(
	document: DefinitionText,
	element: XmlElement,
	facts: LiveFacts,
	{ t, size }: Words,
): Promise<string[]> {
	const { parent } = element;
	const disk = parent && findDisk(await facts.disks(), attributeOf(parent, 'signature')?.value ?? '');
	if (disk === undefined) return [];
	const { definition, origins } = document.read;
	const wanted = definition.sources.disks
		.flatMap(({ partitions }) => partitions)
		.find((one) => origins.elementOf(one) === element);
	const there = wanted && disk.partitions.find((one) => isMeant(one, wanted));
	if (there === undefined) return [t('{0} has no such partition now.', disk.model === '' ? disk.path : disk.model)];
	const name = [there.label, there.fileSystem].filter((one) => one !== '').join(', ');
	return [
		there.used === undefined
			? `${name}: ${size(there.length)}`
			: t('{0}: {1}, {2} of it used', name, size(there.length), size(there.used)),
	];
}

function describe({ partitions, length, used, missing }: Selected, { t, size }: Words): string {
	const lines = [
		partitions === 1
			? t('Selected: 1 partition, {0} used of {1}', size(used), size(length))
			: t('Selected: {0} partitions, {1} used of {2}', partitions, size(used), size(length)),
	];
	if (missing.length > 0) lines.push(t('Not attached: {0}', missing.join(', ')));
	return lines.join('\n\n');
}

function bytesOf(text: string, { t, size, count }: Words): string[] {
	const bytes = parseSize(text);
	return bytes === undefined ? [] : [t('{0} = {1} bytes', size(bytes), count(bytes))];
}
