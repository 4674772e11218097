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

it('files that may not be read are no damaged ones: the advice is about rights', () => {
	const unusable = (code: 'permission-denied' | 'image-damaged', n: number) => {
		const [path, name] = [`/b/x-0${n}-0${n}.mrimgx`, `x-0${n}-0${n}.mrimgx`];
		return { fileNumber: n, name, damaged: { name, path, error: { code, message: `${path}: reason ${n}` } } };
	};
	const denied = missingFiles('/b/x-03-03.mrimgx', [unusable('permission-denied', 1)]);
	expect(denied).toMatchObject({
		code: 'permission-denied',
		message: '/b/x-03-03.mrimgx needs /b/x-01-01.mrimgx, which cannot be read (reason 1)',
		advice: 'Run it as root (sudo), or have the owner let you read what you may not.',
	});
	const both = missingFiles('/b/x-03-03.mrimgx', [unusable('permission-denied', 1), unusable('image-damaged', 2)]);
	expect(both.advice).toMatch(/^Run it as root .* Put a sound copy/);
});
