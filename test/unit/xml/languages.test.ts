import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { english, translator, type TextBundle, type Translate } from '../../../src/base/l10n.ts';
import { problemCodes } from '../../../src/definition/codes.ts';
import { definitionSchema } from '../../../src/definition/schema/definition-schema.ts';
import { documentationTexts } from '../../../src/definition/schema/documentation.ts';
import { loadSchema } from '../../../src/definition/schema/load.ts';
import { translatedXsd } from '../../../src/definition/schema/translated-xsd.ts';
import { definitionXsd } from '../../../src/definition/schema/xsd.ts';
import { validateDefinition } from '../../../src/definition/validate.ts';
import { strictWording } from '../../../src/definition/xml/strict-words.ts';
import { complete } from '../../../src/xml/completion.ts';
import { DefinitionText } from '../../../src/xml/document.ts';
import type { Surroundings } from '../../../src/xml/file-name.ts';
import { hover } from '../../../src/xml/hover.ts';
import { inlayHints } from '../../../src/xml/inlay-hints.ts';
import { quickFixes } from '../../../src/xml/quick-fixes.ts';
import { symbols, type DefinitionSymbol } from '../../../src/xml/symbols.ts';
import type { Words } from '../../../src/xml/words.ts';
import { corpusFacts, corpusFiles, corpusText } from '../../support/definition-corpus.ts';
import { around, facts, guid, sample, surroundings } from './support.ts';

const german = translator(
	JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../l10n/bundle.l10n.de.json'), 'utf8')) as TextBundle,
);
/** Puts what goes through the translator in brackets: what stands outside of them would stay English. */
const bracketed: Translate = (message, ...args) => `⟦${english(message, ...args)}⟧`;
const isWhole = (text: string) => /^⟦.*⟧$/s.test(text) && outside(text) === '';
const words: Words = { t: bracketed, size: (bytes) => `⟦${bytes}⟧`, count: (count) => `⟦${count}⟧` };
const told: Surroundings = { ...surroundings, words };

/** What of a text stands in no brackets. */
function outside(text: string): string {
	let rest = text;
	for (let next = rest.replace(/⟦[^⟦⟧]*⟧/g, ''); next !== rest; next = rest.replace(/⟦[^⟦⟧]*⟧/g, '')) rest = next;
	return rest;
}

/** The same without Markdown's code and names, times, and what the sample computer calls its disks. */
function foreignWords(text: string): string[] {
	const data = /Samsung 980 <Pro>|Samsung|\/dev\/\w+|\/boot\/efi|FAT32|ext4|EFI|[0-9A-F]{8}(?:-[0-9A-F-]+)?/g;
	const plain = outside(text)
		.replace(/`[^`]*`|\*\*[a-z{][^*]*\*\*/g, '')
		.replace(/\w{3},? \d+ \w{3,4} \d{4},? (?:at )?\d\d:\d\d/g, '')
		.replace(data, '');
	return plain.match(/[A-Za-z]{2,}/g) ?? [];
}

/** Documents with problems: those of the corpus, and markup that is broken in every way that we know of. */
const broken = [
	...corpusFiles().map(corpusText),
	...['', 'x', '<a', '<a>', '<a></b>', '</a>', '</', '<a/><b/>', '<a b/>', '<a b=c/>', '<a b="', '<a b="&x;"/>'],
	...['<a>&</a>', '<a>]]></a>', '<a><!--</a>', '<a><![CDATA[</a>', '<!DOCTYPE a><a/>', '<a b="1" b="2"/>', '<x:a/>'],
	...['<a>\u0001</a>', '<a><!-- -- --></a>', '<a:b:c/>', '<?xml version="2"?><a/>', '<a b="<"/>', '<a></>', '</>'],
	...['<?xml version="1.0" encoding="UTF-16"?><a/>', '<a>'.repeat(70), `<a>${' '.repeat(4_000_001)}</a>`],
	around('<name>x</name><name>y</name><sources/><destination><optical_drive>D:</optical_drive></destination>'),
	around('<name/><nam/>text<sources><disk foo="1"/></sources><scheduling><schedule/></scheduling>'),
	around('<backup_type>all</backup_type><rate_limit>x</rate_limit><file_size_limit>9 XB</file_size_limit>'),
	around('<scheduling><schedule backup_type="inc"><weekly days="" time="25:00"/><daily/></schedule></scheduling>'),
];

describe('findings in another language', () => {
	it('are said whole, and in English as their message is', () => {
		const codes = new Set<string>();
		for (const text of broken) {
			for (const { code, message, wording } of validateDefinition(text, corpusFacts).problems) {
				codes.add(code);
				expect(isWhole(wording(bracketed)), `${code}: ${wording(bracketed)}`).toBe(true);
				expect(wording(english)).toBe(message);
				expect(wording(german), message).not.toBe(message);
			}
		}
		const known = Object.keys(problemCodes).filter((code) => code !== 'definition-on-network');
		expect([...codes].sort()).toEqual(expect.arrayContaining(known.sort()));
	});

	it('are told of what a strict parser objects to, whatever it is', () => {
		const source = readFileSync(createRequire(import.meta.url).resolve('saxes'), 'utf8').replaceAll('\\\n', '');
		const sentences = [...source.matchAll(/\bfail\((?:[^`"]*\? *|[^`"]*: *)?(["`])((?:\\.|(?!\1).)*)\1/g)].map(
			(match) =>
				match[2]!
					.replaceAll('\\"', '"')
					.replace(/\$\{JSON[^}]*\}/, '"x"')
					.replace(/\$\{[^}]*\}/g, 'x'),
		);
		expect(sentences.length).toBeGreaterThan(60);
		const unknown = sentences.filter((sentence) => strictWording(sentence)(english).includes('well-formed'));
		expect(unknown).toEqual(['cannot write after close; assign an onready handler.']);
		expect(strictWording('something new.')(german)).toBe('Dies ist kein wohlgeformtes XML: something new.');
	});

	it('go on in lower case behind a semicolon, as the documentation of each type begins with an article', () => {
		const types = [
			...definitionXsd.matchAll(/<xs:simpleType name="\w+">\s*<xs:annotation>\s*<xs:documentation>([^<]*)/g),
		];
		const shown = documentationTexts(definitionSchema());
		const texts = types.map((match) => match[1]!).filter((text) => shown.includes(text));
		expect(texts.length).toBeGreaterThan(10);
		for (const text of texts) expect(german(text)).toMatch(/^(?:Eine?|Der|Die|Das|KB) /);
		const { problems } = validateDefinition(around('<sources><disk signature="x"/></sources>'));
		const said = problems.find(({ code }) => code === 'schema-value')!.wording(german);
		expect(said).toBe('signature ist „x“; verlangt ist eine GUID oder 8 hexadezimale Ziffern.');
	});

	it('are mended by fixes with titles in that language', () => {
		const titles = new Set<string>();
		for (const text of broken.filter(({ length }) => length < 100_000)) {
			const document = new DefinitionText(text);
			for (const problem of validateDefinition(text, corpusFacts).problems) {
				for (const { title } of quickFixes(document, problem, surroundings.now, bracketed)) titles.add(title);
			}
		}
		expect(titles.size).toBeGreaterThan(50);
		expect([...titles].filter((title) => !isWhole(title))).toEqual([]);
	});
});

