import type { TextEdit } from '../../definition/xml/edits.ts';
import type { Span } from '../../definition/xml/tree.ts';

export type CompletionKind =
	'element' | 'attribute' | 'value' | 'parameter' | 'block' | 'end-tag' | 'disk' | 'partition' | 'folder';

/** One thing that can be put in at the cursor. */
export interface CompletionItem {
	readonly kind: CompletionKind;
	readonly label: string;
	/** A few words behind the label. */
	readonly detail?: string | undefined;
	/** Markdown. */
	readonly documentation?: string | undefined;
	/** What is replaced; on one line, and the cursor is in it or at its ends. */
	readonly span: Span;
	readonly text: string;
	/** Whether `text` is in snippet syntax. */
	readonly snippet: boolean;
	/** What typed text is compared with. */
	readonly filter: string;
	/** Items are shown in the order of this. */
	readonly order: string;
	/** Edits elsewhere that belong to it. */
	readonly more?: readonly TextEdit[] | undefined;
	/** Whether the next thing to do is to choose again: a value, an element inside. */
	readonly suggestNext?: boolean | undefined;
}

/** Sort text: groups by rank, in each the given order. */
export function orderOf(rank: number, index: number): string {
	return `${rank}${String(index).padStart(4, '0')}`;
}
