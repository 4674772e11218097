import type { RestorePlace } from '../../../src/protocol/restore.ts';
import type { RestoreOptions } from './choice.ts';
import { planOf, type PageState } from './page-state.ts';

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
	return anew({ ...state, partitions, options, into: undefined, grow: undefined, shrink: false });
}

/** @param target its path */
export function chooseTarget(state: PageState, target: string): PageState {
	const run: PageState['run'] = state.run.state === 'ended' ? { state: 'idle' } : state.run;
	return anew({ ...state, target, into: undefined, grow: undefined, shrink: false, run });
}

/** @param into where on the target the one partition goes; undefined is its own place */
export function choosePlace(state: PageState, into: RestorePlace | undefined): PageState {
	return anew({ ...state, into });
}

/** @param grow number of the partition that takes the free space behind it; undefined for none */
export function chooseGrowth(state: PageState, grow: number | undefined): PageState {
	return forgetCheck({ ...state, grow });
}

/** @param shrink whether file systems that do not fit are made smaller */
export function chooseShrinking(state: PageState, shrink: boolean): PageState {
	return forgetCheck({ ...state, shrink });
}

export function changeOptions(state: PageState, part: Partial<RestoreOptions>): PageState {
	return forgetCheck({ ...state, options: { ...state.options, ...part } });
}

export function beginCheck(state: PageState): PageState {
	return { ...forgetCheck(state), check: { state: 'checking' } };
}

/** Without a place and other lengths that image and target, as they are known now, do not allow. */
export function settled(state: PageState): PageState {
	const plan = planOf(state);
	if (plan === undefined) return state;
	const placed = plan.place !== undefined && plan.place.obstacle === undefined;
	const into = placed ? state.into : undefined;
	const grow = plan.growth?.partition.number;
	const same = into === state.into && grow === state.grow && plan.shrinks === state.shrink;
	return same ? state : anew({ ...state, into, grow, shrink: plan.shrinks });
}

/** Something else is to be restored now: neither what was typed nor what was checked is about it. */
export function anew(state: PageState): PageState {
	return forgetCheck({ ...state, confirmed: '' });
}

function forgetCheck(state: PageState): PageState {
	return { ...state, checks: state.checks + 1, check: { state: 'none' } };
}
