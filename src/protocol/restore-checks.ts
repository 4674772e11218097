import { flag, integer, list, optional, text } from './check.ts';

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
};
