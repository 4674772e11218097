import { describe, expect, it } from 'vitest';
import type { BackupDefinition } from '../../../../src/definition/model.ts';
import { applyEdits } from '../../../../src/definition/xml/edits.ts';
import { DocumentStore, type SentEdit } from '../../../../webview/definition/model/document-store.ts';
import { readEditable } from '../../../../webview/definition/model/read-form.ts';
import { definitionText } from '../../../webview/samples.ts';

/** A document as the extension has it, and a store that stands for the form. */
class Setup {
	text = definitionText;
	version = 1;
	readonly sent: SentEdit[] = [];
	readonly store = new DocumentStore(
		readEditable,
		(edit) => this.sent.push(edit),
		() => undefined,
	);

	constructor() {
		this.store.receive(this.text, this.version);
	}

	/** What the extension does with the edit that was sent last. */
	answer(): boolean {
		const edit = this.sent.at(-1)!;
		const accepted = edit.version === this.version;
		if (accepted) this.#write(applyEdits(this.text, edit.edits));
		else this.store.receive(this.text, this.version);
		this.store.settle(edit.id, accepted);
		return accepted;
	}

	/** Somebody types in the text beside the form. */
	type(from: string, to: string): void {
		this.#write(this.text.replace(from, to));
	}

	#write(text: string): void {
		this.text = text;
		this.version++;
		this.store.receive(text, this.version);
	}
}

const named = (name: string) => (definition: BackupDefinition) => ({ ...definition, name });
const verified = (definition: BackupDefinition) => ({ ...definition, autoVerify: true });
const withLocation = (folder: string) => (definition: BackupDefinition) => ({
	...definition,
	destination: {
		...definition.destination,
		alternativeLocations: { folders: [...definition.destination.alternativeLocations.folders, folder] },
	},
});

describe('the document of a form', () => {
	it('shows a change at once and sends only its own characters', () => {
		const setup = new Setup();
		setup.store.change(named('Laptop'));
		expect(setup.store.text).toBe(definitionText.replace('System disk', 'Laptop'));
		const at = definitionText.indexOf('System disk');
		expect(setup.sent).toEqual([
			{ id: 1, version: 1, edits: [{ start: at, end: at + 'System disk'.length, text: 'Laptop' }] },
		]);
		expect(setup.answer()).toBe(true);
		expect(setup.text).toBe(setup.store.text);
		expect(setup.store.settled).toBe(true);
	});

	it('sends nothing for a change that says what is there already', () => {
		const setup = new Setup();
		setup.store.change(named('System disk'));
		expect(setup.sent).toEqual([]);
		expect(setup.store.settled).toBe(true);
	});

	it('keeps the order of changes, one edit on its way at a time', () => {
		const setup = new Setup();
		setup.store.change(withLocation('/a'));
		setup.store.change(withLocation('/b'));
		expect(setup.sent).toHaveLength(1);
		expect(readEditable(setup.store.text!)!.destination.alternativeLocations.folders).toEqual(['/a', '/b']);
		expect(setup.answer()).toBe(true);
		expect(setup.sent).toHaveLength(2);
		expect(setup.answer()).toBe(true);
		expect(setup.text).toBe(setup.store.text);
		expect(readEditable(setup.text)!.destination.alternativeLocations.folders).toEqual(['/a', '/b']);
	});

	it('makes a refused change again on the text as it has become', () => {
		const setup = new Setup();
		setup.store.change(withLocation('/a'));
		setup.type('<!-- the laptop -->', '<!-- the new laptop, in the hall -->');
		expect(setup.answer()).toBe(false);
		expect(setup.answer()).toBe(true);
		expect(setup.text).toContain('<!-- the new laptop, in the hall -->');
		expect(readEditable(setup.text)!.destination.alternativeLocations.folders).toEqual(['/a']);
		expect(setup.store.settled).toBe(true);
	});

	it('does not show a change twice while the answer is under way', () => {
		const setup = new Setup();
		setup.store.change(withLocation('/a'));
		const edit = setup.sent[0]!;
		setup.store.receive(applyEdits(setup.text, edit.edits), 2);
		expect(readEditable(setup.store.text!)!.destination.alternativeLocations.folders).toEqual(['/a']);
	});

	it('gives a change up that is refused again and again', () => {
		const setup = new Setup();
		setup.store.change(verified);
		for (let attempt = 0; attempt < 3; attempt++) {
			setup.type('laptop', `laptop ${attempt}`);
			expect(setup.answer()).toBe(false);
		}
		expect(setup.sent).toHaveLength(3);
		expect(setup.store.settled).toBe(true);
		expect(setup.store.text).toBe(setup.text);
	});

	it('changes nothing in a broken text', () => {
		const setup = new Setup();
		setup.type('</name>', '</nam>');
		setup.store.change(verified);
		expect(setup.sent).toEqual([]);
		expect(setup.store.text).toBe(setup.text);
	});

	it('follows the document when it goes back', () => {
		const setup = new Setup();
		setup.store.change(named('Laptop'));
		setup.answer();
		setup.store.receive(definitionText, 3);
		expect(setup.store.text).toBe(definitionText);
	});
});
