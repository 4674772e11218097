import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { afterimageJson } from '../../support/cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { mbrSector } from '../../unit/disk/small-disks.ts';

it('refuses a later backup of the same set as the target of a restore', async () => {
	const root = tempFolder();
	const [disk, folder] = [join(root, 'disk.img'), join(root, 'images')];
	mkdirSync(folder);
	// Noise all through, so that the incremental is larger than the disk: its size alone refuses nothing. By the table the
	// second image is known to be one of the same disk.
	const size = 1 << 20;
	const table = mbrSector([{ type: 0x83, firstLba: 1, sectors: size / 512 - 1 }], 0x12345678);
	const image = async (type: string): Promise<string> => {
		writeFileSync(disk, Buffer.concat([table, randomBytes(size - table.length)]));
		const lines = await afterimageJson(['image', disk, '--to', folder, '--type', type]);
		return (lines.at(-1) as unknown as { files: string[] }).files[0]!;
	};
	const full = await image('full');
	const incremental = await image('inc');
	const before = readFileSync(incremental);
	expect(before.length).toBeGreaterThan(size);
	const lines = await afterimageJson(['restore', full, '--to', incremental, '--yes'], 1);
	expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'target-in-use' });
	expect(readFileSync(incremental).equals(before)).toBe(true);
});
