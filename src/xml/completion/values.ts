import type { Translate } from '../../base/l10n.ts';
import { documentationOf } from '../../definition/schema/documentation.ts';
import { encodeAttribute, encodeText } from '../../definition/xml/characters.ts';
import type { SimpleType } from '../../definition/schema/types.ts';
import type { Span } from '../../definition/xml/tree.ts';
import { likely } from '../snippet.ts';
import { orderOf, type CompletionItem } from './item.ts';

export interface ValuePlace {
	readonly text: string;
	readonly offset: number;
	/** The whole value, without white space around it. */
	readonly value: Span;
	readonly inAttribute: boolean;
	readonly type: SimpleType;
	readonly defaultValue: string | undefined;
	/** Name of the element or attribute. */
	readonly name: string;
}

/** The values that the type allows, or some that are likely where it allows many. */
export function valueItems(place: ValuePlace, now: Date, t: Translate): CompletionItem[] {
	const { type, defaultValue } = place;
	if (type.item !== undefined) return listItems(place, type.item, t);
	const simple = (value: string, index: number, documentation?: string): CompletionItem =>
		valueItem(place, place.value, value, orderOf(value === defaultValue ? 2 : 3, index), {
			detail: value === defaultValue ? t('default') : undefined,
			documentation,
		});
	if (type.primitive === 'boolean') return ['true', 'false'].map((value, index) => simple(value, index));
	if (type.enumeration.length > 0) {
		return type.enumeration.map((one, index) => simple(one.value, index, documentationOf(one, t)));
	}
	return suggestions(type, defaultValue, now).map((value, index) => simple(value, index));
}

export function valueItem(
	{ inAttribute }: Pick<ValuePlace, 'inAttribute'>,
	span: Span,
	value: string,
	order: string,
	more: Partial<CompletionItem> = {},
): CompletionItem {
	const text = inAttribute ? encodeAttribute(value) : encodeText(value);
	return { kind: 'value', label: value, span, text, snippet: false, filter: text, order, ...more };
}

/** One more item of a list: those that stand there already are left out. */
function listItems(place: ValuePlace, item: SimpleType, t: Translate): CompletionItem[] {
	const { text, offset, value } = place;
	const before = /[^\s]*$/.exec(text.slice(value.start, Math.max(value.start, offset)))![0];
	const after = /^[^\s]*/.exec(text.slice(offset, Math.max(offset, value.end)))![0];
	const span = { start: offset - before.length, end: offset + after.length };
	const others = `${text.slice(value.start, span.start)} ${text.slice(span.end, value.end)}`.split(/\s+/);
	const items = item.enumeration
		.filter((one) => !others.includes(one.value))
		.map((one, index) =>
			valueItem(place, span, one.value, orderOf(3, index), { documentation: documentationOf(one, t) }),
		);
	if (others.every((one) => one === '') && item.name === 'weekday') {
		const days = item.enumeration.map((one) => one.value);
		const work = days.slice(0, 5).join(' ');
		items.push(valueItem(place, span, work, orderOf(4, 0)), valueItem(place, span, days.join(' '), orderOf(4, 1)));
	}
	return items;
}

function suggestions(type: SimpleType, defaultValue: string | undefined, now: Date): string[] {
	const first = defaultValue === undefined || defaultValue === '' ? [] : [defaultValue];
	const rest = (): readonly string[] => {
		switch (type.name) {
			case 'time':
				return ['00:00', '06:00', '09:00', '12:00', '18:00', '22:00'];
			case 'date':
				return [localDay(now)];
			case 'size':
				return ['650 MB', '4 GB', '4.7 GB', '25 GB', '100 GB'];
			case 'time_zone':
				return Intl.supportedValuesOf('timeZone').concat('UTC');
			case 'day_of_month':
				return ['last', ...Array.from({ length: 31 }, (_, index) => String(index + 1))];
			case 'minutes':
				return ['15', '30', '60', '120', '240'];
			case 'mail_server':
				return ['smtps://mail.example.com:465', 'smtp://mail.example.com:587'];
			default:
				return type.primitive === 'integer' ? [likely(type, defaultValue)] : [];
		}
	};
	return [...new Set([...first, ...rest()])];
}

function localDay(now: Date): string {
	const pad = (value: number): string => String(value).padStart(2, '0');
	return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}
