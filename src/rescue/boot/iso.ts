import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needProgram, runProgram } from '../host/tools.ts';
import type { Loaders } from './loaders.ts';
import { markFile, menu } from './menu.ts';

/** What an ISO image of a rescue medium is made of. */
export interface IsoParts {
	readonly kernel: string;
	readonly initramfs: string;
	readonly loaders: Loaders;
	/** For the file that marks the medium. */
	readonly title: string;
}

/**
 * Writes an ISO image that starts from a CD and, copied onto a stick as it is, from that: by BIOS through El Torito and GRUB's first sector, by
 * UEFI through a FAT image that also is a partition (the manual of xorrisofs, "Bootable ISO images").
 * @param folder to work in
 */
export async function writeIso(path: string, parts: IsoParts, folder: string, signal: AbortSignal): Promise<void> {
	const { bios, efi } = parts.loaders;
	const menuFile = join(folder, 'grub.cfg');
	const mark = join(folder, 'info');
	writeFileSync(menuFile, menu);
	writeFileSync(mark, `${parts.title}\n`);
	const files = [
		graft('boot/vmlinuz', parts.kernel),
		graft('boot/initrd', parts.initramfs),
		graft('boot/grub/grub.cfg', menuFile),
		graft(markFile, mark),
		...(bios === undefined ? [] : [graft('boot/grub/bios.img', bios.image)]),
	];
	const byBios =
		bios === undefined
			? []
			: [
					...['-b', 'boot/grub/bios.img', '-no-emul-boot', '-boot-load-size', '4', '-boot-info-table'],
					...['--grub2-boot-info', '--grub2-mbr', bios.sector, '--protective-msdos-label'],
				];
	const byUefi =
		efi === undefined
			? []
			: [
					...['-append_partition', '2', '0xef', efi.image, '-appended_part_as_gpt'],
					...(bios === undefined ? [] : ['-eltorito-alt-boot']),
					...['-e', '--interval:appended_partition_2:all::', '-no-emul-boot'],
				];
	const args = [
		'-as',
		'mkisofs',
		'-quiet',
		'-r',
		'-V',
		'AFTERIMAGE',
		'-o',
		path,
		...byBios,
		...byUefi,
		'-graft-points',
		...files,
	];
	await runProgram(needProgram('xorriso', 'xorriso'), args, signal);
}

/** A file and its place, in the words of mkisofs. */
function graft(place: string, source: string): string {
	return `${place}=${source.replaceAll(/[\\=]/g, '\\$&')}`;
}
