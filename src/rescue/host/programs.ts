import { basename } from 'node:path';
import { fileEntry, type MediumEntry } from '../medium/entries.ts';
import { findProgram, needProgram, runProgram } from './tools.ts';

/** What a rescue medium cannot do without, and the packages of Debian and Ubuntu that have it. */
const needed: Readonly<Record<string, string>> = {
	busybox: 'busybox',
	bash: 'bash',
	modprobe: 'kmod',
	blkid: 'util-linux',
	mount: 'mount',
	umount: 'mount',
};

/** What a rescue medium can do with programs that this machine need not have. */
export interface Ability {
	/** As a person says it: "volumes of LVM". */
	readonly what: string;
	/** Without one of these it cannot. */
	readonly programs: readonly string[];
	/** What comes along where it is there. */
	readonly besides?: readonly string[];
	readonly packageName: string;
}

const abilities: readonly Ability[] = [
	{ what: 'volumes of LVM', programs: ['lvm', 'vgchange'], besides: ['lvs', 'vgs', 'pvs'], packageName: 'lvm2' },
	{ what: 'RAID arrays', programs: ['mdadm'], packageName: 'mdadm' },
	{ what: 'encrypted disks (LUKS)', programs: ['cryptsetup'], packageName: 'cryptsetup-bin' },
	{ what: 'backups on shares of Windows', programs: ['mount.cifs'], packageName: 'cifs-utils' },
	{ what: 'backups on NFS', programs: ['mount.nfs'], besides: ['mount.nfs4'], packageName: 'nfs-common' },
	{
		what: 'backups over SSH',
		programs: ['sshfs', 'ssh', 'fusermount3'],
		besides: ['mount.fuse3'],
		packageName: 'sshfs',
	},
];

/** What helps people who know it, where it is there. */
const welcome = [
	...['lsblk', 'losetup', 'wipefs', 'findmnt', 'sfdisk', 'blockdev', 'dmesg', 'efibootmgr', 'sgdisk', 'parted'],
	...['e2fsck', 'resize2fs', 'tune2fs', 'xfs_repair', 'xfs_admin', 'btrfs', 'btrfstune', 'fsck.fat', 'fsck.exfat'],
	...['ntfs-3g', 'mount.ntfs-3g', 'ntfsfix', 'ntfsresize', 'smartctl', 'dmsetup', 'less'],
];

/** Programs of this machine for a rescue medium, with their libraries, and what it will not be able to do for want of some. */
export async function programEntries(
	signal: AbortSignal,
): Promise<{ readonly entries: readonly MediumEntry[]; readonly lacking: readonly Ability[] }> {
	for (const [name, packageName] of Object.entries(needed)) needProgram(name, packageName);
	const lacking = abilities.filter(({ programs }) => programs.some((name) => findProgram(name) === undefined));
	const able = abilities.filter((ability) => !lacking.includes(ability));
	const names = [
		...Object.keys(needed),
		...able.flatMap(({ programs, besides = [] }) => [...programs, ...besides]),
		...welcome,
	];
	const entries: MediumEntry[] = [];
	const copied = new Map<string, string>();
	for (const name of names) {
		const program = findProgram(name);
		if (program === undefined) continue;
		const first = copied.get(program.real);
		if (first === undefined) {
			copied.set(program.real, name);
			entries.push(fileEntry(`usr/bin/${name}`, program.real, 0o755));
			entries.push(...(await libraryEntries(program.real, signal)));
		} else if (first !== name) {
			entries.push({ kind: 'link', path: `usr/bin/${name}`, target: first });
		}
	}
	return { entries, lacking };
}

/**
 * The libraries that a program is linked with, in the places where its loader looks for them, and that loader. None of a program that
 * is linked with none.
 * @throws AfterimageError `failed` where ldd fails, `cancelled`
 */
export async function libraryEntries(program: string, signal: AbortSignal): Promise<readonly MediumEntry[]> {
	const text = await runProgram(needProgram('ldd', 'libc-bin'), [program], signal).catch((error: unknown) => {
		// So it ends for scripts and for what is linked statically; anything else would leave a program that does not start.
		if (!(error instanceof Error) || !/not a (valid )?dynamic/i.test(error.message)) throw error;
		return Buffer.alloc(0);
	});
	return librariesIn(text.toString('utf8')).map((path) => fileEntry(path.slice(1), path, 0o755));
}

/** Paths in what ldd says: `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)`, `/lib64/ld-linux-x86-64.so.2 (0x…)`. */
export function librariesIn(text: string): readonly string[] {
	return [...text.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/gm)].map(([, path]) => path!);
}

/** Commands of busybox that no program of the machine stands for, as links. @param list what `busybox --list` says */
export function busyboxLinks(list: string, taken: ReadonlySet<string>): readonly MediumEntry[] {
	return list
		.split('\n')
		.map((name) => name.trim())
		.filter((name) => /^[\w[.-]+$/.test(name) && name !== 'busybox' && !taken.has(`usr/bin/${name}`))
		.map((name) => ({ kind: 'link', path: `usr/bin/${basename(name)}`, target: 'busybox' }));
}
