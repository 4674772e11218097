import type { BackupDefinition } from '../../../src/definition/model.ts';
import type { DefinitionProblem } from '../../../src/definition/problem.ts';
import { readDefinition } from '../../../src/definition/read.ts';
import { definitionSchema } from '../../../src/definition/schema/definition-schema.ts';
import { validateDocument } from '../../../src/definition/validate.ts';
import type { ValidationFacts } from '../../../src/definition/rules/rule.ts';
import { LineIndex } from '../../../src/definition/xml/lines.ts';
import { parseXml } from '../../../src/definition/xml/parse.ts';
import { elementsOf, type XmlDocument } from '../../../src/definition/xml/tree.ts';
import { t } from '../../shared/l10n.ts';
import type { FormProblem } from '../form.ts';

/** Where and why a text cannot be edited as a form. */
export interface BrokenText {
	readonly message: string;
	readonly offset: number;
	/** Counted from 1. */
	readonly line: number;
	readonly column: number;
}

/** What the form shows of a text. */
export interface ReadForm {
	/** Of a broken text, as far as it could be read. */
	readonly definition: BackupDefinition;
	readonly problems: readonly FormProblem[];
	readonly broken: BrokenText | undefined;
}

/** @param facts what the rules may go by */
export function readForm(text: string, facts: ValidationFacts): ReadForm {
	const document = parseXml(text);
	const { definition } = readDefinition(document);
	const broken = brokenText(document);
	if (broken !== undefined) return { definition, problems: [], broken };
	const problems = validateDocument(document, facts).problems.map((problem) => {
		const { wording, ...rest } = problem;
		return { ...rest, message: wording(t), section: sectionAt(document, problem) };
	});
	return { definition, problems, broken: undefined };
}

/** The definition in a text that can be edited, undefined while it is broken. */
export function readEditable(text: string): BackupDefinition | undefined {
	const document = parseXml(text);
	return brokenText(document) === undefined ? readDefinition(document).definition : undefined;
}

function brokenText(document: XmlDocument): BrokenText | undefined {
	const { root } = definitionSchema();
	const [problem] = document.problems;
	if (problem === undefined && document.root?.local === root.name) return undefined;
	const offset = problem?.start ?? document.root?.start ?? 0;
	const { line, column } = new LineIndex(document.text).positionAt(offset);
	const message = problem?.wording(t) ?? t('The root element is not {0}: this is no backup definition.', root.name);
	return { message, offset, line: line + 1, column: column + 1 };
}

function sectionAt({ root }: XmlDocument, { start }: DefinitionProblem): string {
	if (root === undefined) return '';
	return elementsOf(root).find((child) => child.start <= start && start < child.end)?.local ?? '';
}
