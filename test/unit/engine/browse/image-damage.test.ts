import { expect, it } from 'vitest';
import { AfterimageError, damaged } from '../../../../src/base/errors.ts';
import { asImageDamage } from '../../../../src/engine/browse/image-damage.ts';

it('is a block of the image where a reader of file systems heard of a failed read alone', () => {
	const block = new AfterimageError('image-damaged', 'block 7 is bad');
	expect(asImageDamage(new AfterimageError('read-error', 'a read failed', { cause: block }))).toBe(block);
	const other = new AfterimageError('read-error', 'a read failed');
	expect(asImageDamage(other)).toBe(other);
});

it('is a file system that was imaged damaged, whose exit code is that of a damaged image', () => {
	const structure = damaged('structure-damaged', 'ext4_inode.mode', 2048, 'a folder', 'a file');
	const said = asImageDamage(structure) as AfterimageError;
	expect(said).toMatchObject({ code: 'image-damaged', message: structure.message, details: structure.details });
	expect(said.advice).toMatch(/^It was imaged as it is\. Restore it/);
});
