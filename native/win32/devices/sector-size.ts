/** Whether a number can be that of the bytes of a sector: a power of two, from 512 to 64 KiB. */
export function isSectorSize(value: number): boolean {
	return value >= 512 && value <= 65536 && (value & (value - 1)) === 0;
}
