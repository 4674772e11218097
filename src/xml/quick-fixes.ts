import { english } from '../base/l10n.ts';
import type { DefinitionProblem } from '../definition/problem.ts';
import type { DefinitionText } from './document.ts';
import type { QuickFix, RuleFixer } from './fixes/fix.ts';
import { malformedFixes } from './fixes/malformed.ts';
import { placeFixers } from './fixes/place-rules.ts';
import { planFixers } from './fixes/plan-rules.ts';
import { runFixers } from './fixes/run-rules.ts';
import { schemaFixes } from './fixes/schema.ts';

const ruleFixers: Readonly<Record<string, RuleFixer>> = { ...placeFixers, ...planFixers, ...runFixers };

/** Ways to mend a problem that `diagnose` found in the same document, likeliest first. */
export function quickFixes(document: DefinitionText, problem: DefinitionProblem, now: Date, t = english): QuickFix[] {
	if (problem.code.startsWith('xml-')) return malformedFixes(document, problem, t);
	if (problem.code.startsWith('schema-')) return schemaFixes(document, problem, t);
	// Text that is broken or no definition has no rules, and none of their problems.
	if (document.xml.problems.length > 0) return [];
	return ruleFixers[problem.code]?.(document, problem, { now, t }) ?? [];
}
