import { expect, it } from 'vitest';
import { maxFileSizeOf } from '../../../native/linux/file-limit.ts';

/** Magic numbers of <linux/magic.h>. */
const [msdos, ext4, fuse, exfat, smb] = [0x4d44, 0xef53, 0x65735546, 0x2011bab0, 0xff534d42];

it.each([
	[msdos, 'vfat'],
	[msdos, 'msdos'],
	[msdos, undefined],
	[0, 'vfat'],
])('files on FAT stay below 4 GiB: %i, %s', (magic, name) => {
	expect(maxFileSizeOf(magic, name)).toBe(4_294_967_295);
});

it.each([
	[ext4, 'ext4'],
	[exfat, 'exfat'],
	[fuse, 'fuseblk'],
	[fuse, 'fuse.exfat'],
	[smb, 'cifs'],
	[ext4, undefined],
])('files elsewhere have no limit that matters: %i, %s', (magic, name) => {
	expect(maxFileSizeOf(magic, name)).toBeUndefined();
});
