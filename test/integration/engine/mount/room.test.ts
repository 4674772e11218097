import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { afterimageResult } from '../../../support/cli.ts';
import { mounted } from '../../../support/mounted.ts';
import { whileMounted } from '../../../support/mounting.ts';
import { allocated, makeRawDisk } from '../../../support/raw-disk.ts';
import { requireFuse, requireTools } from '../../../support/require.ts';
import { roomAndTimes } from '../../../support/room-and-times.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const ready = requireTools(['mkntfs', 'ntfs-3g', 'setfattr', 'sfdisk', 'xfs_io']);
requireFuse();
const temp = useTempFolder();
const mebibyte = 2 ** 20;
const ntfs3g = { command: 'ntfs-3g', args: ['-o', 'no_detach,compression'] };

/** Files of NTFS that take less room than they have bytes, and some that do not. */
const files = `
set -e
cd "$1"
truncate -s 30M sparse; for at in 100 2000; do printf data | dd of=sparse bs=4096 seek=$at conv=notrunc status=none; done
printf tiny > tiny; : > empty; head -c 1000001 /dev/urandom > whole
mkdir packed; setfattr -h -v 0x00000810 -n system.ntfs_attrib_be packed
yes compressible | head -c 3000000 > packed/packed
touch -a -d '2001-02-03 04:05:06.789' whole; touch -m -d '2002-02-03 04:05:06.789' whole
`;

let image = '';
let volume = '';

beforeAll(async () => {
	if (!ready) return;
	volume = temp.file('ntfs.img');
	const make = async (file: string) => {
		await run('mkntfs', ['-q', '-F', '-f', file]);
		await mounted(file, ntfs3g, (folder) => run('sh', ['-c', files, 'sh', folder]));
		await run('cp', ['--sparse=always', file, volume]);
	};
	const disk = temp.file('disk.img');
	await makeRawDisk(disk, 'dos', 66, [{ start: 1, size: 64, type: '7', make }]);
	image = (await afterimageResult<ImageResult>(['image', disk, '--to', await temp.folder('images')])).files[0]!;
});

describe('the room of what is mounted', () => {
	it('and its times are those of NTFS, and holes stay holes in copies', async () => {
		const folder = await temp.folder('ntfs');
		await whileMounted([image, folder], async () => {
			const expected = await mounted(volume, { ...ntfs3g, args: ['-o', 'no_detach,ro'] }, roomAndTimes);
			expect(await roomAndTimes(folder)).toEqual(expected);
			const seen = await run('xfs_io', ['-r', '-c', 'seek -a -r 0', join(folder, 'sparse')]);
			expect(seen.stdout.match(/\w+\t\d+/g)).toEqual([
				'HOLE\t0',
				'DATA\t409600',
				'HOLE\t413696',
				'DATA\t8192000',
				'HOLE\t8192004',
			]);
			const copy = temp.file('copy');
			await run('cp', [join(folder, 'sparse'), copy]);
			await run('cmp', [copy, join(folder, 'sparse')]);
			expect(await allocated(copy)).toBeLessThan(mebibyte);
		});
	});

	it('is that of the blocks of the image for the bytes of a disk', async () => {
		const folder = await temp.folder('raw');
		await whileMounted([image, folder, '--raw'], async () => {
			const raw = join(folder, 'disk.raw');
			const copy = temp.file('disk-copy');
			await run('cp', [raw, copy]);
			await run('cmp', [copy, raw]);
			const stored = await allocated(raw);
			expect(stored).toBeLessThan(20 * mebibyte);
			expect(await allocated(copy)).toBeLessThanOrEqual(stored + mebibyte);
		});
	});
});
