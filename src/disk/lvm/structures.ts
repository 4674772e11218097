import { ascii, bytes, struct, u32, u64 } from '../../base/struct.ts';

/** Unit of the places in labels and metadata, whatever the sectors of the device. Bytes. */
export const sector = 512;

/** The label is in one of as many sectors at the start of a physical volume. */
export const labelSectors = 4;

/** LVM2's `label_header` (lib/label/label.h); the checksum is of everything in the sector that follows it. */
export const LabelHeader = struct('LVM label', 0x20, {
	id: ascii(0x00, 8),
	sector: u64(0x08),
	crc: u32(0x10),
	/** Of the header of the physical volume, from the label's start. Bytes. */
	offset: u32(0x14),
	type: ascii(0x18, 8),
});

export const labelId = 'LABELONE';
export const labelType = 'LVM2 001';

/** `pv_header` (lib/format_text/layout.h). Two lists of {@link DiskArea} follow: where data are, and where metadata are. */
export const PhysicalVolumeHeader = struct('LVM physical volume header', 0x28, {
	/** 32 letters and digits. */
	uuid: ascii(0x00, 32),
	deviceSize: u64(0x20),
});

/** `disk_locn`: bytes from the start of the device. One with offset 0 ends a list. */
export const DiskArea = struct('LVM disk area', 0x10, {
	offset: u64(0x00),
	size: u64(0x08),
});

/** `mda_header` with the first of its `raw_locn`, the text that is in force; the checksum is of all 512 bytes that follow it. */
export const AreaHeader = struct('LVM metadata area header', 0x40, {
	checksum: u32(0x00),
	magic: bytes(0x04, 16),
	version: u32(0x14),
	/** Bytes from the start of the device. */
	start: u64(0x18),
	/** Bytes of the area with this header. */
	size: u64(0x20),
	/** Of the text, from the area's start; 0 where there is none. Bytes. */
	textOffset: u64(0x28),
	textSize: u64(0x30),
	textChecksum: u32(0x38),
	textFlags: u32(0x3c),
});

export const areaHeaderLength = 512;
export const areaMagic = ' LVM2 x[5A%r0N*>';
/** In `textFlags`: the area is not in use, the metadata are on other physical volumes. */
export const ignoredFlag = 1;
