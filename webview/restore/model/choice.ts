import type { RestoreChoice } from '../../../src/protocol/restore.ts';
import type { Plan } from './plan.ts';
import { pathOf } from './target.ts';

export interface RestoreOptions {
	readonly delta: boolean;
	readonly verify: boolean;
	readonly newId: boolean;
	readonly skipBad: boolean;
}

/** What was chosen on the page, as the engine is asked for it. @param file path of the point */
export function choiceOf(file: string, plan: Plan, options: RestoreOptions): RestoreChoice {
	const { source, target, place, growth, shrinking, shrinks } = plan;
	return {
		file,
		target: pathOf(target),
		disk: source.disk.number,
		...(source.partitions === undefined ? {} : { partitions: source.partitions }),
		delta: options.delta,
		verify: options.verify,
		newDiskId: options.newId && source.disk.table !== 'none',
		skipBadBlocks: options.skipBad,
		...(place?.into === undefined ? {} : { into: place.into }),
		...(growth === undefined ? {} : { grow: growth.partition.number }),
		...(shrinking !== undefined && shrinks ? { shrink: shrinking.able.map(({ number }) => number) } : {}),
	};
}
