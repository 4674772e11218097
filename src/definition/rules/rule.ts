import type { Wording } from '../../base/l10n.ts';
import type { BackupDefinition } from '../model.ts';
import type { ProblemData, Severity } from '../problem.ts';
import type { PartName } from '../read.ts';

/** Where a path lies. */
export interface Place {
	/** Signature of the disk, as definitions have it. */
	readonly diskSignature: string;
	/** Undefined when the path lies on the disk but in no partition that is known. */
	readonly partitionNumber: number | undefined;
}

/** What the caller knows of the world around the document. What is left out is not looked at. */
export interface ValidationFacts {
	/** Full path of the document. */
	readonly definitionPath?: string | undefined;
	/** Milliseconds since 1970, to tell which schedules lie in the past. */
	readonly now?: number | undefined;
	/** Time zone of the computer. */
	readonly systemZone?: string | undefined;
	/** The disk and partition that hold a path; undefined when they cannot be told. */
	readonly placeOf?: ((path: string) => Place | undefined) | undefined;
	/** Partitions of a disk that the system needs to boot, by signature and number. */
	readonly bootPartitions?: readonly Place[] | undefined;
	/** Whether users other than administrators may write the file or its folder. */
	readonly writableByOthers?: ((path: string) => boolean | undefined) | undefined;
	/** Whether a path lies on a network share; paths of the form \\server\share are known without it. */
	readonly onNetwork?: ((path: string) => boolean | undefined) | undefined;
}

export interface RuleContext {
	readonly definition: BackupDefinition;
	readonly facts: ValidationFacts;
	/**
	 * @param part the object of the model that the finding is about
	 * @param name what to point at: the name in the schema of an attribute or child of it, one of several children by
	 *     name and index, or the whole part
	 */
	readonly report: (
		code: RuleCode,
		part: object,
		name: PartName | undefined,
		wording: Wording,
		data?: ProblemData,
	) => void;
}

export type Rule = (context: RuleContext) => void;

/** Every semantic rule and how much it weighs. A definition with an error is not run. */
export const ruleSeverities = {
	'no-source': 'error',
	'duplicate-source': 'error',
	'destination-on-source': 'error',
	'definition-in-destination': 'warning',
	'definition-on-network': 'warning',
	'relative-path': 'error',
	'duplicate-location': 'warning',
	'unknown-parameter': 'error',
	'file-name-without-id': 'warning',
	'file-name-id-twice': 'warning',
	'file-size-limit': 'error',
	'password-name': 'error',
	'password-prompt': 'warning',
	'shutdown-level': 'warning',
	'time-zone': 'error',
	'incremental-without-full': 'warning',
	'same-minute': 'information',
	'never-runs': 'warning',
	'keep-one-full': 'warning',
	'synthetic-with-differential': 'warning',
	'free-space': 'error',
	'retention-split': 'warning',
	'script-writable': 'error',
	'mail-address': 'warning',
} as const satisfies Record<string, Severity>;

export type RuleCode = keyof typeof ruleSeverities;
