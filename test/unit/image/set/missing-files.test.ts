import { expect, it } from 'vitest';
import { missingFiles, missingPhrases } from '../../../../src/image/set/missing-files.ts';

const files = [
	{ fileNumber: 2, name: 'old-02-02.mrimgx', damaged: undefined },
	{ fileNumber: 1, name: undefined, damaged: undefined },
	{ fileNumber: 2, name: 'new-02-02.mrimgx', damaged: undefined },
	{ fileNumber: 2, name: undefined, damaged: undefined },
];

it('each file that is missing is told once, by the newest name that the set knows', () => {
	expect(missingPhrases(files)).toEqual(['the file with number 1 is missing', 'new-02-02.mrimgx is missing']);
	expect(missingFiles('/b/new-03-03.mrimgx', files).message).toBe(
		'/b/new-03-03.mrimgx needs the file with number 1, new-02-02.mrimgx',
	);
});
