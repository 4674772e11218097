import { describe, expect, it } from 'vitest';
import type { BackupFileInfo, BackupSetInfo } from '../../../../../src/protocol/backups.ts';
import { mergeRange } from '../../../../../src/extension/commands/backups/merge-range.ts';

const files = [3, 0, 2, 1].map((fileNumber) => ({ fileNumber, path: `/b/${fileNumber}` }) as BackupFileInfo);
const set = { files } as unknown as BackupSetInfo;
const range = (...numbers: number[]) =>
	mergeRange(
		set,
		files.filter(({ fileNumber }) => numbers.includes(fileNumber)),
	).map(({ fileNumber }) => fileNumber);

describe('the backups that are merged', () => {
	it.each([
		[
			[1, 2],
			[1, 2],
		],
		[
			[3, 1],
			[1, 2, 3],
		],
		[
			[0, 3, 1],
			[0, 1, 2, 3],
		],
	])('are all from the oldest to the newest of %j', (chosen, expected) => {
		expect(range(...chosen)).toEqual(expected);
	});

	it('are none when none of the set is chosen', () => {
		expect(range()).toEqual([]);
	});
});
