import { LitElement } from 'lit';
import type { ErrorRecord } from '../../src/base/errors.ts';
import type { BackupDefinition } from '../../src/definition/model.ts';
import type { DefinitionProblem } from '../../src/definition/problem.ts';
import type { DestinationFacts, FormToHost, HostToForm } from '../../src/protocol/definition-form.ts';
import type { DiskInfo } from '../../src/protocol/disks.ts';
import type { Change } from './model/document-store.ts';
import type { SourceRow } from './model/sources.ts';

export type DocumentFacts = Omit<Extract<HostToForm, { type: 'document' }>, 'type' | 'text' | 'version'>;

/** A finding of the rules or of the form itself, its message in the language of the page. */
export type FormProblem = Omit<DefinitionProblem, 'wording'> & {
	/** The child of the root that it lies in; empty for the root itself. */
	readonly section: string;
};

/** What every part of the form is given: the definition as it stands, what is known around it, and ways to act. */
export interface Form {
	readonly definition: BackupDefinition;
	readonly problems: readonly FormProblem[];
	/** The text is broken: what could be read of it is shown, nothing can be changed. */
	readonly readOnly: boolean;
	readonly facts: DocumentFacts;
	/** Undefined until the first list has come. */
	readonly disks: readonly DiskInfo[] | undefined;
	readonly disksError: ErrorRecord | undefined;
	readonly elevated: boolean;
	readonly rows: readonly SourceRow[];
	readonly destinations: ReadonlyMap<string, DestinationFacts>;
	/** Milliseconds since 1970, of this rendering. */
	readonly now: number;
	readonly change: (change: Change) => void;
	readonly post: (message: FormToHost) => void;
}

/** A part of the form. It draws what `form` says and keeps nothing of the definition itself. */
export abstract class FormElement extends LitElement {
	static override properties: Record<string, object> = { form: { attribute: false } };

	declare form: Form;
}

/** Problems that lie in one part of the definition, by the name of its element. */
export function problemsIn(form: Form, ...sections: string[]): readonly FormProblem[] {
	return form.problems.filter(({ section }) => sections.includes(section));
}

/** Puts values into the definition, the rest of which stays. */
export function setParts({ change }: Form, parts: Partial<BackupDefinition>): void {
	change((definition) => ({ ...definition, ...parts }));
}
