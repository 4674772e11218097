import { applyEdits, type TextEdit } from '../../src/definition/xml/edits.ts';
import { checkFormMessage } from '../../src/protocol/definition-form-checks.ts';
import type { DestinationFacts, FormToHost, HostToForm } from '../../src/protocol/definition-form.ts';
import type { DiskInfo } from '../../src/protocol/disks.ts';
import { dataDisk, destinationFacts, documentMessage, systemDisk } from './samples.ts';

/** The extension's side of the form, with a document in memory: edits are made as VS Code would make them. */
export class DefinitionHost {
	text: string;
	version = 1;
	readonly disks: readonly DiskInfo[];
	/** Facts of folders; others are not there. */
	facts: readonly DestinationFacts[] = [destinationFacts];
	/** Folders that the form has asked for. */
	readonly created: string[] = [];
	/** What the system's dialog answers, by purpose. */
	chosen: Readonly<Record<string, string>> = {};
	/** Every text the document has had. */
	readonly history: string[] = [];
	/** Edits that the form has sent. */
	readonly edits: (readonly TextEdit[])[] = [];

	constructor(text: string, disks: readonly DiskInfo[] = [systemDisk, dataDisk]) {
		this.text = text;
		this.disks = disks;
	}

	readonly answer = (raw: Record<string, unknown>): readonly HostToForm[] => {
		const message: FormToHost = checkFormMessage(raw, 'message');
		switch (message.type) {
			case 'ready':
				return [documentMessage(this.text, this.version)];
			case 'edit': {
				if (message.version !== this.version) {
					return [documentMessage(this.text, this.version), { type: 'edited', id: message.id, accepted: false }];
				}
				this.history.push(this.text);
				this.edits.push(message.edits);
				this.text = applyEdits(this.text, message.edits);
				this.version++;
				return [documentMessage(this.text, this.version), { type: 'edited', id: message.id, accepted: true }];
			}
			case 'list-disks':
				return [{ type: 'disks', disks: this.disks, elevated: message.elevated, error: undefined }];
			case 'create-folder':
				this.created.push(message.folder);
				return [{ type: 'destination', facts: { ...destinationFacts, folder: message.folder } }];
			case 'check-destination': {
				const known = this.facts.find(({ folder }) => folder === message.folder);
				const facts: DestinationFacts = known ?? {
					folder: message.folder,
					exists: false,
					writable: false,
					free: undefined,
					total: undefined,
					network: false,
					on: [],
					averageSizes: {},
				};
				return [{ type: 'destination', facts }];
			}
			case 'browse': {
				const path = this.chosen[message.purpose];
				return path === undefined ? [] : [{ type: 'browsed', purpose: message.purpose, index: message.index, path }];
			}
			default:
				return [];
		}
	};
}
