/** Tags of reparse points whose meaning is known here; a file with another one has its bytes as any file has. */
export const reparseTags = {
	symbolicLink: 0xa000_000c,
	mountPoint: 0xa000_0003,
	wof: 0x8000_0017,
	deduplicated: 0x8000_0013,
	/** Of the Windows Subsystem for Linux. */
	linuxLink: 0xa000_001d,
} as const;

/** Files of the Windows Subsystem for Linux that have no bytes, and Unix sockets, which Windows has too. */
const specials = new Map([
	[0x8000_0023, 'socket'],
	[0x8000_0024, 'pipe'],
	[0x8000_0025, 'character device'],
	[0x8000_0026, 'block device'],
]);

/** What a file is that has no bytes of its own, in words; undefined for other files. */
export function specialOf(tag: number): string | undefined {
	return specials.get(tag);
}

/** Files whose bytes may lie elsewhere: OneDrive of Windows 8.1, the two hierarchical storage managers. */
const remote = new Set([0x8000_0021, 0xc000_0004, 0x8000_0006]);

/** Cloud files (OneDrive and its like): bits 12 to 15 are the provider's. */
const cloud = 0x9000_001a;
const cloudMask = 0xffff_0fff;

/** Whether a file's bytes are fetched from elsewhere when it is opened, as long as they are not here. */
export function isRemote(tag: number): boolean {
	return (tag & cloudMask) >>> 0 === cloud || remote.has(tag);
}
