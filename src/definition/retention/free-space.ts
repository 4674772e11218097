import { formatBytes } from '../../base/quantity.ts';
import { backupsOf, bytesOf, filesOf } from './chain.ts';
import { deleteSet, readScope } from './scope.ts';
import type { BackupSet, RetentionNote, RetentionPlan, RetentionStep } from './types.ts';

export interface FreeSpaceInput {
	readonly sets: readonly BackupSet[];
	readonly scope: 'matching' | 'all';
	/** Bytes free now. */
	readonly freeBytes: number;
	readonly minFreeBytes: number;
	readonly now: number;
	/** Sets that a running job writes or stands on. */
	readonly protect?: readonly string[] | undefined;
}

/**
 * The oldest sets to delete until `minFreeBytes` are free: after the other rules, and while a backup runs and is
 * paused. The set in use, or else the newest one, always stays, even when that leaves too little; a note says so.
 */
export function planFreeSpace(input: FreeSpaceInput): RetentionPlan {
	const { scope, damaged } = readScope({ ...input, rules: input });
	const notes: RetentionNote[] = [...damaged];
	const steps: RetentionStep[] = [];
	let free = input.freeBytes;
	for (const chain of scope.chains.slice(1).reverse()) {
		if (free >= input.minFreeBytes) break;
		if (scope.isProtected(chain)) continue;
		const left = free;
		steps.push(
			deleteSet(chain, (t, size) =>
				t('Free space: {0} free, at least {1} wanted; the oldest set goes.', size(left), size(input.minFreeBytes)),
			),
		);
		free += bytesOf(filesOf(backupsOf(chain)));
	}
	const last = scope.chains[0];
	if (free < input.minFreeBytes && last !== undefined) {
		notes.push({
			setId: last.set.id,
			text:
				`Only ${formatBytes(free)} will be free where ${formatBytes(input.minFreeBytes)} are wanted: ` +
				`set ${last.set.id} is the last that can be relied on, or in use, and stays.`,
		});
	}
	return { steps, notes };
}
