/** A file by which loaders know the medium: Debian's signed GRUB looks for it too. */
export const markFile = '.disk/info';

/** What a GRUB reads first: it finds the medium, and the menu on it. */
export const earlyMenu = `search --no-floppy --file --set=root /${markFile}
set prefix=($root)/boot/grub
configfile ($root)/boot/grub/grub.cfg
`;

const options = 'rdinit=/init panic=30';

/**
 * The menu of a rescue medium. The last console that the kernel is told is the one that the session runs on, and a computer need not have a
 * serial port: so that is an entry of its own, which S chooses, on the screen or over the line.
 */
export const menu = `set default=0
set timeout=5
if serial --unit=0 --speed=115200; then
	terminal_input --append serial
	terminal_output --append serial
fi
insmod all_video
set gfxpayload=keep

menuentry "Afterimage: restore backups" --hotkey=r {
	linux /boot/vmlinuz ${options} quiet loglevel=3
	initrd /boot/initrd
}
menuentry "The same over a serial line (S)" --hotkey=s {
	linux /boot/vmlinuz ${options} quiet loglevel=3 console=tty0 console=ttyS0,115200
	initrd /boot/initrd
}
menuentry "The same with a plain screen and all messages" --hotkey=p {
	linux /boot/vmlinuz ${options} nomodeset
	initrd /boot/initrd
}
menuentry "Start from the next disk" --hotkey=n {
	exit
}
menuentry "Switch off" {
	halt
}
`;
