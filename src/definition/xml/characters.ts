import { unseen } from '../../base/unseen.ts';
import type { XmlElement } from './tree.ts';

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const reference = /&(?:#(\d+)|#x([0-9A-Fa-f]+)|([^\s;&<]*));/g;

/**
 * Text with the five predefined references and character references resolved; others stay as they are, since a
 * document of ours can declare none.
 */
export function decodeReferences(raw: string): string {
	if (!raw.includes('&')) return raw;
	return raw.replace(reference, (whole, decimal?: string, hexadecimal?: string, name?: string) => {
		if (name !== undefined) return named[name] ?? whole;
		const code = decimal === undefined ? parseInt(hexadecimal!, 16) : parseInt(decimal, 10);
		return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
	});
}

/** First offset in `raw` of an `&` that begins no reference XML knows without declarations; -1 when all are good. */
export function findBadReference(raw: string): number {
	for (let at = raw.indexOf('&'); at >= 0; at = raw.indexOf('&', at + 1)) {
		const match = /^&(?:#(?:\d{1,7}|x[0-9A-Fa-f]{1,6})|lt|gt|amp|quot|apos);/.exec(raw.slice(at, at + 12));
		if (match === null) return at;
	}
	return -1;
}

/** An attribute's value as XML has it: references resolved, each white-space character a space. */
export function decodeAttribute(raw: string): string {
	return decodeReferences(raw.replace(/\r\n|[\t\n\r]/g, ' '));
}

/** All character data of an element, CDATA included, with line ends as `\n`; comments and children are left out. */
export function textOf(element: XmlElement, text: string): string {
	let result = '';
	for (const node of element.children) {
		if (node.kind !== 'text' && node.kind !== 'cdata') continue;
		const raw = text.slice(node.start, node.end).replace(/\r\n?/g, '\n');
		result += node.kind === 'cdata' ? raw.slice('<![CDATA['.length, -']]>'.length) : decodeReferences(raw);
	}
	return result;
}

/** Keeps what XML can hold: no control characters but tab and line ends, no lone surrogates, no non-characters. */
function allowed(value: string): string {
	return Array.from(value)
		.filter((character) => {
			const code = character.codePointAt(0)!;
			if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
			return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
		})
		.join('');
}

/** What is not seen becomes a reference, so that nobody who shows the text has to change it. */
export function encodeText(value: string): string {
	const text = allowed(value).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
	return text.replace(unseen, (character) => (character === '\n' ? character : `&#${character.charCodeAt(0)};`));
}

/** For use between double quotes. */
export function encodeAttribute(value: string): string {
	return encodeText(value).replace(/"/g, '&quot;').replace(/\n/g, '&#10;').replace(/\t/g, '&#9;');
}
