import { programFolder } from '../host/own-program.ts';

/*
 * All but the first are for bash: the shell of busybox takes its own commands before programs of the same name, and its mount
 * knows fewer file systems.
 */

/** Where the medium shows file systems that hold backups. */
export const backupsFolder = '/media';

/** The first program: what all others need, then the init of busybox. */
export const init = `#!/usr/bin/busybox sh
/usr/bin/busybox mkdir -p /proc /sys /dev /run /tmp /root ${backupsFolder}
/usr/bin/busybox mount -t proc proc /proc
/usr/bin/busybox mount -t sysfs sysfs /sys
/usr/bin/busybox mount -t devtmpfs devtmpfs /dev
/usr/bin/busybox mkdir -p /dev/pts /dev/shm
/usr/bin/busybox mount -t devpts devpts /dev/pts
/usr/bin/busybox mount -t tmpfs tmpfs /run
export PATH=/usr/bin HOME=/root TERM=linux
exec /usr/bin/busybox init
`;

/** One session on the console, a shell behind Alt+F2 and Alt+F3. */
export const inittab = `::sysinit:/etc/rescue/start
::respawn:/usr/bin/cttyhack /etc/rescue/session
tty2::askfirst:/usr/bin/bash -l
tty3::askfirst:/usr/bin/bash -l
::ctrlaltdel:/usr/bin/reboot
::shutdown:/etc/rescue/stop
`;

/** Loads drivers, waits for disks, which a USB bus finds after seconds, and makes arrays and volumes known. */
export const start = `#!/usr/bin/bash
hostname rescue
ip link set lo up
[ -s /etc/rescue/keymap ] && loadkmap < /etc/rescue/keymap
echo 'Looking for disks…'
modprobe -abq loop fuse dm-mod dm-crypt md-mod usb-storage uas sd_mod sr_mod usbhid hid-generic virtio_blk virtio_scsi nvme ahci
before=none
quiet=0
for second in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
	find /sys/devices -name modalias -exec cat {} + 2> /dev/null | sort -u | xargs modprobe -abq 2> /dev/null
	now=$(cat /proc/partitions)
	if [ "$now" = "$before" ]; then quiet=$((quiet + 1)); else quiet=0; fi
	[ $quiet -ge 2 ] && break
	before=$now
	sleep 1
done
command -v mdadm > /dev/null && mdadm --assemble --scan --readonly > /dev/null 2>&1
command -v vgchange > /dev/null && vgchange --activate y > /dev/null 2>&1
true
`;

/** Before the computer is switched off: shares and disks with backups are let go of. */
export const stop = `#!/usr/bin/bash
sync
for at in ${backupsFolder}/*; do umount "$at" 2> /dev/null; done
true
`;

/** What a person meets: the backups that were found, and the question what is to be restored. */
export const session = `#!/usr/bin/bash
. /etc/profile
cat /etc/motd
if [ ! -e /run/asked ]; then
	touch /run/asked
	recover
fi
exec bash -l
`;

/**
 * Looks for backups: shows each file system that has some at /media/DEVICE, read-only, and lets go of all others, so that
 * their disks can be restored to. The first look replays no journal.
 */
export const findBackups = `#!/usr/bin/bash
look() {
	device=$1
	at=${backupsFolder}/$(basename "$device")
	grep -q " $at " /proc/mounts && return
	type=$(blkid -o value -s TYPE "$device" 2> /dev/null)
	case $type in
		ext2) options=ro ;;
		ext3 | ext4) options=ro,noload ;;
		xfs) options=ro,norecovery,nouuid ;;
		btrfs | vfat | exfat | f2fs | iso9660 | udf | hfsplus) options=ro ;;
		ntfs) options=ro ;;
		*) return ;;
	esac
	mkdir -p "$at"
	if mount_as "$type" "$options" && [ -n "$(find "$at" -xdev -maxdepth 6 -iname '*.mrimgx' 2> /dev/null | head -n 1)" ]; then
		# Backups whose file system was not unmounted are seen as they are once its journal is replayed.
		case $options in
			*noload | *norecovery*) umount "$at" && { mount_as "$type" ro || mount_as "$type" "$options"; } ;;
		esac
		return
	fi
	umount "$at" 2> /dev/null
	rmdir "$at" 2> /dev/null
}
mount_as() {
	if [ "$1" = ntfs ]; then
		mount -t ntfs3 -o "$2" "$device" "$at" 2> /dev/null || ntfs-3g -o "$2" "$device" "$at" 2> /dev/null
	else
		mount -t "$1" -o "$2" "$device" "$at" 2> /dev/null
	fi
}
for name in $(awk 'NR > 2 { print $4 }' /proc/partitions); do
	case $name in
		loop* | ram* | zram* | dm-*) ;;
		*) look "/dev/$name" ;;
	esac
done
for volume in /dev/mapper/*; do
	[ "$volume" != /dev/mapper/control ] && [ -e "$volume" ] && look "$volume"
done
# What holds no backups keeps no disk from being restored to.
command -v vgchange > /dev/null && vgchange --activate n > /dev/null 2>&1
command -v mdadm > /dev/null && for array in /dev/md?*; do
	[ -b "$array" ] && mdadm --stop "$array" > /dev/null 2>&1
done
true
`;

