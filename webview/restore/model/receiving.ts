import type { ErrorRecord } from '../../../src/base/errors.ts';
import type { RestorePreview } from '../../../src/protocol/restore.ts';
import type { HostToRestore } from '../../../src/protocol/restore-page.ts';
import { anew } from './choosing.ts';
import { targetsOf, type Check, type PageState } from './page-state.ts';
import { pathOf } from './target.ts';

/** The state that follows from a message of the extension. */
export function received(state: PageState, message: HostToRestore): PageState {
	switch (message.type) {
		case 'set': {
			const { set, file, timeZone: zone, trusted } = message;
			return { ...state, set, file, zone, trusted };
		}
		case 'image':
			if (message.file !== state.file) return state;
			return { ...state, image: message.info, imageError: message.error };
		case 'disks': {
			const { disks, elevated, error } = message;
			// A list that could not be read leaves the one that is there.
			if (error !== undefined) return { ...state, disksError: error };
			const next = { ...state, disks, elevated, disksError: undefined };
			return next.target === undefined ? next : withTarget(next, pathOf(next.target));
		}
		case 'browsed': {
			const newFiles = message.exists ? state.newFiles : [...new Set([...state.newFiles, message.path])];
			return anew(withTarget({ ...state, newFiles }, message.path));
		}
		case 'checked':
			if (message.id !== state.checks) return state;
			return { ...state, check: checkOf(message.preview, message.error) };
		case 'progress':
			return { ...state, run: { state: 'running', progress: message.progress } };
		case 'ended':
			return anew({
				...state,
				run: message.result === undefined ? { state: 'idle' } : { state: 'ended', result: message.result },
			});
	}
}

/** The target of this path as the newest list has it; none when it is gone. */
function withTarget(state: PageState, path: string): PageState {
	return { ...state, target: targetsOf(state).find((target) => pathOf(target) === path) };
}

function checkOf(preview: RestorePreview | undefined, error: ErrorRecord | undefined): Check {
	if (error !== undefined) return { state: 'refused', error };
	return preview === undefined ? { state: 'none' } : { state: 'passed', preview };
}
