/** A file, folder or symbolic link of an initramfs. */
export interface CpioEntry {
	/** Without a leading slash. */
	readonly path: string;
	/** Type and permissions as in st_mode: 0o40755 a folder, 0o100644 a file. */
	readonly mode: number;
	readonly data?: Uint8Array;
}

const alignment = 4;
const padding = (length: number) => Buffer.alloc(-length & (alignment - 1));

/** An archive in the form that Linux takes as initramfs (cpio, "newc"); folders come before what is in them. */
export function cpio(entries: readonly CpioEntry[]): Buffer {
	const all = [...entries, { path: 'TRAILER!!!', mode: 0 }];
	return Buffer.concat(all.flatMap((entry, index) => record(entry, index)));
}

function record({ path, mode, data = new Uint8Array() }: CpioEntry, index: number): Uint8Array[] {
	const name = Buffer.from(`${path}\0`);
	// Inode, mode, owner, group, links, time, length, device and special device (major, minor each), length of the name, sum.
	const fields = [index, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length, 0];
	const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
	return [header, name, padding(header.length + name.length), data, padding(data.length)];
}
