import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import { needProgram, runProgram } from '../host/tools.ts';
import { earlyMenu } from './menu.ts';

/** What starts a rescue medium. */
export interface Loaders {
	/** By BIOS: GRUB, and the sector by which it starts from a stick. */
	readonly bios: { readonly image: string; readonly sector: string } | undefined;
	/** By UEFI: the image of a FAT file system. `signed`: firmware with Secure Boot takes it. */
	readonly efi: { readonly image: string; readonly signed: boolean } | undefined;
}

const grub = '/usr/lib/grub';
const common = [
	'iso9660',
	'part_gpt',
	'part_msdos',
	'search',
	'search_fs_file',
	'search_label',
	'linux',
	'normal',
	'configfile',
];
const screen = ['all_video', 'gfxterm', 'serial', 'terminal', 'echo', 'test', 'halt', 'reboot', 'sleep', 'fat'];

/** Debian's and Ubuntu's signed loaders: shim, which Microsoft has signed, and the GRUB that it trusts. */
const signedFiles = {
	'BOOTX64.EFI': '/usr/lib/shim/shimx64.efi.signed',
	'grubx64.efi': `${grub}/x86_64-efi-signed/gcdx64.efi.signed`,
	'mmx64.efi': '/usr/lib/shim/mmx64.efi.signed',
};

/**
 * Makes the loaders that this machine has the parts for.
 * @param folder to make them in
 * @throws AfterimageError `not-supported` where it has those of neither kind
 */
export async function makeLoaders(folder: string, signal: AbortSignal): Promise<Loaders> {
	const bios = existsSync(`${grub}/i386-pc/boot_hybrid.img`) ? await makeBios(folder, signal) : undefined;
	const signed = Object.values(signedFiles).every((path) => existsSync(path));
	const efi = signed || existsSync(`${grub}/x86_64-efi/linux.mod`) ? await makeEfi(folder, signed, signal) : undefined;
	if (bios !== undefined || efi !== undefined) return { bios, efi };
	throw new AfterimageError('not-supported', `No boot loader was found in ${grub}`, {
		advice: 'Install GRUB (on Debian and Ubuntu: apt-get install grub-pc-bin grub-efi-amd64-bin).',
	});
}

async function makeBios(folder: string, signal: AbortSignal): Promise<NonNullable<Loaders['bios']>> {
	const image = join(folder, 'bios.img');
	const modules = ['biosdisk', 'vbe', 'vga', ...common, ...screen];
	await grubImage('i386-pc-eltorito', image, modules, folder, signal);
	return { image, sector: `${grub}/i386-pc/boot_hybrid.img` };
}

async function makeEfi(folder: string, signed: boolean, signal: AbortSignal): Promise<NonNullable<Loaders['efi']>> {
	const files = join(folder, 'efi-files');
	mkdirSync(join(files, 'EFI/BOOT'), { recursive: true });
	if (signed) {
		for (const [name, path] of Object.entries(signedFiles)) copyFileSync(path, join(files, 'EFI/BOOT', name));
		// Where the signed GRUB looks first, and the folders that those of other distributions look into.
		for (const place of ['EFI/BOOT', 'EFI/debian', 'EFI/ubuntu', 'boot/grub']) {
			mkdirSync(join(files, place), { recursive: true });
			writeFileSync(join(files, place, 'grub.cfg'), earlyMenu);
		}
	} else {
		await grubImage(
			'x86_64-efi',
			join(files, 'EFI/BOOT/BOOTX64.EFI'),
			['efi_gop', 'efi_uga', ...common, ...screen],
			folder,
			signal,
		);
	}
	const image = join(folder, 'efi.img');
	// 8 MiB hold the signed loaders twice over.
	await runProgram(
		needProgram('mformat', 'mtools'),
		['-C', '-i', image, '-T', '16384', '-h', '2', '-s', '32', '-v', 'EFI', '::'],
		signal,
	);
	const tops = signed ? ['EFI', 'boot'] : ['EFI'];
	await runProgram(
		needProgram('mcopy', 'mtools'),
		['-s', '-i', image, ...tops.map((name) => join(files, name)), '::/'],
		signal,
	);
	return { image, signed };
}

/** A GRUB of one file, which finds the medium by a file on it. */
async function grubImage(
	format: string,
	image: string,
	modules: readonly string[],
	folder: string,
	signal: AbortSignal,
): Promise<void> {
	const early = join(folder, 'early.cfg');
	writeFileSync(early, earlyMenu);
	const program = needProgram('grub-mkimage', 'grub-common');
	await runProgram(program, ['-O', format, '-o', image, '-c', early, '-p', '/boot/grub', ...modules], signal);
}
