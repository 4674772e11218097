import type { Worded } from '../base/l10n.ts';
import type { Span } from './xml/tree.ts';

export type Severity = 'error' | 'warning' | 'information';

/**
 * Something to say about a place in a definition: what is wrong and what to do about it. A document with an error is not
 * run.
 */
export interface DefinitionProblem extends Span, Worded {
	/** Stable; `docs/rules/<code>.md` explains it. */
	readonly code: string;
	readonly severity: Severity;
	/** What a quick fix needs to know: the name in question, what it could be instead. */
	readonly data?: ProblemData | undefined;
}

export interface ProblemData {
	/** Name of the element or attribute the problem is about. */
	readonly name?: string;
	/** Names or values that would be right. */
	readonly expected?: readonly string[];
}
