import { expect, it } from 'vitest';
import { imageFileName } from '../../../../src/base/image-file-name.ts';
import { baseNameOf, numbersOfName } from '../../../../src/image/set/file-name.ts';

it('names files by set and numbers', () => {
	expect(imageFileName(baseNameOf('0123456789abcdef', ''), 0, 0)).toBe('0123456789ABCDEF-00-00.mrimgx');
	expect(imageFileName(baseNameOf('0123456789ABCDEF', 'my disk'), 3, 120)).toBe(
		'0123456789ABCDEF-my disk-03-120.mrimgx',
	);
	expect(numbersOfName('B:\\x\\0123456789ABCDEF-my disk-03-120.mrimgx')).toEqual({
		incrementNumber: 3,
		fileNumber: 120,
	});
	expect(numbersOfName('renamed.mrimgx')).toBeUndefined();
});
