import { describe, expect, it } from 'vitest';
import { deleteQuestion } from '../../../../../src/extension/commands/backups/delete-question.ts';

const doomed = (names: readonly string[], backups = names.length, folder = '/backups') => ({
	files: names.map((name) => `${folder}/${name}`),
	backups,
	bytes: names.length * 1024,
});

describe('the question before backups are deleted', () => {
	it.each([
		[1, 1, 'Delete this backup?'],
		[1, 2, 'Delete this backup and the one that stands on it?'],
		[1, 4, 'Delete this backup and 3 that stand on it?'],
		[2, 2, 'Delete these 2 backups?'],
		[2, 3, 'Delete these 2 backups and the one that stands on them?'],
		[2, 5, 'Delete these 2 backups and 3 that stand on them?'],
	])('for %i chosen of %i that go', (chosen, backups, title) => {
		expect(deleteQuestion(chosen, [doomed(['a', 'b', 'c', 'd', 'e'], backups)]).title).toBe(title);
	});

	it('is one for all sets, and names every file and what becomes free', () => {
		const sets = [doomed(['b-01', 'b-00']), doomed(['a-00'])];
		expect(deleteQuestion(2, sets)).toEqual({
			title: 'Delete these 2 backups and the one that stands on them?',
			detail: '3.00 KB become free. These files are deleted and cannot be brought back:\n• b-01\n• b-00\n• a-00',
		});
	});

	it('counts the parts of a split backup as one', () => {
		expect(deleteQuestion(1, [doomed(['a-02', 'a-01', 'a-00'], 1)]).title).toBe('Delete this backup?');
	});

	it('names folders where there are several', () => {
		const { detail } = deleteQuestion(2, [doomed(['a-00']), doomed(['a-00'], 1, '/other')]);
		expect(detail).toContain('• /backups/a-00\n• /other/a-00');
	});

	it('leaves room for its buttons', () => {
		const names = (count: number) => Array.from({ length: count }, (_, i) => `a-${i}`);
		const lines = (count: number) =>
			deleteQuestion(1, [doomed(names(count))])
				.detail.split('\n')
				.slice(1);
		expect(lines(25)).toHaveLength(25);
		expect(lines(26)).toHaveLength(25);
		expect(lines(26).at(-1)).toBe('… and 2 more');
	});
});
