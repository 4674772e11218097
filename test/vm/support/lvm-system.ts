import type { Machine } from './machine.ts';
import { project } from './initramfs.ts';

/** Sizes of the volumes of {@link makeLvmSystem} as LVM writes them; XFS takes no less for `data`. */
const volumes = { root: '160m', data: '304m', swap: '16m' } as const;

/** Making file systems takes its time, the more so beside other work. */
const patience = { timeout: 300_000 };

/**
 * Makes the disk one that a Linux is installed on: a GPT; `/boot` (ext4, 64 MiB) in the first partition, the group `vg0` in the
 * second; in that the volumes `root` (ext4), `data` (XFS) and `swap`. The rest of the group is free, for snapshots.
 * @param disk device in the machine, of 640 MiB at least
 */
export async function makeLvmSystem(machine: Machine, disk = '/dev/vda'): Promise<void> {
	await machine.run(`set -e
		printf 'label: gpt\\nsize=64M\\ntype=lvm\\n' | sfdisk --quiet ${disk}
		udevadm settle`);
	await makeSystemOn(machine, `${disk}1`, `${disk}2`);
}

/** Makes `/boot` and the group `vg0` of {@link makeLvmSystem} on devices that are there. */
export async function makeSystemOn(machine: Machine, boot: string, physical: string): Promise<void> {
	await machine.run(
		`set -e
		pvcreate -q ${physical}
		vgcreate -q vg0 ${physical}
		${Object.entries(volumes)
			.map(([name, size]) => `lvcreate -q -y -n ${name} -L ${size} vg0`)
			.join('\n')}
		mkfs.ext4 -q ${boot}
		mkfs.ext4 -q /dev/vg0/root
		mkfs.xfs -q /dev/vg0/data
		mkswap -q /dev/vg0/swap
		mkdir -p /system
		mount /dev/vg0/root /system
		mkdir -p /system/{boot,dev,etc,home,host,opt,proc,root,run,srv,sys,tmp,usr,var}
		for folder in /bin /sbin /lib*; do
			if [ -L $folder ]; then cp -P $folder /system; else mkdir /system$folder; fi
		done
		echo before > /system/home/notes.txt
		head -c 8M /dev/urandom > /system/home/random
		mount /dev/vg0/data /system/srv
		echo before > /system/srv/notes.txt
		umount -R /system`,
		patience,
	);
}

/**
 * Starts the system of {@link makeLvmSystem}, or what was restored of one: from then on `/` of every command is the volume `root`,
 * `/srv` is `data`. Programs, `/etc` and this project come from the host, each a mount of its own.
 * @param boot device of `/boot`
 */
export async function startLvmSystem(machine: Machine, boot = '/dev/vda1'): Promise<void> {
	await machine.run(`set -e
		vgchange -q -ay vg0
		mkdir -p /system
		mount /dev/vg0/root /system
		mount /dev/vg0/data /system/srv
		mount ${boot} /system/boot
		swapon /dev/vg0/swap
		for folder in /bin /sbin /lib* /usr /etc /opt; do [ -L $folder ] || mount --rbind $folder /system$folder; done
		for folder in /dev /proc /sys /run /tmp; do mount -n --move $folder /system$folder; done
		if [ ! -e /system${project}/package.json ]; then
			mkdir -p /system${project}
			mount -n --move ${project} /system${project}
		fi
		cd /system
		pivot_root . host
		umount -l /host`);
}
