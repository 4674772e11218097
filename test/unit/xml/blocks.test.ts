import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parameters } from '../../../src/definition/parameters.ts';
import { validateDefinition } from '../../../src/definition/validate.ts';
import { blocks, blockText, snippets } from '../../../src/xml/blocks.ts';
import { around } from './support.ts';

const root = resolve(import.meta.dirname, '../../..');

/** The snippet as it stands when somebody accepts every default. */
function accepted(text: string): string {
	return text
		.replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
		.replace(/\$\{\d+:([^}]*)\}/g, '$1')
		.replace(/\$\d/g, '');
}

const frame: Readonly<Record<string, (block: string) => string>> = {
	backup_definition: (block) =>
		around(`<name>x</name><sources boot_partitions="true"/><destination><folder>/b</folder></destination>${block}`),
	scheduling: (block) => frame['backup_definition']!(`<scheduling>${block}</scheduling>`),
	destination: (block) =>
		around(`<name>x</name><sources boot_partitions="true"/><destination><folder>/b</folder>${block}</destination>`),
};

describe('blocks', () => {
	it.each(blocks.map((block) => [block.title, block] as const))('%s is valid where it belongs', (_, block) => {
		const text = accepted(blockText(block));
		const whole = block.parent === undefined ? text : frame[block.parent]!(text);
		const errors = validateDefinition(whole).problems.filter(({ severity }) => severity === 'error');
		expect(errors).toEqual([]);
	});

	it('are the snippets of the file that editors read', () => {
		expect(JSON.parse(readFileSync(resolve(root, 'snippets/backup-definition.json'), 'utf8'))).toEqual(snippets());
	});
});

describe('the grammar', () => {
	const grammar = JSON.parse(
		readFileSync(resolve(root, 'syntaxes/backup-definition.values.tmLanguage.json'), 'utf8'),
	) as { patterns: { match: string; name?: string }[] };

	it('knows every parameter and no other', () => {
		const pattern = grammar.patterns.find(({ name }) => name?.startsWith('constant.other.placeholder'))!;
		expect(/\{\)\((.*?)\)/.exec(pattern.match)![1]!.split('|')).toEqual(parameters.map(({ name }) => name));
	});

	it.each([
		['time="09:00"', '09:00'],
		['until="23:59"', '23:59'],
		['start_date="2027-01-01"', '2027-01-01'],
		['<file_size_limit>4.5 GB</file_size_limit>', '4.5 GB'],
		['offset="1048576"', '1048576'],
		['signature="6B1E5C2A-9F3D-4E77-8A10-3C5D7E9F1B24"', '6B1E5C2A-9F3D-4E77-8A10-3C5D7E9F1B24'],
		['<x>{DATE}</x>', '{DATE}'],
		['time="29:00"', undefined],
		['<x>{date}</x>', undefined],
	])('finds what is in %s', (text, expected) => {
		const found = grammar.patterns
			.map(({ match }) => new RegExp(match).exec(` ${text}`)?.[0])
			.filter((match) => match !== undefined);
		expect(found).toEqual(expected === undefined ? [] : [expected]);
	});
});
