import type { Translate } from '../../base/l10n.ts';
import { changeDefinition } from '../../definition/change.ts';
import type { BackupDefinition } from '../../definition/model.ts';
import type { DefinitionProblem } from '../../definition/problem.ts';
import type { TextEdit } from '../../definition/xml/edits.ts';
import type { XmlElement } from '../../definition/xml/tree.ts';
import type { DefinitionText } from '../document.ts';
import { innermost } from '../place.ts';

/** What cannot be mended in the text alone: the editor asks for a path, or does something to a file. */
export type FixCommand = 'choose-folder' | 'choose-file' | 'save-elsewhere' | 'restrict-permissions';

/** A way to mend a problem. */
export interface QuickFix {
	/** What it does, as an order: `Add the attribute time`. */
	readonly title: string;
	/** Edits of the document; empty when only `command` does something. */
	readonly edits: readonly TextEdit[];
	/** Whether it is the one that is most likely meant. */
	readonly preferred: boolean;
	/** What the editor has to do; a path that it asks for replaces the text that the problem covers. */
	readonly command?: FixCommand | undefined;
}

/** What fixes depend on besides the document. */
export interface FixContext {
	readonly t: Translate;
	/** For dates that have to lie ahead. */
	readonly now: Date;
}

/** Fixes of one rule. */
export type RuleFixer = (document: DefinitionText, problem: DefinitionProblem, context: FixContext) => QuickFix[];

export function fix(title: string, ...edits: readonly TextEdit[]): QuickFix {
	return { title, edits, preferred: false };
}

export function preferred(title: string, ...edits: readonly TextEdit[]): QuickFix {
	return { title, edits, preferred: true };
}

export function commandFix(title: string, command: FixCommand): QuickFix {
	return { title, edits: [], preferred: false, command };
}

/** Changes what the document says by the smallest edits. */
export function remodel(
	document: DefinitionText,
	title: string,
	change: (definition: BackupDefinition) => BackupDefinition,
): QuickFix {
	return fix(title, ...changeDefinition(document.text, change(document.read.definition)));
}

/** The fixes with the first one preferred. */
export function firstPreferred(...fixes: readonly QuickFix[]): QuickFix[] {
	return fixes.map((one, index) => ({ ...one, preferred: index === 0 }));
}

/** The element that a problem is in, or the one around it that has a name. */
export function elementOfProblem(
	{ xml }: DefinitionText,
	{ start }: DefinitionProblem,
	name?: string,
): XmlElement | undefined {
	let element = innermost(xml, start);
	while (name !== undefined && element !== undefined && element.local !== name) element = element.parent;
	return element;
}
