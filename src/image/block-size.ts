const smallest = 64 * 1024;
const elementSize = 30;

/**
 * Block size for a partition of `length` bytes: 64 KiB up to 4 TiB, then doubled until the complete index stays under
 * 2 GiB (64 TiB: 1 MiB).
 */
export function blockSizeFor(length: number): number {
	let size = smallest;
	while (Math.ceil(length / size) * elementSize >= 2 ** 31) size *= 2;
	return size;
}
