import { readFile } from 'node:fs/promises';
import { localZone } from '../../base/local-zone.ts';
import type { DefinitionProblem } from '../../definition/problem.ts';
import type { ValidationFacts } from '../../definition/rules/rule.ts';
import { validateDefinition } from '../../definition/validate.ts';

/** What is wrong with a definition: XML, schema, meaning. @param more what is known besides the clock of this computer */
export function checkText(text: string, more: ValidationFacts = {}): readonly DefinitionProblem[] {
	const systemZone = localZone();
	return validateDefinition(text, { now: Date.now(), systemZone, ...more }).problems;
}

export async function problemsOf(path: string): Promise<readonly DefinitionProblem[]> {
	const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
	return checkText(text, { definitionPath: path });
}
