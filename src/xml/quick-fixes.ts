import type { DefinitionProblem } from '../definition/problem.ts';
import type { DefinitionText } from './document.ts';
import type { QuickFix } from './fixes/fix.ts';
import { malformedFixes } from './fixes/malformed.ts';
import { schemaFixes } from './fixes/schema.ts';

/** Ways to mend a problem that {@link diagnose} found in the same document, likeliest first. */
export function quickFixes(document: DefinitionText, problem: DefinitionProblem): QuickFix[] {
	if (problem.code.startsWith('xml-')) return malformedFixes(document, problem);
	return schemaFixes(document, problem);
}
