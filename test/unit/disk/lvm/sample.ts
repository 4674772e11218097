import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { lvmChecksum } from '../../../../src/disk/lvm/checksum.ts';

export const mebibyte = 2 ** 20;
/** Where the metadata area of a sample begins, and its length. */
export const areaStart = 4096;
export const areaSize = 16_384;
/** Extents of a sample: 4 KiB each, from byte 64 KiB on. */
export const extent = 4096;
export const extentsStart = 65_536;
export const extents = 200;

const uuid = 'abcdef0123456789ABCDEF0123456789';
const written = uuid.replace(/^(\w{6})(\w{4})(\w{4})(\w{4})(\w{4})(\w{4})(\w{6})$/, '$1-$2-$3-$4-$5-$6-$7');

/** A logical volume as LVM writes it. @param segments the insides of each */
export function volumeText(name: string, segments: readonly string[], status = '"READ", "WRITE", "VISIBLE"'): string {
	const sections = segments.map((segment, i) => `segment${i + 1} {\n${segment}\n}`);
	return `${name} {\nstatus = [${status}]\nsegment_count = ${segments.length}\n${sections.join('\n')}\n}\n`;
}

/** The inside of a segment of stripes. @param stripes as LVM writes the list */
export function striped(start: number, count: number, stripes: string, more = 'stripe_count = 1'): string {
	return `start_extent = ${start}\nextent_count = ${count}\ntype = "striped"\n${more}\nstripes = [ ${stripes} ]`;
}

/** A group of two physical volumes, the first of which is the sample. */
export function groupText(volumes: string, seqno = 1, more: { readonly extents?: string; readonly id?: string } = {}) {
	return `vg {
		seqno = ${seqno}
		extent_size = ${extent / 512}	# 4 Kilobytes
		physical_volumes {
			pv0 {
				id = "${more.id ?? written}"
				pe_start = ${extentsStart / 512}
				pe_count = ${more.extents ?? extents}
			}
			pv1 {
				id = "000000-0000-0000-0000-0000-0000-000000"
				pe_start = 2048
				pe_count = 9
			}
		}
		${volumes === '' ? '' : `logical_volumes {\n${volumes}\n}`}
	}
	contents = "Text Format Volume Group"
	`;
}

export interface SampleOptions {
	/** Where the text begins in its area; what does not fit goes on at byte 512 there. */
	readonly textOffset?: number;
	/** Flags of the text. */
	readonly flags?: number;
	/** Sector of the label. */
	readonly labelSector?: number;
	/** Starts of the metadata areas in the label; the first one alone where absent. */
	readonly areas?: readonly number[];
}

/** A physical volume of one MiB. */
export function physicalVolume(text: string, options: SampleOptions = {}): MemoryBytes {
	const volume = new MemoryBytes(new Uint8Array(mebibyte));
	for (const at of options.areas ?? [areaStart]) writeArea(volume, at, text, options);
	writeLabel(volume, options.areas ?? [areaStart], options.labelSector ?? 1);
	return volume;
}

export function writeLabel({ bytes }: MemoryBytes, areas: readonly number[], sector = 1): void {
	const at = sector * 512;
	const view = new DataView(bytes.buffer, at, 512);
	bytes.set(Buffer.from('LABELONE'), at);
	view.setUint32(8, sector, true);
	view.setUint32(0x14, 32, true);
	bytes.set(Buffer.from('LVM2 001'), at + 0x18);
	bytes.set(Buffer.from(uuid), at + 32);
	view.setBigUint64(32 + 0x20, BigInt(bytes.length), true);
	let next = 32 + 0x28;
	for (const offset of [extentsStart, 0, ...areas, 0]) {
		view.setBigUint64(next, BigInt(offset), true);
		next += 16;
	}
	sealLabel(bytes, sector);
}

/** Makes the checksum of a label right. */
export function sealLabel(bytes: Uint8Array, sector = 1): void {
	const at = sector * 512;
	const sum = lvmChecksum(bytes.subarray(at + 0x14, at + 512));
	new DataView(bytes.buffer).setUint32(at + 0x10, sum, true);
}

export function writeArea({ bytes }: MemoryBytes, at: number, text: string, options: SampleOptions = {}): void {
	const view = new DataView(bytes.buffer, at, 512);
	bytes.set(Buffer.from(' LVM2 x[5A%r0N*>'), at + 4);
	view.setUint32(0x14, 1, true);
	view.setBigUint64(0x18, BigInt(at), true);
	view.setBigUint64(0x20, BigInt(areaSize), true);
	const data = Buffer.from(`${text}\0`);
	const textOffset = options.textOffset ?? 512;
	view.setBigUint64(0x28, text === '' ? 0n : BigInt(textOffset), true);
	view.setBigUint64(0x30, BigInt(data.length), true);
	view.setUint32(0x38, lvmChecksum(data), true);
	view.setUint32(0x3c, options.flags ?? 0, true);
	const before = Math.min(data.length, areaSize - textOffset);
	bytes.set(data.subarray(0, before), at + textOffset);
	bytes.set(data.subarray(before), at + 512);
	sealArea(bytes, at);
}

/** Makes the checksum of an area's header right. */
export function sealArea(bytes: Uint8Array, at = areaStart): void {
	new DataView(bytes.buffer).setUint32(at, lvmChecksum(bytes.subarray(at + 4, at + 512)), true);
}
