import { AfterimageError, type ErrorCode } from '../../../src/base/errors.ts';

/** Errors of VSS by their values in vsserror.h and winerror.h, in words, with what Microsoft's pages of the calls advise. */
interface Meaning {
	readonly code: ErrorCode;
	readonly text: string;
	readonly advice?: string;
}

const noService = 'Start the services "Volume Shadow Copy" and "COM+ Event System", or leave the partition out.';
const again =
	'Try again later, when the machine has less to do. The event log of Windows (Application, VSS) says more.';
const providerLog = 'The event log of Windows (Application, sources VSS and VolSnap) says more.';

const meanings: Readonly<Record<number, Meaning>> = {
	0x80042301: { code: 'failed', text: 'its calls came in a wrong order' },
	0x80042302: { code: 'failed', text: 'an unexpected error of VSS', advice: providerLog },
	0x80042304: { code: 'failed', text: 'its provider is not registered', advice: providerLog },
	0x80042306: { code: 'failed', text: 'the provider cannot do it at this time', advice: again },
	0x80042308: { code: 'source-missing', text: 'the volume or shadow copy is not there' },
	0x8004230c: { code: 'not-supported', text: 'VSS does not support the volume' },
	0x8004230e: { code: 'not-supported', text: 'no provider of VSS supports the volume' },
	0x8004230f: { code: 'failed', text: 'an unexpected error of the provider', advice: providerLog },
	0x80042312: {
		code: 'not-supported',
		text: 'too many volumes for one shadow copy set (Windows allows 64)',
		advice: 'Image fewer partitions at once.',
	},
	0x80042313: { code: 'failed', text: 'Windows could not write out what is cached in time', advice: again },
	0x80042314: { code: 'failed', text: 'Windows could not hold back writes long enough', advice: again },
	0x80042315: { code: 'failed', text: 'the writers of VSS could not be spoken to', advice: noService },
	0x80042316: {
		code: 'busy',
		text: 'another program is making a shadow copy',
		advice: 'Wait until the other backup is done, and try again.',
	},
	0x80042317: {
		code: 'no-space',
		text: 'the volume has as many shadow copies as it can have',
		advice: 'Delete old ones (vssadmin delete shadows).',
	},
	0x80042318: { code: 'failed', text: 'the writers of VSS do not work', advice: noService },
	0x80042319: { code: 'failed', text: 'a writer of VSS does not answer', advice: again },
	0x8004231f: {
		code: 'no-space',
		text: 'there is no room for what changes while the shadow copy is there',
		advice:
			'Free some space on the volume, delete old shadow copies (vssadmin delete shadows), or let them take more (vssadmin resize shadowstorage). A small partition may have to be left out.',
	},
	0x80042327: { code: 'failed', text: 'the provider needs Windows to be restarted', advice: 'Restart Windows.' },
	0x80042328: { code: 'failed', text: 'transactions could not be frozen in time', advice: again },
	0x80042329: { code: 'failed', text: 'transactions could not be thawed in time', advice: again },
	0x8004232c: {
		code: 'not-supported',
		text: 'the volume lies in a virtual disk that lies in another too deep for VSS',
	},
	0x80070005: {
		code: 'permission-denied',
		text: 'access was denied',
		advice: 'Administrator rights, or those of a backup operator, are needed.',
	},
	0x8007000e: { code: 'failed', text: 'memory or other resources ran out', advice: again },
	0x80070422: { code: 'not-supported', text: 'the service is disabled', advice: noService },
	0x80040154: { code: 'not-supported', text: 'VSS is not installed' },
	0x80004001: { code: 'not-supported', text: 'this system has no working VSS' },
	0x80010106: { code: 'failed', text: 'this thread was set up for another kind of COM before' },
};

/** Values that say that a volume has no shadow copies, not that something went wrong. */
const unsupported = new Set([0x8004230c, 0x8004230e, 0x8004232c, 0x80040154, 0x80004001]);
/** Microsoft calls these transient and advises to wait ten minutes and try again, up to three times (DoSnapshotSet). */
const transient = new Set([0x80042306, 0x80042313, 0x80042314]);

export function isTransient(value: number): boolean {
	return transient.has(value);
}

export function isSetInProgress(value: number): boolean {
	return value === 0x80042316;
}

/** Why there are no shadow copies, where an error says only that. */
export function unsupportedReason(value: number): string | undefined {
	return unsupported.has(value) ? meanings[value]!.text : undefined;
}

/** @param call what failed, @param value its HRESULT, unsigned */
export function vssError(call: string, value: number, cause?: unknown): AfterimageError {
	const hexadecimal = `0x${value.toString(16).padStart(8, '0')}`;
	const { code, text, advice }: Meaning = meanings[value] ?? { code: 'failed', text: 'an error of VSS' };
	return new AfterimageError(code, `Shadow copies: ${text} (${call}, ${hexadecimal})`, {
		...(advice === undefined ? {} : { advice }),
		details: { call, hresult: hexadecimal },
		...(cause === undefined ? {} : { cause }),
	});
}

/** VSS_WRITER_STATE values that say failure, and at what. */
const failedAt: Readonly<Record<number, string>> = {
	6: 'when it was asked for what it keeps',
	7: 'to prepare for the backup',
	8: 'to prepare for the shadow copy',
	9: 'to stop writing',
	10: 'to go on after the shadow copy',
	11: 'after the shadow copy',
	12: 'at the end of the backup',
	15: 'when the backup was over',
};

/** VSS_E_WRITERERROR_… */
const writerFailures: Readonly<Record<number, string>> = {
	0x800423f0: 'not all volumes that it needs are in the shadow copy',
	0x800423f1: 'it ran out of memory or other resources',
	0x800423f2: 'it took too long',
	0x800423f3: 'trying again may help',
	0x800423f4: 'trying again will not help',
};

/** What a failed writer means for the image, as a sentence; undefined when it has not failed. */
export function writerFailure(name: string, state: number, failure: number): string | undefined {
	const at = failedAt[state] ?? (failure >= 0x8000_0000 ? 'in its part' : undefined);
	if (at === undefined) return undefined;
	const why = writerFailures[failure] ?? `0x${failure.toString(16).padStart(8, '0')}`;
	return `The VSS writer "${name}" failed ${at} (${why}): its application's files are in the image as after a power failure`;
}
