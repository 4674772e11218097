import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidationFacts } from '../../src/definition/rules/rule.ts';

export const corpusFolder = join(import.meta.dirname, '../fixtures/definitions');

/** Names of the documents of the corpus, without folder. */
export function corpusFiles(): string[] {
	return readdirSync(corpusFolder)
		.filter((name) => name.endsWith('.xml'))
		.sort();
}

export function corpusText(name: string): string {
	return readFileSync(join(corpusFolder, name), 'utf8');
}

/** For each document, its problems as `line:column severity code`, lines and columns from 1. */
export function expectedProblems(): Record<string, string[]> {
	return JSON.parse(readFileSync(join(corpusFolder, 'expected.json'), 'utf8')) as Record<string, string[]>;
}

/** The world that the documents of the corpus are judged in. */
export const corpusFacts: ValidationFacts = {
	definitionPath: '/etc/afterimage/sample.xml',
	now: Date.parse('2026-01-01T00:00Z'),
	systemZone: 'UTC',
	placeOf: (path) => {
		const number = /^\/mnt\/on-partition-(\d)$/.exec(path)?.[1];
		if (number === undefined) return undefined;
		return { diskSignature: 'fbc48937-34bd-42a9-8051-1f5f83fa5e86', partitionNumber: Number(number) };
	},
	writableByOthers: (path) => path === '/tmp',
};
