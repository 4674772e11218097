import { concat, utf16 } from './sample-records.ts';

/** Tags of reparse points. */
export const reparseTag = {
	symbolicLink: 0xa000_000c,
	mountPoint: 0xa000_0003,
	wof: 0x8000_0017,
	deduplicated: 0x8000_0013,
	linuxLink: 0xa000_001d,
	cloud: 0x9000_601a,
} as const;

/** Value of $REPARSE_POINT. */
export function reparsePoint(tag: number, data: Uint8Array): Uint8Array {
	const head = new Uint8Array(8);
	const view = new DataView(head.buffer);
	view.setUint32(0, tag, true);
	view.setUint16(4, data.length, true);
	return concat([head, data]);
}

/** Data of a mount point, or with `flags` of a symbolic link: the name that is shown stands before the other. */
export function linkData(substitute: string, print: string, flags?: number): Uint8Array {
	const head = new Uint8Array(8);
	const view = new DataView(head.buffer);
	const shown = utf16(print);
	const followed = utf16(substitute);
	view.setUint16(0, shown.length + 2, true);
	view.setUint16(2, followed.length, true);
	view.setUint16(4, 0, true);
	view.setUint16(6, shown.length, true);
	const more = flags === undefined ? new Uint8Array(0) : Uint8Array.of(flags, 0, 0, 0);
	const end = new Uint8Array(2);
	return concat([head, more, shown, end, followed, end]);
}
