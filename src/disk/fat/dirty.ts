import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { bitsOf, type FatGeometry } from './boot-sector.ts';

/** Bits of FAT entry 1, Microsoft FAT specification 1.03, "FAT Volume Dirty Flag": 1 is good. FAT12 has none. */
const flags = {
	FAT16: { clean: 0x8000, noError: 0x4000 },
	FAT32: { clean: 0x0800_0000, noError: 0x0400_0000 },
};

/** Why the FAT may not be up to date, or undefined. Windows marks FAT entry 1, Linux the boot sector. */
export async function fatDirty(volume: ByteSource, geometry: FatGeometry): Promise<string | undefined> {
	if ((geometry.state & 0x01) !== 0) return 'it was not cleanly unmounted (dirty flag in its boot sector)';
	if ((geometry.state & 0x02) !== 0) return 'a surface test was asked for (flag in its boot sector)';
	if (geometry.type === 'FAT12') return undefined;
	const width = bitsOf[geometry.type] / 8;
	const at = geometry.fatOffset + (geometry.activeFat ?? 0) * geometry.fatLength + width;
	const entry = await readBytes(volume, at, width);
	const view = new DataView(entry.buffer);
	const value = width === 2 ? view.getUint16(0, true) : view.getUint32(0, true);
	const { clean, noError } = flags[geometry.type];
	if ((value & clean) === 0) return 'it was not cleanly unmounted (clean bit of FAT entry 1 is off)';
	if ((value & noError) === 0) return 'the last system that used it met read or write errors (FAT entry 1)';
	return undefined;
}
