import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageResult } from '../../src/engine/requests/image.ts';
import type { RescueMedium } from '../../src/rescue/make-rescue.ts';
import { sparseFile } from '../support/byte-files.ts';
import { afterimageResult } from '../support/cli.ts';
import { makeRawDisk } from '../support/raw-disk.ts';
import { run } from '../support/run.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { makeBootableDisk, systemIsUp } from './support/bootable-disk.ts';
import { ConsoleMachine, type ConsoleMachineOptions } from './support/console-machine.ts';
import { runGuest } from './support/guest.ts';
import { kernelFile } from './support/initramfs.ts';

const temp = useTempFolder();
const mebibyte = 2 ** 20;

/** An external disk with one file system of NTFS, as computers of Windows have them, that holds the files of a folder. */
async function externalDisk(path: string, folder: string): Promise<void> {
	const make = async (file: string) => {
		await run('mkntfs', ['-q', '-F', '-Q', '-L', 'Backups', file]);
		const mounted = await temp.folder(`${path.split('/').at(-1)!}-mounted`);
		await run('ntfs-3g', [file, mounted]);
		await run('cp', ['-r', folder, mounted]);
		await run('umount', [mounted]);
	};
	await makeRawDisk(path, 'gpt', 260, [{ start: 1, size: 256, type: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7', make }]);
}

describe('a rescue medium', () => {
	let medium: RescueMedium;

	beforeAll(async () => {
		medium = await afterimageResult<RescueMedium>([
			'rescue',
			'--to',
			temp.file('rescue.iso'),
			'--kernel',
			kernelFile(),
		]);
	});

	const cases: readonly (Pick<ConsoleMachineOptions, 'firmware'> & {
		kind: 'CD' | 'stick';
		system: 'BIOS' | 'UEFI';
	})[] = [
		{ firmware: 'BIOS', kind: 'stick', system: 'BIOS' },
		{ firmware: 'Secure Boot', kind: 'CD', system: 'UEFI' },
	];
	it.each(cases)(
		'starts by $firmware from a $kind and restores a system, which starts',
		{ timeout: 600_000 },
		async ({ firmware, kind, system }) => {
			expect(medium).toMatchObject({ bios: true, uefi: true, secureBoot: true });
			const disk = temp.file(`${system}.img`);
			await makeBootableDisk(disk, system, await temp.folder(system));
			const images = await temp.folder('Backups');
			await afterimageResult<ImageResult>(['image', disk, '--to', images, '--name', 'laptop']);
			const external = temp.file(`${system}-external.img`);
			await externalDisk(external, images);
			const target = await sparseFile(temp.file(`${system}-target.img`), 100 * mebibyte);

			const machine = new ConsoleMachine({ firmware, medium: { path: medium.path, kind }, disks: [external, target] });
			try {
				await machine.hear('The same over a serial line');
				await machine.press('s');
				expect(await machine.hear('Which set? [1]: ')).toMatch(
					/1 {2}\d{4}-\d\d-\d\d .*1 backup .*\/media\/vda1\/Backups/,
				);
				await machine.type('');
				await machine.hear('Which state is to be restored? [1]: ');
				await machine.type('');
				await machine.hear('What? [1]: ');
				await machine.type('');
				// The disk that holds the backup is the first, and refused.
				expect(await machine.hear('Onto which disk? [1]: ')).toMatch(/\/dev\/vda .*\/dev\/vdb /s);
				await machine.type('1');
				await machine.hear('Error: ');
				await machine.hear('Onto which disk? [1]: ');
				await machine.type('2');
				await machine.hear('Type /dev/vdb to go on');
				await machine.type('/dev/vdb');
				await machine.hear('Restored to /dev/vdb');
				await machine.hear('rescue:~#');
				await machine.type('dmesg | grep -c "Secure boot enabled"; poweroff');
				expect(await machine.hear('The system is going down')).toContain(
					firmware === 'Secure Boot' ? '\n1\r' : '\n0\r',
				);
				await machine.off();
			} finally {
				await machine.remove();
			}
			expect(await runGuest(target, system)).toContain(systemIsUp);
		},
	);
});
