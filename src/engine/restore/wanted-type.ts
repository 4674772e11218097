import type { Partition } from '../../disk/partition-table/layout.ts';
import { mbrTypeName } from '../../disk/partition-table/mbr/types.ts';

/** A kind of partition, as Windows and Linux look for it. */
interface Wanted {
	/** How a GPT calls it, and an MBR. */
	readonly names: readonly [gpt: string, mbr: string];
	/** Type bytes of an MBR; a GPT type counts as the one that stands for the same. */
	readonly types: readonly number[];
}

const linux: Wanted = { names: ['Linux filesystem', 'Linux filesystem (83)'], types: [0x83, 0xea] };
const windows: Wanted = { names: ['Basic data', 'NTFS or exFAT (07)'], types: [0x07, 0x17, 0x27] };
const fat: Wanted = {
	names: ['Basic data', 'FAT32 (0c)'],
	types: [0x01, 0x04, 0x06, 0x0b, 0x0c, 0x0e, 0x1b, 0x1c, 0xef],
};

const wanted: Readonly<Record<string, Wanted>> = {
	ext2: linux,
	ext3: linux,
	ext4: linux,
	XFS: linux,
	Btrfs: linux,
	NTFS: windows,
	exFAT: windows,
	BitLocker: windows,
	FAT12: fat,
	FAT16: fat,
	FAT32: fat,
	swap: { names: ['Linux swap', 'Linux swap (82)'], types: [0x82] },
	'LVM2 physical volume': { names: ['Linux LVM', 'Linux LVM (8e)'], types: [0x8e] },
};

/**
 * Says when a partition's type is none by which its new contents are looked for.
 * @param imagedType type byte that the partition had on the imaged disk, which nobody objects to
 */
export function typeObjection(
	fileSystem: string,
	{ number, typeName, typeId, entry }: Partition,
	imagedType: number,
): string | undefined {
	const isGpt = typeId.includes('-');
	const known = wanted[fileSystem];
	if (known === undefined ? entry.type === imagedType : isWanted(fileSystem, known, entry.type, isGpt))
		return undefined;
	const usual = known?.names[isGpt ? 0 : 1] ?? `as on the imaged disk (${mbrTypeName(imagedType)})`;
	return (
		`Partition ${number} has the type ${typeName}, which stays; ${fileSystem} is looked for in partitions of the type ` +
		`${usual}: set it with sgdisk, sfdisk or diskpart`
	);
}

function isWanted(fileSystem: string, { types }: Wanted, type: number, isGpt: boolean): boolean {
	// A GPT has one type for all file systems of Windows.
	return types.includes(type) || (isGpt && type === 0x07 && fileSystem.startsWith('FAT'));
}
