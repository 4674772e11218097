/** Longest `$TRACK0` that is written, in bytes (FILE_LAYOUT.md of the published format). */
export const maxTrack0 = 1024 * 1024;

/** What real files hold where nothing lies between the start of the disk and the first partition: 63 sectors. */
const classicTrack = 63 * 512;

/**
 * Bytes of `$TRACK0`: from LBA 0 up to the first partition, at most 1 MiB, never none.
 * @param firstPartition byte on the disk where the first partition begins
 * @param diskSize bytes
 */
export function track0Length(firstPartition: number, diskSize: number): number {
	const length = firstPartition > 0 ? firstPartition : classicTrack;
	return Math.min(length, maxTrack0, diskSize);
}
