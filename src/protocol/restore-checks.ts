import { flag, integer, list, object, oneOf, optional, text, union } from './check.ts';

const number = integer(0, 65535);

/** The checks of the fields of a restore, for every message that holds them. */
export const restoreFields = {
	file: text(),
	target: text(),
	disk: number,
	partitions: optional(list(number, 1024)),
	delta: flag,
	verify: flag,
	newDiskId: flag,
	skipBadBlocks: flag,
	into: optional(
		union('kind', {
			partition: object({ kind: oneOf('partition'), number }),
			volume: object({ kind: oneOf('volume') }),
		}),
	),
	grow: optional(number),
	shrink: optional(list(number, 1024)),
};

/** What was confirmed of the target. */
export const confirmationFields = {
	confirmed: optional(text()),
	confirmedDisk: optional(object({ model: text(), serial: text(), size: integer(0, Number.MAX_SAFE_INTEGER) })),
};
