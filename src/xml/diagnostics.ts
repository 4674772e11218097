import type { DefinitionProblem } from '../definition/problem.ts';
import type { ValidationFacts } from '../definition/rules/rule.ts';
import { validateDocument } from '../definition/validate.ts';
import type { DefinitionText } from './document.ts';

/** What is wrong with a document, in the order of its text. Of broken XML nothing else is said: the rest is guesswork. */
export function diagnose(document: DefinitionText, facts: ValidationFacts = {}): readonly DefinitionProblem[] {
	return validateDocument(document.xml, facts).problems;
}
