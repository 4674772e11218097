import { describe, expect, it } from 'vitest';
import { ruleSeverities } from '../../../src/definition/rules/rule.ts';
import { validateDefinition } from '../../../src/definition/validate.ts';
import { LineIndex } from '../../../src/definition/xml/lines.ts';
import { corpusFacts, corpusFiles, corpusText, expectedProblems } from '../../support/definition-corpus.ts';

const expected = expectedProblems();

describe('the corpus of definitions', () => {
	it('has an expected result for every document', () => {
		expect(Object.keys(expected).sort()).toEqual(corpusFiles());
	});

	it.each(corpusFiles())('%s', (name) => {
		const text = corpusText(name);
		const lines = new LineIndex(text);
		const { problems } = validateDefinition(text, corpusFacts);
		const found = problems.map(({ start, severity, code }) => {
			const { line, column } = lines.positionAt(start);
			return `${line + 1}:${column + 1} ${severity} ${code}`;
		});
		expect(found).toEqual(expected[name]);
		for (const { message, start, end } of problems) {
			expect(message).toMatch(/^[A-Z{“a-z/&\\].*\.$/s);
			expect(start).toBeLessThanOrEqual(end);
		}
	});

	it('has a document for every rule that documents alone can break', () => {
		const seen = new Set(Object.values(expected).flatMap((list) => list.map((one) => one.split(' ')[2])));
		expect(Object.keys(ruleSeverities).filter((code) => !seen.has(code))).toEqual(['definition-on-network']);
	});
});

describe('facts of the world', () => {
	const minimal = corpusText('minimal.xml');
	const codes = (text: string, facts: Parameters<typeof validateDefinition>[1]) =>
		validateDefinition(text, facts).problems.map(({ code }) => code);

	it('tell a definition on a network share', () => {
		expect(codes(minimal, { definitionPath: '\\\\server\\share\\a.xml' })).toEqual(['definition-on-network']);
		expect(codes(minimal, { definitionPath: '/net/a.xml', onNetwork: () => true })).toEqual(['definition-on-network']);
		expect(codes(minimal, { definitionPath: '/home/a.xml', onNetwork: () => undefined })).toEqual([]);
	});

	it('tell a definition in its destination, whatever the separators and the case on Windows', () => {
		const windows = minimal.replace('/mnt/backup', 'E:\\Backup\\');
		expect(codes(windows, { definitionPath: 'e:\\backup\\sub\\a.xml' })).toEqual(['definition-in-destination']);
		expect(codes(windows, { definitionPath: 'e:\\backup2\\a.xml' })).toEqual([]);
		expect(codes(minimal, { definitionPath: '/mnt/x/../backup/a.xml' })).toEqual(['definition-in-destination']);
	});

	it('tell a destination on a disk that is imaged whole', () => {
		const mixed = corpusText('disks-and-files-mixed.xml');
		expect(codes(mixed, corpusFacts)).toEqual([]);
		expect(codes(mixed.replace('/mnt/backup', '/mnt/on-partition-7'), corpusFacts)).toEqual(['destination-on-source']);
	});

	it('tell a destination on a partition that the system boots from', () => {
		const place = { diskSignature: 'AAAAAAAA', partitionNumber: 2 };
		const facts = { placeOf: () => place };
		expect(codes(minimal, { ...facts, bootPartitions: [place] })).toEqual(['destination-on-source']);
		expect(codes(minimal, { ...facts, bootPartitions: [{ ...place, partitionNumber: 1 }] })).toEqual([]);
	});
});
