import { describe, expect, it } from 'vitest';
import { isAfterimageError } from '../../../../src/base/errors.ts';
import { parseBootSector } from '../../../../src/disk/ntfs/boot-sector.ts';

const partition = 2 ** 40;

/** A boot sector as Windows writes it, with the given bytes changed. */
function sector(changes: Readonly<Record<number, number>> = {}): Uint8Array {
	const bytes = new Uint8Array(512);
	const view = new DataView(bytes.buffer);
	bytes.set(Buffer.from('\xeb\x52\x90NTFS    ', 'latin1'));
	view.setUint16(0x0b, 512, true);
	view.setUint8(0x0d, 8);
	view.setUint8(0x15, 0xf8);
	view.setBigUint64(0x28, 251621375n, true);
	view.setBigUint64(0x30, 786432n, true);
	view.setBigUint64(0x38, 2n, true);
	view.setInt8(0x40, -10);
	view.setInt8(0x44, 1);
	view.setBigUint64(0x48, 0xe244a25b44a231e9n, true);
	view.setUint16(0x1fe, 0xaa55, true);
	for (const [at, value] of Object.entries(changes)) bytes[Number(at)] = value;
	return bytes;
}

function withOem(text: string): Uint8Array {
	const bytes = sector();
	bytes.set(Buffer.from(text, 'latin1'), 3);
	return bytes;
}

describe('the boot sector', () => {
	it('gives the geometry', () => {
		expect(parseBootSector(sector(), partition)).toEqual({
			bytesPerSector: 512,
			clusterSize: 4096,
			totalClusters: 31452671,
			volumeSize: 251621375 * 512,
			mftLcn: 786432,
			mftMirrorLcn: 2,
			recordSize: 1024,
			serial: 'E244A25B44A231E9',
		});
	});

	it.each([
		[1, 512],
		[8, 4096],
		[128, 65536],
		[0xf8, 128 * 1024],
		[0xf7, 256 * 1024],
		[0xf4, 2 * 1024 * 1024],
	])('reads %i sectors per cluster as %i bytes', (stored, clusterSize) => {
		// Fewer clusters where they are large: the $MFT must stay inside.
		expect(parseBootSector(sector({ 0x0d: stored, 0x30: 4, 0x31: 0, 0x32: 0 }), partition)).toMatchObject({
			clusterSize,
			totalClusters: Math.floor((251621375 * 512) / clusterSize),
		});
	});

	it.each([
		[0xf6, 1024],
		[0xf5, 2048],
		[0xf4, 4096],
		[1, 4096],
	])('reads 0x%s as the record size %i', (stored, recordSize) => {
		expect(parseBootSector(sector({ 0x40: stored }), partition)).toMatchObject({ recordSize });
	});

	it.each(['-FVE-FS-', 'ReFS\0\0\0\0', 'EXFAT   ', 'MSWIN4.1', 'NTFS\0\0\0\0'])('is another file system: %j', (oem) => {
		expect(parseBootSector(withOem(oem), partition)).toBeUndefined();
	});

	it('is FAT when it has FATs', () => {
		expect(parseBootSector(sector({ 0x10: 2 }), partition)).toBeUndefined();
	});

	it.each<[string, Record<number, number>, string]>([
		['no signature', { 0x1fe: 0 }, 'signature'],
		['sectors of 0 bytes', { 0x0c: 0 }, 'bytes per sector'],
		['sectors of 8192 bytes', { 0x0c: 0x20 }, 'bytes per sector'],
		['sectors of 513 bytes', { 0x0b: 1 }, 'bytes per sector'],
		['0 sectors per cluster', { 0x0d: 0 }, 'sectors per cluster'],
		['3 sectors per cluster', { 0x0d: 3 }, 'sectors per cluster'],
		['clusters of 4 MiB', { 0x0d: 0xf3 }, 'sectors per cluster'],
		['clusters of 16 MiB by large sectors', { 0x0c: 0x10, 0x0d: 0xf4 }, 'cluster size'],
		['no sectors', { 0x28: 0, 0x29: 0, 0x2a: 0, 0x2b: 0 }, 'number of sectors'],
		['more sectors than the partition', { 0x2d: 1 }, 'volume size'],
		['2^56 sectors', { 0x2f: 1 }, '2^53'],
		['the $MFT at cluster 0', { 0x30: 0, 0x31: 0, 0x32: 0 }, '$MFT cluster'],
		['the $MFT behind the end', { 0x34: 1 }, '$MFT cluster'],
		['the mirror behind the end', { 0x3c: 1 }, '$MFTMirr cluster'],
		['records of 0 bytes', { 0x40: 0 }, 'record size'],
		['records of 512 bytes', { 0x40: 0xf7 }, 'record size'],
		['records of 8 KiB', { 0x40: 2 }, 'record size'],
		['records of 2^128 bytes', { 0x40: 0x80 }, 'record size'],
	])('is damaged: %s', (_, changes, what) => {
		try {
			parseBootSector(sector(changes), partition);
		} catch (error) {
			expect(isAfterimageError(error, 'structure-damaged'), String(error)).toBe(true);
			expect((error as Error).message).toContain(what);
			return;
		}
		expect.unreachable();
	});
});
