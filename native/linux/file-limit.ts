/** What statfs(2) says of any kind of FAT: MSDOS_SUPER_MAGIC. */
const msdosMagic = 0x4d44;
/** Mounts of FAT as the system names them. exFAT has no such limit. */
const fatMounts: ReadonlySet<string> = new Set(['vfat', 'msdos']);
/** FAT keeps the length of a file in 32 bits. */
const fatMaxFile = 2 ** 32 - 1;

/**
 * Bytes of the largest file that a file system holds; undefined when it is no concern.
 * @param magic as statfs(2) gives it
 * @param fileSystem as the mount table names it; undefined when the mount is not known
 */
export function maxFileSizeOf(magic: number, fileSystem: string | undefined): number | undefined {
	return magic === msdosMagic || fatMounts.has(fileSystem ?? '') ? fatMaxFile : undefined;
}
