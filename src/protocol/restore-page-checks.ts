import { flag, integer, object, oneOf, optional, text, union, type Check } from './check.ts';
import { confirmationFields, restoreFields } from './restore-checks.ts';
import type { RestoreToHost } from './restore-page.ts';

/** The check of every message of the restore page. */
export const checkRestoreMessage: Check<RestoreToHost> = union('type', {
	ready: object({ type: oneOf('ready'), file: optional(text()), target: optional(text()) }),
	'choose-point': object({ type: oneOf('choose-point'), file: text() }),
	'list-disks': object({ type: oneOf('list-disks'), elevated: flag }),
	browse: object({ type: oneOf('browse'), create: flag }),
	check: object({ type: oneOf('check'), id: integer(0, Number.MAX_SAFE_INTEGER), choice: object(restoreFields) }),
	start: object({
		type: oneOf('start'),
		request: object({ kind: oneOf('restore'), ...restoreFields, ...confirmationFields }),
	}),
	'cancel-run': object({ type: oneOf('cancel-run') }),
	'open-log': object({ type: oneOf('open-log') }),
	close: object({ type: oneOf('close') }),
});
