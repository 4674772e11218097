import type { DefinitionProblem } from '../definition/problem.ts';
import type { DefinitionText } from './document.ts';

/** What is wrong with a document, in the order of its text. Of broken XML nothing else is said: the rest is guesswork. */
export function diagnose(document: DefinitionText): readonly DefinitionProblem[] {
	const { problems } = document.xml;
	if (problems.length > 0) return problems.map((problem) => ({ ...problem, severity: 'error' }));
	return document.schemaProblems;
}
