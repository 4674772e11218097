import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ImageResult } from '../../src/engine/requests/image.ts';
import { afterimageResult } from '../support/cli.ts';
import { whileServing } from '../support/serving.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { makeBootableDisk, systemIsUp } from './support/bootable-disk.ts';
import { runGuest } from './support/guest.ts';

const temp = useTempFolder();
const sumOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

it.each(['BIOS', 'UEFI'] as const)(
	'a system starts by %s from a backup of its disk that is served',
	async (firmware) => {
		const disk = temp.file(`${firmware}.img`);
		await makeBootableDisk(disk, firmware, await temp.folder(firmware));
		const args = ['image', disk, '--to', await temp.folder(`${firmware}-images`)];
		const image = (await afterimageResult<ImageResult>(args)).files[0]!;
		const before = sumOf(image);
		const log = await whileServing([image], async ({ served }) => {
			const said = await runGuest(served.uri!, firmware);
			expect(said).toContain(systemIsUp);
			expect(said.includes('started by UEFI')).toBe(firmware === 'UEFI');
			expect(said).toContain('changed');
		});
		expect(log.filter((line) => line.includes('cannot be read'))).toEqual([]);
		expect(sumOf(image)).toBe(before);
	},
);
