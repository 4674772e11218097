import type { ErrorRecord } from '../base/errors.ts';
import type { DiskInfo } from './disks.ts';

/** Messages between the form of a backup definition and the extension. The document's text is the only state they share. */

/** A replacement in the document: offsets in UTF-16 units, `end` exclusive. */
export interface TextChange {
	readonly start: number;
	readonly end: number;
	readonly text: string;
}

/** What is known of a folder that images are to be written to. */
export interface DestinationFacts {
	readonly folder: string;
	readonly exists: boolean;
	readonly writable: boolean;
	/** Bytes; undefined when the folder is not there. */
	readonly free: number | undefined;
	readonly total: number | undefined;
	/** A network share: good as a destination, refused as the home of a definition. */
	readonly network: boolean;
	/** Byte ranges of disks that the folder stands on. */
	readonly on: readonly { readonly disk: string; readonly start: number; readonly length: number }[];
	/** Sizes of image files that lie there already, for the simulation: average of each type, in bytes. */
	readonly averageSizes: { readonly full?: number; readonly diff?: number; readonly inc?: number };
}

export type FolderPurpose = 'destination' | 'alternative' | 'definition' | 'script' | 'raw-file' | 'password-file';

export type FormToHost =
	| { readonly type: 'ready' }
	/** Edits of the text as of `version`; refused when the document has gone on since. `edited` answers, after the `document`. */
	| { readonly type: 'edit'; readonly id: number; readonly version: number; readonly edits: readonly TextChange[] }
	| { readonly type: 'list-disks'; readonly elevated: boolean }
	| { readonly type: 'browse'; readonly purpose: FolderPurpose; readonly index: number; readonly current: string }
	| { readonly type: 'check-destination'; readonly folder: string }
	/** Makes a destination that is not there, with those above it; `destination` answers. */
	| { readonly type: 'create-folder'; readonly folder: string }
	| {
			readonly type: 'finish';
			readonly runNow: boolean;
			readonly save: { readonly name: string; readonly folder: string } | undefined;
	  }
	| { readonly type: 'cancel' }
	| { readonly type: 'open-text'; readonly offset: number };

export type HostToForm =
	| {
			readonly type: 'document';
			readonly text: string;
			readonly version: number;
			readonly name: string;
			/** A new document that has no file yet: Finish asks where to save it. */
			readonly untitled: boolean;
			/** Where definitions are saved unless the user chooses otherwise. */
			readonly definitionsFolder: string;
			/** Facts that file-name parameters and schedules stand on. */
			readonly computerName: string;
			readonly userName: string;
			readonly timeZone: string;
			readonly platform: string;
			/** Version of Afterimage, for file names. */
			readonly product: string;
			/** Nothing runs in Restricted Mode. */
			readonly trusted: boolean;
	  }
	| { readonly type: 'edited'; readonly id: number; readonly accepted: boolean }
	| {
			readonly type: 'disks';
			readonly disks: readonly DiskInfo[];
			readonly elevated: boolean;
			readonly error: ErrorRecord | undefined;
	  }
	| { readonly type: 'browsed'; readonly purpose: FolderPurpose; readonly index: number; readonly path: string }
	| { readonly type: 'destination'; readonly facts: DestinationFacts }
	/** Finish was refused: why, beside the field it concerns. */
	| { readonly type: 'refused'; readonly field: 'folder' | 'name' | 'document'; readonly error: ErrorRecord };
