import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { smallCpioArchive, type SmallEntry } from '../../../src/rescue/boot/cpio.ts';
import { copyOver, ext4From, fatFrom, makeRawDisk, patch } from '../../support/raw-disk.ts';
import { busybox, kernelFile, kernelModules } from './initramfs.ts';

/** What the system says on its console when it runs and all of its files have the sums that they had when it was made. */
export const systemIsUp = 'the system is up, its files are sound';

const sectorSize = 512;
const label = 'system';

/** Modules of the kernel by which the system finds its disk. */
const modules = ['virtio_pci', 'virtio_blk', 'ext4'];
const loaderModules = ['part_gpt', 'part_msdos', 'ext2', 'search', 'search_label', 'linux', 'normal', 'configfile'];

/** Bytes of an MBR that belong to a boot loader. */
const bootCode = 440;

/** Of both programs: commands, and the file systems of the kernel. */
const beginning = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
`;

const firstProgram = `${beginning}for module in $(cat /modules/order); do insmod "/modules/$module"; done
mount -t ext4 "$(findfs LABEL=${label})" /system
exec switch_root /system /sbin/init
`;

/** It looks at its own files, changes one as every system does, and switches itself off. */
const lastProgram = `${beginning}exec > /dev/ttyS0 2>&1
cd /
sha256sum -c -s /etc/sums && echo "${systemIsUp}"
[ -d /sys/firmware/efi ] && echo "started by UEFI"
echo changed > /etc/state && sync && cat /etc/state
poweroff -f
`;

const loaderMenu = `linux /boot/vmlinuz console=ttyS0 quiet panic=-1 mitigations=off
initrd /boot/initrd
boot
`;

const loaderStart = `search --set=root --label ${label}
configfile ($root)/boot/grub/grub.cfg
`;

/**
 * Makes a disk of 96 MiB with a Linux of its own that GRUB starts: by BIOS, from the gap behind an MBR, or by UEFI, from a partition
 * of a GPT. The system says {@link systemIsUp}, and `changed` when it could write to its disk.
 * @param folder to work in
 */
export async function makeBootableDisk(disk: string, firmware: 'BIOS' | 'UEFI', folder: string): Promise<void> {
	const system = { start: 32, size: 60, type: 'L', make: ext4From(makeSystem(folder), '-L', label) };
	if (firmware === 'UEFI') {
		const loader = { start: 1, size: 16, type: 'U', make: fatFrom(makeUefiFiles(folder), 16) };
		return makeRawDisk(disk, 'gpt', 96, [loader, system]);
	}
	await makeRawDisk(disk, 'dos', 96, [system]);
	await installInGap(disk, folder);
}

/** The files of the system. @returns their folder */
function makeSystem(folder: string): string {
	const root = join(folder, 'system');
	for (const name of ['bin', 'boot/grub', 'dev', 'etc', 'proc', 'sbin', 'sys']) {
		mkdirSync(join(root, name), { recursive: true });
	}
	copyFileSync(kernelFile(), join(root, 'boot/vmlinuz'));
	writeFileSync(join(root, 'boot/initrd'), initialFiles());
	writeFileSync(join(root, 'boot/grub/grub.cfg'), loaderMenu);
	writeFileSync(join(root, 'bin/busybox'), busybox(), { mode: 0o755 });
	writeFileSync(join(root, 'sbin/init'), lastProgram, { mode: 0o755 });
	const files = ['boot/vmlinuz', 'boot/initrd', 'boot/grub/grub.cfg', 'bin/busybox', 'sbin/init'];
	writeFileSync(join(root, 'etc/sums'), execFileSync('sha256sum', files, { cwd: root }));
	return root;
}

function initialFiles(): Buffer {
	const files = kernelModules(modules);
	const program = (path: string, text: Uint8Array): SmallEntry => ({ kind: 'text', path, text, mode: 0o755 });
	return smallCpioArchive([
		...['bin', 'dev', 'modules', 'proc', 'sys', 'system'].map((path): SmallEntry => ({ kind: 'folder', path })),
		program('bin/busybox', busybox()),
		program('init', Buffer.from(firstProgram)),
		program('modules/order', Buffer.from(files.map(({ name }) => name).join('\n'))),
		...files.map(({ name, data }) => program(`modules/${name}`, data)),
	]);
}

/** The files of an EFI system partition. @returns their folder */
function makeUefiFiles(folder: string): string {
	const root = join(folder, 'uefi');
	mkdirSync(join(root, 'EFI/BOOT'), { recursive: true });
	makeLoader('x86_64-efi', ['fat'], join(root, 'EFI/BOOT/BOOTX64.EFI'), folder);
	return root;
}

/** Writes GRUB where grub-install does, which takes block devices: these files expect each other one sector after the other. */
async function installInGap(disk: string, folder: string): Promise<void> {
	const loader = join(folder, 'core.img');
	makeLoader('i386-pc', ['biosdisk'], loader, folder);
	await copyOver(loader, disk, sectorSize);
	await patch(disk, 0, readFileSync('/usr/lib/grub/i386-pc/boot.img').subarray(0, bootCode));
}

function makeLoader(format: string, more: readonly string[], to: string, folder: string): void {
	const start = join(folder, 'start.cfg');
	writeFileSync(start, loaderStart);
	execFileSync('grub-mkimage', ['-O', format, '-c', start, '-p', '/boot/grub', '-o', to, ...loaderModules, ...more]);
}
