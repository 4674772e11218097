/** Control codes of winioctl.h. Those with access FILE_ANY_ACCESS may be sent through a handle without rights. */
export const codes = {
	diskGetDriveGeometry: 0x70000,
	diskIsWritable: 0x70024,
	diskGetDriveLayoutEx: 0x70050,
	diskGetDriveGeometryEx: 0x700a0,
	diskUpdateProperties: 0x70140,
	/** Needs the right to read. */
	diskGetLengthInfo: 0x7405c,
	storageQueryProperty: 0x2d1400,
	/** Needs the right to write. */
	storageManageDataSetAttributes: 0x2d9404,
	volumeGetVolumeDiskExtents: 0x560000,
	lockVolume: 0x90018,
	dismountVolume: 0x90020,
	allowExtendedDasdIo: 0x90083,
	setSparse: 0x900c4,
	/** Needs the right to write. */
	setZeroData: 0x980c8,
} as const;

/** STORAGE_PROPERTY_ID. */
export const properties = { device: 0, accessAlignment: 6 } as const;
