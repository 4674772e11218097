import { makeSystemOn, startLvmSystem } from './lvm-system.ts';
import type { Machine } from './machine.ts';

/** What the LUKS container of {@link makeEncryptedSystem} is opened as. */
export const container = '/dev/mapper/vda3_crypt';

/**
 * Makes /dev/vda what the installers of Debian and Ubuntu make of an encrypted laptop: a GPT; the EFI system partition, `/boot` (ext4)
 * and a LUKS2 container, in which the group `vg0` of `lvm-system.ts` is.
 */
export async function makeEncryptedSystem(machine: Machine): Promise<void> {
	await machine.run(`set -e
		modprobe -a dm_crypt vfat nls_ascii
		printf 'label: gpt\\nsize=48M,type=U\\nsize=64M\\ntype=L\\n' | sfdisk --quiet /dev/vda
		udevadm settle
		mkfs.fat -F 32 /dev/vda1 > /dev/null
		printf secret | cryptsetup luksFormat --batch-mode --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file - /dev/vda3`);
	await openContainer(machine);
	await makeSystemOn(machine, '/dev/vda2', container);
}

/** Opens the container, as a system does when it starts. */
export async function openContainer(machine: Machine): Promise<void> {
	await machine.run(`set -e
		modprobe -a dm_crypt vfat nls_ascii
		printf secret | cryptsetup open --key-file - /dev/vda3 vda3_crypt
		udevadm settle`);
}

/** Starts the system, whose container is open: see {@link startLvmSystem}. */
export async function startEncryptedSystem(machine: Machine): Promise<void> {
	await startLvmSystem(machine, '/dev/vda2');
	await machine.run('mkdir -p /boot/efi && mount /dev/vda1 /boot/efi');
}