export const recover = `#!/usr/bin/bash
find-backups
afterimage recover "$@" ${backupsFolder}
code=$?
echo
echo 'Type "recover" to begin again, "reboot" to restart, "commands" for what else there is.'
exit $code
`;

/** Brings the network up: an address by DHCP for each card that has a cable. */
export const network = `#!/usr/bin/bash
for path in /sys/class/net/*; do
	name=$(basename "$path")
	[ "$name" = lo ] && continue
	ip link set "$name" up
done
sleep 3
for path in /sys/class/net/*; do
	name=$(basename "$path")
	[ "$name" = lo ] && continue
	[ "$(cat "$path/carrier" 2> /dev/null)" = 1 ] || { echo "$name: no cable"; continue; }
	udhcpc -i "$name" -n -q -t 5 -s /etc/rescue/dhcp > /dev/null 2>&1 || echo "$name: no answer by DHCP"
	ip -4 -o addr show dev "$name" | awk '{ print $2 ": " $4 }'
done
`;

/** What udhcpc calls with an address. */
export const dhcp = `#!/usr/bin/bash
case $1 in
	deconfig) ip addr flush dev "$interface" ;;
	bound | renew)
		ip addr flush dev "$interface"
		ip addr add "$ip/\${mask:-24}" dev "$interface"
		for gateway in $router; do ip route replace default via "$gateway" && break; done
		for server in $dns; do echo "nameserver $server"; done > /etc/resolv.conf
		;;
esac
true
`;

/** Mounts a share of the network at /media/share. Passwords are asked for by the program that needs them. */
export const share = `#!/usr/bin/bash
usage() {
	echo 'share //SERVER/SHARE [USER]   a share of Windows or Samba' >&2
	echo 'share SERVER:/FOLDER          NFS' >&2
	echo 'share USER@SERVER:/FOLDER     by SSH' >&2
	exit 2
}
[ $# -ge 1 ] || usage
ip -4 route | grep -q . || network
at=${backupsFolder}/share
mkdir -p "$at"
case $1 in
	//*) kind=cifs; tool=mount.cifs ;;
	*@*:/*) kind=sshfs; tool=sshfs ;;
	*:/*) kind=nfs; tool=mount.nfs ;;
	*) usage ;;
esac
command -v $tool > /dev/null || { echo "This medium was made without $tool." >&2; exit 1; }
case $kind in
	cifs) mount.cifs "$1" "$at" -o "ro,username=\${2:-guest}" ;;
	sshfs) sshfs -o ro,reconnect "$1" "$at" ;;
	nfs) mount.nfs "$1" "$at" -o ro,nolock ;;
esac && echo "$1 is at $at: type recover"
`;

export const afterimage = `#!/usr/bin/bash
exec /${programFolder}/node /${programFolder}/afterimage.mjs "$@"
`;

export const commands = `#!/usr/bin/bash
cat << 'END'
recover                       look for backups on all disks, and restore step by step
share //SERVER/SHARE USER     open a share of the network that has backups; then recover
share SERVER:/FOLDER          the same by NFS; USER@SERVER:/FOLDER by SSH
network                       addresses by DHCP, for all cards with a cable
cryptsetup open /dev/sdb1 x   open an encrypted disk that has backups; then recover
afterimage disks              disks and partitions of this computer
afterimage restore IMAGE --to /dev/sda --partition 2    one partition; see afterimage restore --help
afterimage files IMAGE        look into a backup; afterimage extract copies out of it
reboot, poweroff              the end; Alt+F2 and Alt+F3 are further shells
END
`;

export const profile = `export PATH=/usr/bin HOME=/root
[ "$TERM" = dumb ] || [ -z "$TERM" ] && export TERM=linux
PS1='rescue:\\w# '
cd /root
`;

/** Without device manager: LVM does not wait for one. */
export const lvmConfig = `activation {
	udev_sync = 0
	udev_rules = 0
}
devices {
	obtain_device_list_from_udev = 0
}
`;
