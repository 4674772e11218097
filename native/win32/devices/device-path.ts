/** Names of devices in the Win32 device namespace (Naming Files, Paths, and Namespaces). */

const prefix = String.raw`^\\\\[.?]\\`;
const diskPattern = new RegExp(`${prefix}PhysicalDrive(\\d{1,5})\\\\?$`, 'i');
const partitionPattern = new RegExp(`${prefix}Harddisk(\\d{1,5})Partition(\\d{1,5})\\\\?$`, 'i');
const volumePattern = new RegExp(`${prefix}(Volume\\{[0-9a-f-]+\\}|[a-z]:)\\\\?$`, 'i');
const shadowPattern = new RegExp(`${prefix}GLOBALROOT\\\\Device\\\\[^\\\\/]+\\\\?$`, 'i');
/** A drive by its letter alone, which also stands for its root directory. */
const letterPattern = /^([a-z]:)[\\/]?$/i;

export function diskPath(number: number): string {
	return `\\\\.\\PhysicalDrive${number}`;
}

export function partitionPath(disk: number, number: number): string {
	return `\\\\.\\Harddisk${disk}Partition${number}`;
}

/** N of `\\.\PhysicalDriveN`; undefined for everything else. */
export function diskNumberOf(path: string): number | undefined {
	const match = diskPattern.exec(path);
	return match === null ? undefined : Number(match[1]);
}

/** Disk and number of `\\.\HarddiskNPartitionM`. */
export function partitionNumbersOf(path: string): { readonly disk: number; readonly partition: number } | undefined {
	const match = partitionPattern.exec(path);
	return match === null ? undefined : { disk: Number(match[1]), partition: Number(match[2]) };
}

/** The device of a volume named `E:`, `E:\`, `\\.\E:` or by its GUID path, without the backslash that would be its root. */
export function volumeDeviceOf(path: string): string | undefined {
	const letter = letterPattern.exec(path);
	if (letter !== null) return `\\\\.\\${letter[1]!.toUpperCase()}`;
	return volumePattern.test(path) ? path.replace(/\\$/, '') : undefined;
}

/** Whether the path names a device and not a file: a disk, partition, volume, or the device object of a shadow copy. */
export function isDevicePath(path: string): boolean {
	return [diskPattern, partitionPattern, volumePattern, shadowPattern].some((pattern) => pattern.test(path));
}
