import { readFile } from 'node:fs/promises';
import type { DefinitionProblem } from '../../definition/problem.ts';
import { checkSchema } from '../../definition/schema/check.ts';
import { definitionSchema } from '../../definition/schema/definition-schema.ts';
import { parseXml } from '../../definition/xml/parse.ts';

/** What is wrong with a definition: XML first, then the schema. */
export function checkText(text: string): readonly DefinitionProblem[] {
	const document = parseXml(text);
	if (document.problems.length > 0) {
		return document.problems.map((problem) => ({ ...problem, severity: 'error' }));
	}
	return checkSchema(document, definitionSchema());
}

export async function problemsOf(path: string): Promise<readonly DefinitionProblem[]> {
	return checkText((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''));
}
