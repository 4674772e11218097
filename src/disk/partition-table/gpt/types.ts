/** GPT partition types that the product knows by name. UEFI 2.10 table 5.7, Microsoft's PARTITION_INFORMATION_GPT, the Discoverable Partitions Specification. */
export const gptTypes = {
	efiSystem: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B',
	microsoftReserved: 'E3C9E316-0B5C-4DB8-817D-F92DF00215AE',
	basicData: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7',
	ldmMetadata: '5808C8AA-7E8F-42E0-85D2-E1E90434CFB3',
	ldmData: 'AF9B60A0-1431-4F62-BC68-3311714A69AD',
	storageSpaces: 'E75CAF8F-F680-4CEE-AFA3-B001E56EFC2D',
	biosBoot: '21686148-6449-6E6F-744E-656564454649',
} as const;

/** Name, and the type byte by which an MBR disk would call the same thing (0: none). */
const known: Readonly<Record<string, readonly [name: string, mbrType: number]>> = {
	[gptTypes.efiSystem]: ['EFI system', 0xef],
	[gptTypes.microsoftReserved]: ['Microsoft reserved', 0],
	[gptTypes.basicData]: ['Basic data', 0x07],
	[gptTypes.ldmMetadata]: ['Windows dynamic disk metadata', 0x42],
	[gptTypes.ldmData]: ['Windows dynamic disk data', 0x42],
	'DE94BBA4-06D1-4D40-A16A-BFD50179D6AC': ['Windows recovery', 0x27],
	[gptTypes.storageSpaces]: ['Windows Storage Spaces', 0],
	'558D43C5-A1AC-43C0-AAC8-D1472B2923D1': ['Windows Storage Replica', 0],
	'37AFFC90-EF7D-4E96-91C3-2D7AE055B174': ['IBM GPFS', 0],
	'024DEE41-33E7-11D3-9D69-0008C781F39F': ['MBR partition scheme', 0],
	[gptTypes.biosBoot]: ['BIOS boot', 0],
	'0FC63DAF-8483-4772-8E79-3D69D8477DE4': ['Linux filesystem', 0x83],
	'44479540-F297-41B2-9AF7-D131D5F0458A': ['Linux root (x86)', 0x83],
	'4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709': ['Linux root (x86-64)', 0x83],
	'69DAD710-2CE4-4E3C-B16C-21A1D49ABED3': ['Linux root (ARM)', 0x83],
	'B921B045-1DF0-41C3-AF44-4C6F280D3FAE': ['Linux root (ARM64)', 0x83],
	'8484680C-9521-48C6-9C11-B0720656F69E': ['Linux /usr (x86-64)', 0x83],
	'933AC7E1-2EB4-4F13-B844-0E14E2AEF915': ['Linux home', 0x83],
	'3B8F8425-20E0-4F3B-907F-1A25A76F98E8': ['Linux server data', 0x83],
	'4D21B016-B534-45C2-A9FB-5C16E091FD2D': ['Linux variable data', 0x83],
	'7EC6F557-3BC5-4ACA-B293-16EF5DF639D1': ['Linux temporary data', 0x83],
	'BC13C2FF-59E6-4262-A352-B275FD6F7172': ['Linux extended boot', 0xea],
	'0657FD6D-A4AB-43C4-84E5-0933C84B4F4F': ['Linux swap', 0x82],
	'E6D6D379-F507-44C2-A23C-238F2A3DF928': ['Linux LVM', 0x8e],
	'A19D880F-05FC-4D3B-A006-743F0F84911E': ['Linux RAID', 0xfd],
	'CA7D7CCB-63ED-4C53-861C-1742536059CC': ['Linux LUKS', 0],
	'8DA63339-0007-60C0-C436-083AC8230908': ['Linux reserved', 0],
	'48465300-0000-11AA-AA11-00306543ECAC': ['Apple HFS or HFS+', 0xaf],
	'7C3457EF-0000-11AA-AA11-00306543ECAC': ['Apple APFS', 0],
	'426F6F74-0000-11AA-AA11-00306543ECAC': ['Apple boot', 0xab],
	'53746F72-6167-11AA-AA11-00306543ECAC': ['Apple Core Storage', 0],
	'6A898CC3-1DD2-11B2-99A6-080020736631': ['ZFS or Solaris /usr', 0xbf],
	'516E7CB6-6ECF-11D6-8FF8-00022D09712B': ['FreeBSD UFS', 0xa5],
	'516E7CBA-6ECF-11D6-8FF8-00022D09712B': ['FreeBSD ZFS', 0xa5],
	'516E7CB5-6ECF-11D6-8FF8-00022D09712B': ['FreeBSD swap', 0xa5],
	'AA31E02A-400F-11DB-9590-000C2911D1B8': ['VMware VMFS', 0xfb],
};

/** @param guid of a type, in upper case */
export function gptTypeName(guid: string): string {
	return known[guid]?.[0] ?? `Unknown (${guid})`;
}

/** The type byte by which an MBR disk would call the same thing; 0 where there is none. @param guid in upper case */
export function mbrTypeOf(guid: string): number {
	return known[guid]?.[1] ?? 0;
}
