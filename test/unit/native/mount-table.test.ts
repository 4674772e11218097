import { describe, expect, it } from 'vitest';
import { mountOf, parseMountInfo, parseSwaps } from '../../../native/linux/mount-table.ts';

const text = `22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw,errors=remount-ro
30 22 8:1 / /boot/efi rw,relatime shared:14 - vfat /dev/sda1 rw,fmask=0022
31 22 0:45 /@home /home rw,relatime - btrfs /dev/sdb1 rw,ssd,subvolid=257
32 22 7:0 / /mnt/with\\040space\\134x ro,relatime - xfs /dev/loop0 ro,attr2
33 22 8:2 /srv /bind ro,relatime master:1 - ext4 /dev/sda2 rw
34 22 0:50 / /home/nfs rw - nfs4 server:/export rw
35 22 8:17 / /home rw - ext4 /dev/sdb1 rw
broken line
`;

describe('the mount table', () => {
	it('is read with escapes, and read-only as the file system is, not as one view of it is', () => {
		const mounts = parseMountInfo(text);
		expect(mounts).toHaveLength(7);
		expect(mounts[3]).toEqual({
			device: '7:0',
			root: '/',
			mountPoint: '/mnt/with space\\x',
			fileSystem: 'xfs',
			source: '/dev/loop0',
			readOnly: true,
		});
		expect(mounts[4]).toMatchObject({ mountPoint: '/bind', readOnly: false });
	});

	it('tells where a path lies: the longest mount point, the latest of equals', () => {
		const mounts = parseMountInfo(text);
		const at = (path: string) => mountOf(mounts, path)?.source;
		expect(at('/')).toBe('/dev/sda2');
		expect(at('/boot/efi/EFI')).toBe('/dev/sda1');
		expect(at('/boot/efix')).toBe('/dev/sda2');
		expect(mountOf(mounts, '/home/x')?.device).toBe('8:17');
		expect(at('/home/nfs')).toBe('server:/export');
		expect(mountOf([], '/')).toBeUndefined();
	});

	it('lists swap partitions, not swap files', () => {
		const swaps =
			'Filename\tType\tSize\tUsed\tPriority\n/dev/sda3 partition 8388604 0 -2\n/swap\\040file file 1 0 -3\n';
		expect(parseSwaps(swaps)).toEqual(['/dev/sda3']);
		expect(parseSwaps('')).toEqual([]);
	});
});
