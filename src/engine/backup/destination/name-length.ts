import { AfterimageError } from '../../../base/errors.ts';
import { imageFileName } from '../../../base/image-file-name.ts';
import { baseNameOf } from '../../../image/set/file-name.ts';
import { partSuffix } from './part-files.ts';

/** Of a file name in UTF-8, in bytes: what every file system takes that images are written to. */
const mostBytes = 255;
/** The highest increment and file number that a name has. */
const highest = 99_999;

function spareBytes(baseName: string): number {
	return mostBytes - Buffer.byteLength(imageFileName(baseName, highest, highest) + partSuffix);
}

/** Longest name that a user gives an image, in bytes: the rest are the image id, the numbers and what names end with. */
export const longestImageName = spareBytes(`${baseNameOf('0'.repeat(16), '')}-`);

/** @param baseName as in {@link imageFileName} @throws AfterimageError `invalid-argument` when files of that name cannot be made */
export function checkNameLength(baseName: string): void {
	const over = -spareBytes(baseName);
	if (over <= 0) return;
	const bytes = Buffer.byteLength(baseName);
	throw new AfterimageError(
		'invalid-argument',
		`The name of the image: expected at most ${bytes - over} bytes in UTF-8, found ${bytes}: ${baseName}`,
		{ advice: 'Give it a shorter name.', details: { expected: bytes - over, found: bytes } },
	);
}
