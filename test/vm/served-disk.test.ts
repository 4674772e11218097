import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ImageResult } from '../../src/engine/requests/image.ts';
import { afterimageResult } from '../support/cli.ts';
import { fillFolder } from '../support/file-trees.ts';
import { ext4From, makeRawDisk } from '../support/raw-disk.ts';
import { whileServing } from '../support/serving.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { bootMachine } from './support/machine.ts';

const temp = useTempFolder();
const mebibyte = 1024 ** 2;

it('a machine runs on a disk of a backup that is served, writes to it, and the backup stays as it is', async () => {
	const files = await temp.folder('files');
	await fillFolder(files, 8, { files: 20, bytes: 4 * mebibyte });
	writeFileSync(join(files, 'known'), 'as it was imaged\n');
	const disk = temp.file('disk.img');
	await makeRawDisk(disk, 'gpt', 64, [{ start: 1, size: 60, type: 'L', make: ext4From(files) }]);
	const args = ['image', disk, '--to', await temp.folder('images')];
	const image = (await afterimageResult<ImageResult>(args)).files[0]!;
	const before = createHash('sha256').update(readFileSync(image)).digest('hex');
	const log = await whileServing([image], async ({ served }) => {
		const machine = await bootMachine({ served: [served.uri!] });
		try {
			const said = await machine.run(`set -e
				mkdir /run/disk && mount /dev/vda1 /run/disk
				cat /run/disk/known
				echo changed > /run/disk/known && dd if=/dev/urandom of=/run/disk/new bs=1M count=4 status=none
				umount /run/disk && e2fsck -fn /dev/vda1 > /dev/null 2>&1 && mount /dev/vda1 /run/disk
				cat /run/disk/known && stat -c %s /run/disk/new
				umount /run/disk`);
			expect(said.trim().split('\n')).toEqual(['as it was imaged', 'changed', String(4 * mebibyte)]);
		} finally {
			machine.kill();
		}
	});
	expect(log.filter((line) => line.includes('cannot be read'))).toEqual([]);
	expect(createHash('sha256').update(readFileSync(image)).digest('hex')).toBe(before);
});
