import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedFile, generatedModule } from '../../../../scripts/generate-schema.ts';
import { definitionSchema } from '../../../../src/definition/schema/definition-schema.ts';
import { loadSchema } from '../../../../src/definition/schema/load.ts';
import { elementsIn, type ComplexType, type ElementDeclaration } from '../../../../src/definition/schema/types.ts';
import { definitionXsd } from '../../../../src/definition/schema/xsd.ts';

describe('the schema', () => {
	it('is the module that the script makes from it', () => {
		expect(readFileSync(generatedFile, 'utf8')).toBe(generatedModule());
	});

	it('has documentation for every element, attribute and type of its own', () => {
		const silent: string[] = [];
		const visit = (element: ElementDeclaration, path: string): void => {
			const here = `${path}/${element.name}`;
			if (element.documentation === '') silent.push(here);
			const { type } = element;
			if (!type.name.startsWith('xs:') && type.kind === 'simple' && type.documentation === '') silent.push(type.name);
			if (type.kind === 'simple') return;
			for (const attribute of type.attributes) if (attribute.documentation === '') silent.push(`${here}/@${attribute.name}`);
			for (const child of elementsIn(type.content)) visit(child.element, here);
		};
		visit(definitionSchema().root, '');
		expect(silent).toEqual([]);
	});

	it('gives the root its parts in the order of the file', () => {
		const type = definitionSchema().root.type as ComplexType;
		expect(elementsIn(type.content).map(({ element }) => element.name).slice(0, 4)).toEqual([
			'name',
			'comment',
			'sources',
			'destination',
		]);
	});
});

describe('the reader of schemas', () => {
	it.each([
		['<xs:element name="backup_definition"', '<xs:element abstract="true" name="backup_definition"', 'abstract'],
		['<xs:list itemType="weekday"/>', '<xs:union memberTypes="weekday"/>', 'union'],
		['<xs:maxInclusive value="1439"/>', '<xs:totalDigits value="4"/>', 'totalDigits'],
		['type="weekdays"', 'type="nowhere"', 'nowhere'],
	])('refuses what it does not understand: %s', (from, to, word) => {
		expect(definitionXsd).toContain(from);
		expect(() => loadSchema(definitionXsd.replace(from, to))).toThrow(word);
	});
});
