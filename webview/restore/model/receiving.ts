import type { ErrorRecord } from '../../../src/base/errors.ts';
import type { JobResult } from '../../../src/protocol/jobs.ts';
import type { RestorePreview } from '../../../src/protocol/restore.ts';
import type { HostToRestore } from '../../../src/protocol/restore-page.ts';
import { anew, chooseTarget, settled } from './choosing.ts';
import { imageDiskOf, targetOf, type Check, type PageState } from './page-state.ts';
import type { Target } from './target.ts';

/** The state that follows from a message of the extension. */
export function received(state: PageState, message: HostToRestore): PageState {
	switch (message.type) {
		case 'set': {
			const { set, file, timeZone: zone, trusted } = message;
			return { ...state, set, file, zone, trusted };
		}
		case 'image':
			if (message.file !== state.file) return state;
			return settled(withPartitions({ ...state, image: message.info, imageError: message.error }));
		case 'disks': {
			const { disks, elevated, error } = message;
			// A list that could not be read leaves the one that is there.
			if (error !== undefined) return { ...state, disksError: error };
			return withTarget({ ...state, disks, elevated, disksError: undefined }, targetOf(state));
		}
		case 'browsed': {
			const newFiles = message.exists ? state.newFiles : [...new Set([...state.newFiles, message.path])];
			return chooseTarget({ ...state, newFiles }, message.path);
		}
		case 'checked':
			if (message.id !== state.checks) return state;
			return { ...state, check: checkOf(message.preview, message.error) };
		case 'progress':
			return { ...state, run: { state: 'running', progress: message.progress } };
		case 'ended':
			return ended(state, message.result);
	}
}

/** @param result undefined when the run was never started */
function ended(state: PageState, result: JobResult | undefined): PageState {
	if (result === undefined) return anew({ ...state, run: { state: 'idle' } });
	const run = { state: 'ended', result } as const;
	const isDone = result.outcome === 'success' || result.outcome === 'warning';
	// What was restored stands on the target now: that it would be lost is nobody's concern before it is chosen again.
	return anew(
		isDone ? { ...state, run, target: undefined, into: undefined, grow: undefined, shrink: false } : { ...state, run },
	);
}

/** Other points may lack some of the partitions that were chosen. */
function withPartitions(state: PageState): PageState {
	const numbers = imageDiskOf(state)?.partitions.map(({ number }) => number);
	if (numbers === undefined || state.partitions === undefined) return state;
	return { ...state, partitions: state.partitions.filter((number) => numbers.includes(number)) };
}

/** In a new list of disks: what was chosen and typed is about a target as it was shown. @param before the target until now */
function withTarget(state: PageState, before: Target | undefined): PageState {
	const now = targetOf(state);
	if (before === undefined) return settled(state);
	if (now !== undefined && layoutOf(now) === layoutOf(before)) return settled(state);
	return anew({
		...state,
		target: now === undefined ? undefined : state.target,
		into: undefined,
		grow: undefined,
		shrink: false,
	});
}

/** What tells a disk, and where things lie on it, from another at the same path. */
function layoutOf(target: Target): string {
	if (target.kind === 'new-file') return '';
	const { id, serial, size, partitions } = target.disk;
	return JSON.stringify([id, serial, size, partitions.map(({ number, start, length }) => [number, start, length])]);
}

function checkOf(preview: RestorePreview | undefined, error: ErrorRecord | undefined): Check {
	if (error !== undefined) return { state: 'refused', error };
	return preview === undefined ? { state: 'none' } : { state: 'passed', preview };
}
