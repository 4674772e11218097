import type { RestoreOptions } from './choice.ts';
import type { PageState } from './page-state.ts';
import type { Target } from './target.ts';

/** What a person does on the page: each gives the state that follows. */

/** @param file path of another point, whose image is to be read */
export function choosePoint(state: PageState, file: string): PageState {
	return anew({ ...state, file, image: undefined, imageError: undefined });
}

/** @param disk its number in the image */
export function chooseDisk(state: PageState, disk: number): PageState {
	return choosePartitions({ ...state, disk }, undefined);
}

/** @param partitions undefined is the whole disk */
export function choosePartitions(state: PageState, partitions: readonly number[] | undefined): PageState {
	// A new id is for whole disks alone.
	const options = partitions === undefined ? state.options : { ...state.options, newId: false };
	return anew({ ...state, partitions, options });
}

export function chooseTarget(state: PageState, target: Target): PageState {
	return anew({ ...state, target, run: state.run.state === 'ended' ? { state: 'idle' } : state.run });
}

export function changeOptions(state: PageState, part: Partial<RestoreOptions>): PageState {
	return forgetCheck({ ...state, options: { ...state.options, ...part } });
}

export function beginCheck(state: PageState): PageState {
	return { ...forgetCheck(state), check: { state: 'checking' } };
}

/** Something else is to be restored now: neither what was typed nor what was checked is about it. */
export function anew(state: PageState): PageState {
	return forgetCheck({ ...state, confirmed: '' });
}

function forgetCheck(state: PageState): PageState {
	return { ...state, checks: state.checks + 1, check: { state: 'none' } };
}
