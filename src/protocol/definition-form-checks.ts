import { flag, integer, list, object, oneOf, optional, text, union, type Check } from './check.ts';
import type { FormToHost } from './definition-form.ts';

/** Largest piece of text that one edit may insert, in characters. */
const insertLimit = 1024 * 1024;
const offset = integer(0, 2 ** 31);

/** The check of every message of the form: a webview is trusted no more than another process. */
export const checkFormMessage: Check<FormToHost> = union('type', {
	ready: object({ type: oneOf('ready') }),
	edit: object({
		type: oneOf('edit'),
		id: offset,
		version: offset,
		edits: list(object({ start: offset, end: offset, text: text(insertLimit) }), 10_000),
	}),
	'list-disks': object({ type: oneOf('list-disks'), elevated: flag }),
	browse: object({
		type: oneOf('browse'),
		purpose: oneOf('destination', 'alternative', 'definition', 'script', 'raw-file', 'password-file'),
		index: integer(0, 10_000),
		current: text(),
	}),
	'check-destination': object({ type: oneOf('check-destination'), folder: text() }),
	'create-folder': object({ type: oneOf('create-folder'), folder: text() }),
	finish: (value, path) => {
		const checked = object({
			type: oneOf('finish'),
			runNow: flag,
			save: optional(object({ name: text(255), folder: text() })),
		})(value, path);
		return { ...checked, save: checked.save };
	},
	cancel: object({ type: oneOf('cancel') }),
	'open-text': object({ type: oneOf('open-text'), offset }),
});
