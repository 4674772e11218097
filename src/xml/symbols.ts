import { describeRetention, describeTiming, describeType } from '../definition/plan/describe.ts';
import { textOf } from '../definition/xml/characters.ts';
import { attributeOf, elementsOf, type Span, type XmlElement } from '../definition/xml/tree.ts';
import type { DefinitionText } from './document.ts';
import { englishWords, type Words } from './words.ts';

export type SymbolKind = 'definition' | 'part' | 'source' | 'schedule' | 'rule' | 'value' | 'script';

/** An element as the outline and the breadcrumbs show it. */
export interface DefinitionSymbol {
	readonly name: string;
	/** What it says, in a few words. */
	readonly detail: string;
	readonly kind: SymbolKind;
	readonly span: Span;
	readonly nameSpan: Span;
	readonly children: readonly DefinitionSymbol[];
}

export function symbols(document: DefinitionText, words: Words = englishWords): DefinitionSymbol[] {
	const { root } = document.xml;
	return root === undefined ? [] : [symbolOf(document, root, words)];
}

const kinds: Readonly<Record<string, SymbolKind>> = {
	backup_definition: 'definition',
	disk: 'source',
	raw_file: 'source',
	partition: 'source',
	schedule: 'schedule',
	full_retention: 'rule',
	differential_retention: 'rule',
	incremental_retention: 'rule',
	before: 'script',
	after: 'script',
};

function symbolOf(document: DefinitionText, element: XmlElement, words: Words): DefinitionSymbol {
	const simple = document.declarationOf(element)?.type.kind === 'simple';
	// The timing of a schedule is told by the schedule itself.
	const children = element.local === 'schedule' ? [] : elementsOf(element);
	return {
		name: element.local === '' ? '<>' : element.local,
		detail: detailOf(document, element, simple, words),
		kind: kinds[element.local] ?? (simple ? 'value' : 'part'),
		span: element,
		nameSpan: element.nameSpan,
		children: children.map((child) => symbolOf(document, child, words)),
	};
}

function detailOf(document: DefinitionText, element: XmlElement, simple: boolean, { t, size }: Words): string {
	const attribute = (name: string): string => attributeOf(element, name)?.value ?? '';
	if (simple) return shorten(textOf(element, document.text));
	const { definition, origins } = document.read;
	switch (element.local) {
		case 'backup_definition':
			return definition.name;
		case 'sources':
			return definition.sources.bootPartitions ? t('partitions required to boot') : '';
		case 'disk':
			return attribute('model') === '' ? attribute('signature') : attribute('model');
		case 'raw_file':
		case 'before':
		case 'after':
			return shorten(attribute('path'));
		case 'partition': {
			const offset = Number(attribute('offset'));
			const at = attribute('offset') === '' || Number.isNaN(offset) ? '' : t('at {0}', size(offset));
			return [attribute('number'), attribute('label'), at].filter((one) => one !== '').join(', ');
		}
		case 'schedule': {
			const schedule = document.scheduleOf(element);
			if (schedule === undefined || !document.isSound(element)) return attribute('backup_type');
			const off = schedule.enable ? '' : ` ${t('(off)')}`;
			return `${describeType(schedule.backupType, t)}: ${describeTiming(schedule, t)}${off}`;
		}
		case 'full_retention':
		case 'differential_retention':
		case 'incremental_retention': {
			const { fullRetention, differentialRetention, incrementalRetention } = definition.diskSpaceManagement;
			const rules = { full: fullRetention, diff: differentialRetention, inc: incrementalRetention };
			const found = Object.entries(rules).find(([, rule]) => rule !== undefined && origins.elementOf(rule) === element);
			return found === undefined ? '' : describeRetention(found[1], found[0] as keyof typeof rules, t);
		}
		case 'encryption':
			return attribute('aes_type');
		default:
			return '';
	}
}

function shorten(text: string): string {
	const line = text.replace(/\s+/g, ' ').trim();
	return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
