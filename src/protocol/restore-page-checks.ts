import { flag, integer, list, object, oneOf, optional, text, union, type Check } from './check.ts';
import type { RestoreToHost } from './restore-page.ts';

/** The check of every message of the restore page. */
export const checkRestoreMessage: Check<RestoreToHost> = union('type', {
	ready: object({ type: oneOf('ready') }),
	'choose-point': object({ type: oneOf('choose-point'), file: text() }),
	'list-disks': object({ type: oneOf('list-disks'), elevated: flag }),
	browse: object({ type: oneOf('browse'), create: flag }),
	start: object({
		type: oneOf('start'),
		request: object({
			kind: oneOf('restore'),
			file: text(),
			target: text(),
			disk: integer(0, 65_535),
			partitions: optional(list(integer(0, 65_535), 1_000)),
			delta: flag,
			verify: flag,
			newDiskId: flag,
			confirmed: text(),
		}),
	}),
	'cancel-run': object({ type: oneOf('cancel-run') }),
	'open-log': object({ type: oneOf('open-log') }),
	close: object({ type: oneOf('close') }),
});
