import { flag, integer, list, object, oneOf, optional, text, union, type Check } from './check.ts';
import type { EngineMethod, EngineRequests } from './engine.ts';
import type { JobRequest } from './jobs.ts';

const path = text(4096);
const paths = list(path, 10_000);
/** Longest password that is taken, in characters. */
const password = text(1024);
const nothing = object({});

const job: Check<JobRequest> = union('kind', {
	backup: object({ kind: oneOf('backup'), definition: path, type: oneOf('full', 'inc', 'diff', 'auto') }),
	verify: object({ kind: oneOf('verify'), file: path, samplePercent: optional(integer(1, 100)) }),
	restore: object({
		kind: oneOf('restore'),
		file: path,
		target: path,
		disk: integer(0, 65535),
		partitions: optional(list(integer(0, 65535), 1024)),
		delta: flag,
		verify: flag,
		newDiskId: flag,
		confirmed: path,
	}),
	merge: object({ kind: oneOf('merge'), files: paths }),
	delete: object({ kind: oneOf('delete'), files: paths }),
});

/** The check of every request's parameters: an elevated engine answers nothing that has not passed its own. */
export const engineChecks: { readonly [M in EngineMethod]: Check<EngineRequests[M]['params']> } = {
	'engine/info': nothing,
	'disks/list': object({ files: paths }),
	'folder/list': object({ folder: path }),
	'image/inspect': object({ file: path, password: optional(password) }),
	'image/compare': object({ file: path }),
	'image/dependants': object({ file: path }),
	'merge/plan': object({ files: paths }),
	'rights/open': object({ path }),
	'rights/restrict': object({ paths }),
	'jobs/start': object({ request: job, password: optional(password) }),
	'jobs/list': nothing,
	'jobs/cancel': object({ id: text(64) }),
	'runs/list': object({ limit: integer(1, 10_000) }),
	'engine/shutdown': nothing,
};
