import type { ErrorRecord } from '../../../src/base/errors.ts';
import type { BackupSetInfo, ImageDiskInfo, ImageInfo } from '../../../src/protocol/backups.ts';
import type { DiskInfo } from '../../../src/protocol/disks.ts';
import type { JobProgress, JobResult } from '../../../src/protocol/jobs.ts';
import type { RestorePlace, RestorePreview } from '../../../src/protocol/restore.ts';
import type { RestoreOptions } from './choice.ts';
import { isRefused } from './judgement.ts';
import { lacksPlace, makePlan, type Plan } from './plan.ts';
import { pathOf, type Source, type Target } from './target.ts';

/** What the engine says of the restore as it is chosen now. */
export type Check =
	| { readonly state: 'none' }
	| { readonly state: 'checking' }
	| { readonly state: 'passed'; readonly preview: RestorePreview }
	| { readonly state: 'refused'; readonly error: ErrorRecord };

/** A restore that was begun on the page. */
export type Run =
	| { readonly state: 'idle' }
	| { readonly state: 'running'; readonly progress: JobProgress | undefined }
	| { readonly state: 'ended'; readonly result: JobResult };

/** All that the page shows: what the extension has told, what was chosen, what becomes of it. */
export interface PageState {
	readonly set: BackupSetInfo | undefined;
	readonly zone: string;
	/** Whether the workspace is. */
	readonly trusted: boolean;
	readonly image: ImageInfo | undefined;
	readonly imageError: ErrorRecord | undefined;
	readonly disks: readonly DiskInfo[] | undefined;
	readonly disksError: ErrorRecord | undefined;
	/** The list of disks was read with more rights. */
	readonly elevated: boolean;
	/** Paths of raw files that are to be made. */
	readonly newFiles: readonly string[];
	/** Path of the point that is restored. */
	readonly file: string;
	/** Number of the disk in the image; undefined is the first. */
	readonly disk: number | undefined;
	/** Undefined is the whole disk. */
	readonly partitions: readonly number[] | undefined;
	/** Path of the chosen target. */
	readonly target: string | undefined;
	/** The chosen place of the one partition; undefined is its own. */
	readonly into: RestorePlace | undefined;
	/** Number of the partition that grows. */
	readonly grow: number | undefined;
	/** Whether file systems that do not fit are made smaller. */
	readonly shrink: boolean;
	readonly options: RestoreOptions;
	readonly check: Check;
	/** Counts checks: answers to earlier ones are about something else. */
	readonly checks: number;
	/** What was typed to confirm. */
	readonly confirmed: string;
	readonly run: Run;
}

export const emptyState: PageState = {
	set: undefined,
	zone: 'UTC',
	trusted: true,
	image: undefined,
	imageError: undefined,
	disks: undefined,
	disksError: undefined,
	elevated: false,
	newFiles: [],
	file: '',
	disk: undefined,
	partitions: undefined,
	target: undefined,
	into: undefined,
	grow: undefined,
	shrink: false,
	options: { delta: true, verify: true, newId: false, skipBad: false },
	check: { state: 'none' },
	checks: 0,
	confirmed: '',
	run: { state: 'idle' },
};

/** The disk of the image that is restored, or of which partitions are. */
export function imageDiskOf({ image, disk }: PageState): ImageDiskInfo | undefined {
	const disks = image?.disks ?? [];
	return disks.find(({ number }) => number === disk) ?? disks[0];
}

export function sourceOf(state: PageState): Source | undefined {
	const disk = imageDiskOf(state);
	return disk === undefined ? undefined : { disk, partitions: state.partitions };
}

/** What the image can be restored to: disks and files that are there, then files that will be made. */
export function targetsOf({ disks = [], newFiles }: PageState): readonly Target[] {
	const fresh = newFiles.filter((path) => !disks.some((disk) => disk.path === path));
	return [
		...disks.map((disk): Target => ({ kind: 'disk', disk })),
		...fresh.map((path): Target => ({ kind: 'new-file', path })),
	];
}

/** The chosen target as the newest list has it; undefined when none is chosen, or it is not there. */
export function targetOf(state: PageState): Target | undefined {
	return targetsOf(state).find((target) => pathOf(target) === state.target);
}

/** What is to be restored where; undefined until both are chosen. */
export function planOf(state: PageState): Plan | undefined {
	const [source, target] = [sourceOf(state), targetOf(state)];
	if (source === undefined || target === undefined) return undefined;
	return makePlan(source, target, state.into, state.grow, state.shrink);
}

/** Nothing else can be chosen while a restore runs. */
export function isLocked({ run }: PageState): boolean {
	return run.state === 'running';
}

/** Whether what is chosen can be looked at: something, to a place that this page has nothing against. */
export function canCheck(state: PageState): boolean {
	const plan = planOf(state);
	return plan !== undefined && state.partitions?.length !== 0 && !lacksPlace(plan) && !isRefused(plan);
}

/** Whether the restore can start: all is chosen, nothing stands against it, and a target that is overwritten is named in full. */
export function canStart(state: PageState): boolean {
	const { trusted, target, check, confirmed } = state;
	const agreed = targetOf(state)?.kind === 'new-file' || confirmed === target;
	return trusted && agreed && canCheck(state) && check.state !== 'refused' && !isLocked(state);
}
