import type { TextEdit } from '../../definition/xml/edits.ts';

/** A way to mend a problem. */
export interface QuickFix {
	/** What it does, as an order: `Add the attribute time`. */
	readonly title: string;
	/** Edits of the document; empty when only `command` does something. */
	readonly edits: readonly TextEdit[];
	/** Whether it is the one that is most likely meant. */
	readonly preferred: boolean;
	/** What cannot be mended in the text. */
	readonly command?: 'restrict-permissions' | undefined;
}

export function fix(title: string, ...edits: readonly TextEdit[]): QuickFix {
	return { title, edits, preferred: false };
}

export function preferred(title: string, ...edits: readonly TextEdit[]): QuickFix {
	return { title, edits, preferred: true };
}
