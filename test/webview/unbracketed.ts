import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { textPieces, type TextBundle } from '../../src/base/l10n.ts';

const english = JSON.parse(
	readFileSync(resolve(import.meta.dirname, '../../l10n/bundle.l10n.json'), 'utf8'),
) as TextBundle;

/** Every text with its words in brackets, and what varies outside of them. */
export const bracketed: TextBundle = Object.fromEntries(
	Object.keys(english).map((text) => [
		text,
		textPieces(text)
			.map((piece) => (typeof piece === 'number' ? `{${piece}}` : `⟦${piece}⟧`))
			.join(''),
	]),
);

/** What is no text of ours: units, paths, codes, and dates as `Intl` writes them. */
const neutral =
	/\b(KB|MB|GB|TB|min|GPT|MBR|NTFS|FAT32 \(LBA\)|exFAT|ext4|AES(-| )\d{3}|UTC|Europe\/Berlin|(Mon|Tue|Wed|Thu|Fri|Sat|Sun)|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*|h|s)\b|\{[A-Z]+\}/g;

/**
 * Words on a page that stand outside the brackets, and so in no bundle, though they are no data: texts, and the names,
 * titles and hints of elements. Elements that say they are English hold what is English everywhere.
 * @param data names, paths and other texts of the samples
 */
export async function unbracketed(page: Page, data: readonly string[]): Promise<readonly string[]> {
	const found = await page.evaluate(() => {
		const texts: string[] = [];
		const attributes = ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'alt'];
		const look = (node: Node): void => {
			if (node.nodeType === Node.TEXT_NODE) texts.push(node.textContent ?? '');
			if (!(node instanceof Element || node instanceof DocumentFragment)) return;
			if (node instanceof Element) {
				if (['SCRIPT', 'STYLE', 'PRE'].includes(node.nodeName.toUpperCase())) return;
				if (node.getAttribute('lang') === 'en') return;
				for (const name of attributes) texts.push(node.getAttribute(name) ?? '');
				if (node.shadowRoot !== null) look(node.shadowRoot);
			}
			for (const child of node.childNodes) look(child);
		};
		look(document.body);
		return texts;
	});
	const known = [...data].sort((a, b) => b.length - a.length);
	const strange = found.filter((text) => {
		let rest = text.replace(/⟦[^⟧]*⟧/g, ' ');
		for (const value of known) rest = rest.replaceAll(value, ' ');
		return /\p{Letter}{2}/u.test(rest.replace(neutral, ' '));
	});
	return [...new Set(strange.map((text) => text.replace(/\s+/g, ' ').trim()))];
}

/** Every text in a value, however deep. */
export function textsIn(value: unknown): readonly string[] {
	if (typeof value === 'string') return value.length > 1 ? [value] : [];
	if (typeof value !== 'object' || value === null) return [];
	return Object.values(value).flatMap(textsIn);
}
