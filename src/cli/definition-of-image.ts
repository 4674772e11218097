import { fromImageDefinition } from '../definition/from-image.ts';
import { definitionTree } from '../definition/tree.ts';
import { hasErrors, validateDefinition } from '../definition/validate.ts';
import { writeDocument } from '../definition/xml/write.ts';
import { fileProblems } from '../engine/definition-run/problem-line.ts';

/** The document of a definition that an image carries, and what is left to complete in it. */
export function definitionOfImage(carried: unknown, name: string) {
	const text = writeDocument(definitionTree(fromImageDefinition(carried, name)));
	const { problems } = validateDefinition(text);
	return { text, problems: fileProblems(text, problems), valid: !hasErrors(problems) };
}
