import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { defaultDefinition } from '../../../src/definition/defaults.ts';
import { checkSchema } from '../../../src/definition/schema/check.ts';
import { definitionSchema } from '../../../src/definition/schema/definition-schema.ts';
import { definitionTree } from '../../../src/definition/tree.ts';
import { parseXml } from '../../../src/definition/xml/parse.ts';
import { writeDocument } from '../../../src/definition/xml/write.ts';
import { definition } from '../../unit/definition/arbitrary.ts';
import { corpusFiles, corpusFolder, corpusText, expectedProblems } from '../../support/definition-corpus.ts';

const xsd = join(import.meta.dirname, '../../../schema/backup-definition.xsd');
const folder = mkdtempSync(join(tmpdir(), 'afterimage-xmllint-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Which of the files xmllint finds valid. */
function judge(files: readonly string[]): Set<string> {
	const { stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', xsd, ...files], {
		encoding: 'utf8',
		maxBuffer: 64 * 1024 * 1024,
	});
	return new Set([...stderr.matchAll(/^(.*) validates$/gm)].map((match) => basename(match[1]!)));
}

function weAccept(text: string): boolean {
	const document = parseXml(text);
	return document.problems.length === 0 && checkSchema(document, definitionSchema()).length === 0;
}

describe('xmllint', () => {
	it('takes the schema for a schema', () => {
		const file = join(corpusFolder, 'minimal.xml');
		const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', xsd, file], {
			encoding: 'utf8',
		});
		expect({ status, stderr }).toEqual({ status: 0, stderr: `${file} validates\n` });
	});

	it('agrees on every document of the corpus', () => {
		const files = corpusFiles();
		const valid = judge(files.map((name) => join(corpusFolder, name)));
		const expected = expectedProblems();
		for (const name of files) {
			const broken = expected[name]!.some((one) => / error (?:xml|schema)-/.test(one));
			expect({ name, valid: valid.has(name) }).toEqual({ name, valid: !broken });
			expect({ name, valid: weAccept(corpusText(name)) }).toEqual({ name, valid: !broken });
		}
	});

	it('agrees on documents that we write', () => {
		const texts = fc.sample(definition, { numRuns: 100, seed: 1 }).map((one) => writeDocument(definitionTree(one)));
		compare(texts, 'written');
	});

	it('agrees on documents with something changed', () => {
		const sources = corpusFiles()
			.filter((name) => expectedProblems()[name]!.length === 0)
			.map(corpusText);
		const change = fc.record({
			source: fc.constantFrom(...sources),
			at: fc.nat(),
			other: fc.nat(),
			kind: fc.constantFrom('remove', 'double', 'exchange', 'value', 'attribute', 'text', 'rename'),
			value: fc.constantFrom(
				'',
				' ',
				'0',
				'-1',
				'1',
				'true',
				'10000',
				'09:00',
				'2026-01-01',
				'monday',
				'full',
				'x'.repeat(300),
			),
		});
		compare(fc.sample(change, { numRuns: 600, seed: 2 }).map(changed), 'changed');
	});
});

function compare(texts: readonly string[], prefix: string): void {
	const names = texts.map((text, index) => {
		const name = `${prefix}-${index}.xml`;
		writeFileSync(join(folder, name), text);
		return name;
	});
	const valid = judge(names.map((name) => join(folder, name)));
	const differing = names.filter((name, index) => valid.has(name) !== weAccept(texts[index]!));
	expect(differing.map((name) => ({ xmllint: valid.has(name), text: texts[names.indexOf(name)] }))).toEqual([]);
	if (prefix === 'changed') {
		expect(valid.size).toBeGreaterThan(20);
		expect(valid.size).toBeLessThan(texts.length - 20);
	}
}

interface Change {
	readonly source: string;
	readonly at: number;
	readonly other: number;
	readonly kind: string;
	readonly value: string;
}

/** Changes one element or attribute of a valid document. */
function changed({ source, at, other, kind, value }: Change): string {
	const elements = [...source.matchAll(/<([\w:]+)([^<>]*?)(?:\/>|>([^<>]*)<\/\1>)/g)];
	const attributes = [...source.matchAll(/ (\w+)="([^"]*)"/g)].filter(
		(match) => !/ (?:xmlns|version|encoding)=/.test(match[0]),
	);
	const element = elements[at % elements.length]!;
	const attribute = attributes[at % Math.max(1, attributes.length)];
	const put = (start: number, length: number, text: string): string =>
		source.slice(0, start) + text + source.slice(start + length);
	switch (kind) {
		case 'remove':
			return put(element.index, element[0].length, '');
		case 'double':
			return put(element.index, 0, element[0]);
		case 'exchange': {
			const second = elements[other % elements.length]!;
			return put(element.index, element[0].length, second[0]);
		}
		case 'value':
			if (attribute === undefined) return source;
			return put(attribute.index, attribute[0].length, ` ${attribute[1]}="${value}"`);
		case 'attribute':
			return put(
				element.index + 1 + element[1]!.length,
				0,
				` ${attributes[other % Math.max(1, attributes.length)]?.[1] ?? 'x'}="${value}"`,
			);
		case 'text':
			return put(element.index + element[0].length, 0, value);
		default:
			return put(
				element.index,
				element[0].length,
				element[0].replaceAll(element[1]!, elements[other % elements.length]![1]!),
			);
	}
}

describe('a definition with nothing in it', () => {
	it('is refused by both, for what it lacks', () => {
		const text = writeDocument(definitionTree(defaultDefinition()));
		expect(weAccept(text)).toBe(false);
		compare([text], 'empty');
	});
});
