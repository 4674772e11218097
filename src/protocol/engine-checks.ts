import { flag, integer, list, object, oneOf, optional, text, union, type Check } from './check.ts';
import type { EngineMethod, EngineRequests } from './engine.ts';
import { largestFilePiece } from './files.ts';
import type { JobRequest } from './jobs.ts';
import { confirmationFields, restoreFields } from './restore-checks.ts';

const path = text(4096);
/** Names of up to 255 characters, folders within folders: longer than a path of this machine may be. */
const pathInBackup = text(65_536);
const place = object({ image: path, disk: integer(0, 65535), partition: integer(0, 65535), path: pathInBackup });
const paths = list(path, 10_000);
/** Longest password that is taken, in characters. */
const password = text(1024);
const nothing = object({});

const job: Check<JobRequest> = union('kind', {
	backup: object({ kind: oneOf('backup'), definition: path, type: oneOf('full', 'inc', 'diff', 'auto') }),
	verify: object({ kind: oneOf('verify'), file: path, samplePercent: optional(integer(1, 100)) }),
	'verify-backups': object({ kind: oneOf('verify-backups'), paths }),
	restore: object({ kind: oneOf('restore'), ...restoreFields, ...confirmationFields }),
	merge: object({ kind: oneOf('merge'), files: paths }),
	delete: object({ kind: oneOf('delete'), files: paths }),
	extract: object({
		kind: oneOf('extract'),
		image: path,
		disk: integer(0, 65535),
		partition: integer(0, 65535),
		paths: list(pathInBackup, 10_000),
		folder: path,
		overwrite: flag,
		owners: optional(flag),
	}),
});

/** The check of every request's parameters: an elevated engine answers nothing that has not passed its own. */
export const engineChecks: { readonly [M in EngineMethod]: Check<EngineRequests[M]['params']> } = {
	'engine/info': nothing,
	'disks/list': object({ files: paths }),
	'folder/list': object({ folder: path }),
	'image/inspect': object({ file: path, password: optional(password) }),
	'image/compare': object({ file: path }),
	'image/dependants': object({ files: paths }),
	'image/partitions': object({ image: path, password: optional(password) }),
	'files/list': object({ place, password: optional(password) }),
	'files/stat': object({ place, password: optional(password) }),
	'files/read': object({
		place,
		offset: integer(0, Number.MAX_SAFE_INTEGER),
		length: integer(0, largestFilePiece),
		password: optional(password),
	}),
	'merge/plan': object({ files: paths }),
	'restore/preview': object({ choice: object(restoreFields), password: optional(password) }),
	'rights/open': object({ path }),
	'rights/restrict': object({ paths }),
	'jobs/start': object({ request: job, password: optional(password), passwords: optional(list(password, 100)) }),
	'jobs/list': nothing,
	'jobs/cancel': object({ id: text(64) }),
	'runs/running': nothing,
	'runs/list': object({ limit: integer(1, 10_000) }),
	'definitions/due': object({ definitions: list(path) }),
	'engine/shutdown': nothing,
};
