import { worded } from '../base/l10n.ts';
import type { DefinitionProblem } from './problem.ts';
import { readDefinition, type ReadDefinition } from './read.ts';
import {
	definitionInDestination,
	definitionOnNetwork,
	destinationOnSource,
	duplicateLocation,
	fileName,
	fileSizeLimit,
} from './rules/destination.ts';
import { freeSpace, keepOneFull, retentionSplit, syntheticWithDifferential } from './rules/retention.ts';
import { ruleSeverities, type Rule, type RuleContext, type ValidationFacts } from './rules/rule.ts';
import { mail, passwordName, passwordPrompt, scriptWritable, shutdownLevel } from './rules/run.ts';
import { incrementalWithoutFull, neverRuns, sameMinute, timeZone } from './rules/schedules.ts';
import { duplicateSource, noSource, relativePaths } from './rules/sources.ts';
import { checkSchema } from './schema/check.ts';
import { definitionSchema } from './schema/definition-schema.ts';
import { parseXml } from './xml/parse.ts';
import { elementsOf, type XmlDocument } from './xml/tree.ts';

const rules: readonly Rule[] = [
	noSource,
	duplicateSource,
	relativePaths,
	destinationOnSource,
	definitionInDestination,
	definitionOnNetwork,
	duplicateLocation,
	fileName,
	fileSizeLimit,
	passwordName,
	passwordPrompt,
	shutdownLevel,
	timeZone,
	incrementalWithoutFull,
	sameMinute,
	neverRuns,
	keepOneFull,
	syntheticWithDifferential,
	freeSpace,
	retentionSplit,
	scriptWritable,
	mail,
];

export interface ValidationResult {
	readonly document: XmlDocument;
	/** In the order of the text: XML, then schema and meaning. */
	readonly problems: readonly DefinitionProblem[];
	/** What could be read; undefined when the document is not well-formed or no definition at all. */
	readonly read: ReadDefinition | undefined;
}

/** Whether a problem keeps a definition from being run. */
export function hasErrors(problems: readonly DefinitionProblem[]): boolean {
	return problems.some(({ severity }) => severity === 'error');
}

/**
 * Everything there is to say about a definition: well-formedness, schema, and meaning as far as the facts reach.
 * Parts that the schema objects to are not judged by their meaning too.
 */
export function validateDefinition(text: string, facts: ValidationFacts = {}): ValidationResult {
	return validateDocument(parseXml(text), facts);
}

/** As `validateDefinition`, for a document that is parsed already. */
export function validateDocument(document: XmlDocument, facts: ValidationFacts = {}): ValidationResult {
	if (document.problems.length > 0) {
		const problems = document.problems.map((problem) => ({ ...problem, severity: 'error' as const }));
		return { document, problems, read: undefined };
	}
	const schemaProblems = checkSchema(document, definitionSchema());
	if (schemaProblems[0]?.code === 'schema-root') return { document, problems: schemaProblems, read: undefined };
	const read = readDefinition(document);
	const broken = elementsOf(document.root!).filter((part) =>
		schemaProblems.some(({ start }) => part.start <= start && start < part.end),
	);
	const found: DefinitionProblem[] = [];
	const context: RuleContext = {
		definition: read.definition,
		facts,
		report(code, part, name, wording, data) {
			const span = read.origins.span(part, name);
			if (broken.some(({ start, end }) => start <= span.start && span.start < end)) return;
			if (read.origins.elementOf(part) === undefined && schemaProblems.length > 0) return;
			found.push({ code, severity: ruleSeverities[code], ...span, ...worded(wording), data });
		},
	};
	for (const rule of rules) rule(context);
	const problems = [...schemaProblems, ...found].sort((a, b) => a.start - b.start);
	return { document, problems, read };
}