describe('what an editor shows of a definition in another language', () => {
	const document = new DefinitionText(sample);

	it('has hovers without an English word', async () => {
		const seen = new Set<string>();
		for (let offset = 0; offset < sample.length; offset += 3) {
			for (const part of (await hover(document, offset, facts, told))?.parts ?? []) seen.add(part);
		}
		expect(seen.size).toBeGreaterThan(40);
		expect([...seen].filter((part) => foreignWords(part).length > 0)).toEqual([]);
		expect(
			(await hover(document, sample.indexOf('<sources') + 2, facts, { ...told, words: { ...words, t: german } }))!
				.parts[0],
		).toBe('**sources**\n\nDie Datenträger und Partitionen, die abgebildet werden.');
	});

	it('has completions without an English word but names and values', async () => {
		const attached = `<sources>\n <disk signature="${guid}">\n <partition number=""/>\n </disk>\n</sources>`;
		const texts = [sample, around('<name>x</name>\n \n'), around('<scheduling>\n</scheduling>'), around(attached), ''];
		const seen = new Set<string>();
		for (const text of texts) {
			const at = new DefinitionText(text);
			for (let offset = 0; offset <= text.length; offset += 3) {
				for (const { kind, label, detail = '', documentation = '' } of await complete(at, offset, facts, told)) {
					seen.add(documentation);
					if (['block', 'disk', 'partition'].includes(kind)) seen.add(label);
					if (kind === 'element' || (kind === 'attribute' && detail === '⟦required⟧')) seen.add(detail);
				}
			}
		}
		expect(seen.size).toBeGreaterThan(80);
		expect([...seen].filter((text) => foreignWords(text).length > 0)).toEqual([]);
	});

	it('has hints and an outline of that kind', async () => {
		const hints = await inlayHints(document, facts, words);
		expect(hints.flatMap(({ text, tooltip = '' }) => foreignWords(`${text} ${tooltip}`))).toEqual([]);
		const details = (list: readonly DefinitionSymbol[]): string[] =>
			list.flatMap(({ detail, children }) => [detail, ...details(children)]);
		expect(details(symbols(document, words))).toEqual(expect.arrayContaining(['1, EFI, ⟦at ⟦1048576⟧⟧']));
	});
});

describe('the schema in another language', () => {
	it('says the same to a processor, with the documentation of that language alone', () => {
		const xsd = translatedXsd(german);
		const shown = documentationTexts(loadSchema(xsd));
		expect(shown).toEqual([...new Set(documentationTexts(definitionSchema()).map((text) => german(text)))]);
		const silent = (text: string) => text.replace(/<xs:documentation>[^<]*/g, '');
		expect(silent(xsd)).toBe(silent(definitionXsd));
		const hostile = translatedXsd(() => 'A <b> & "c"');
		expect(documentationTexts(loadSchema(hostile))).toEqual(['A <b> & "c"']);
	});
});
