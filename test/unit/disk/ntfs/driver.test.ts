import { describe, expect, it } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { isAfterimageError } from '../../../../src/base/errors.ts';
import { ntfsDriver } from '../../../../src/disk/ntfs/driver.ts';
import { collect, damage, openSample, pageFile } from './opened-sample.ts';
import { place, sampleClusters, sampleVolume } from './sample-volume.ts';

describe('what is told about a volume', () => {
	it('gives its own size in a longer partition, whose end is in use', async () => {
		const sample = sampleVolume();
		const longer = new Uint8Array(sample.image.length + 4096);
		longer.set(sample.image);
		const { info } = await openSample({ ...sample, image: longer });
		expect(info.size).toBe(sampleClusters * 512 + 512);
		expect((await collect({ ...sample, image: longer })).tail).toBe(longer.length - sampleClusters * 512);
	});

	it('gives type, label, serial, sizes and the place of the $MFT', async () => {
		const sample = sampleVolume({ label: 'Größe', extraUsed: [5000, 5001, 6000] });
		const { info } = await openSample(sample);
		const free = sampleClusters - sample.used.size;
		expect(info).toEqual({
			type: 'NTFS',
			label: 'Größe',
			uuid: '0123456789ABCDEF',
			size: sampleClusters * 512 + 512,
			used: sampleClusters * 512 + 512 - free * 512,
			free: free * 512,
			clusterSize: 512,
			totalClusters: sampleClusters,
			freeClusters: free,
			dirty: undefined,
			reservedBytes: 0,
			mft: { offset: place.mft * 512, recordSize: 1024 },
		});
	});

	it.each([
		['4 KiB clusters', { clusterSize: 4096 }],
		['4 KiB records', { recordSize: 4096 }],
		['a $MFT in two parts', { splitMft: true }],
		['$Bitmap in two records', { bitmapList: 'resident' }],
		['$Bitmap by a list outside its record', { bitmapList: 'non-resident' }],
		['everything apart', { splitMft: true, bitmapList: 'non-resident', below: [] }],
	] as const)('maps exactly the used clusters with %s', async (_, shape) => {
		const sample = sampleVolume({ ...shape, extraUsed: [31, 32, 4095, 4096, 5000, 5999, 6000] });
		const { clusters, tail } = await collect(sample);
		expect([...clusters].sort((a, b) => a - b)).toEqual([...sample.used].sort((a, b) => a - b));
		expect(tail).toBe(512);
	});
});

describe('structures that contradict each other', () => {
	it.each([
		['$MFT', place.mft + 3],
		['$Bitmap', place.bitmap],
		['$MFTMirr', place.mirror],
		['the boot sector', 0],
		['pagefile.sys', place.files + 500],
	])('refuses a bitmap that has a cluster of %s free', async (_, cluster) => {
		const sample = sampleVolume({ files: [pageFile] });
		sample.setUsed(cluster, false);
		expect(await damage(collect(sample))).toContain('$Bitmap against the files it serves');
	});

	it('refuses a bitmap whose last used clusters come before a file that it has free', async () => {
		const sample = sampleVolume({ files: [{ ...pageFile, runs: [{ lcn: 5990, length: 1 }] }] });
		sample.setUsed(5990, false);
		expect(await damage(collect(sample))).toContain('$Bitmap against the files it serves');
	});

	it('refuses a bitmap that is not all written', async () => {
		expect(await damage(openSample(sampleVolume({ initializedBitmap: 700 })))).toContain('$Bitmap, size');
	});

	it('refuses a torn write and names the place', async () => {
		const sample = sampleVolume();
		const at = sample.recordAt(6) + 1022;
		sample.image[at]! ^= 1;
		expect(await damage(openSample(sample))).toContain(`torn write: end of sector 1 at byte ${at}`);
	});

	it.each([
		['of another file', 0x20, 5, 'its base'],
		['of an earlier use of the file', 0x26, 5, 'its base'],
		['that has been used again', 0x10, 14, 'sequence'],
		['with another number', 0x2c, 14, 'its own number'],
		['that is free', 0x16, 0, 'in use'],
	])('refuses an extent record %s', async (_, at, value, message) => {
		const sample = sampleVolume({ bitmapList: 'resident' });
		sample.edit(13, (record) => record.setUint16(at, value, true));
		expect(await damage(openSample(sample))).toContain(message);
	});

	it('refuses a $MFT that begins elsewhere or is too short', async () => {
		const moved = sampleVolume();
		new DataView(moved.image.buffer).setUint16(0x30, place.mirror, true);
		expect(await damage(openSample(moved))).toContain('$MFT, first cluster');
		const short = sampleVolume();
		short.edit(0, (record) => record.setUint32(0x48 + 0x38, 11 * 1024, true));
		expect(await damage(openSample(short))).toContain('$MFT, size');
	});

	it('refuses a partition shorter than its volume', async () => {
		const { image } = sampleVolume();
		const cut = new MemoryBytes(image.subarray(0, image.length - 1024));
		expect(await damage(ntfsDriver.open(cut, {}))).toContain('volume size');
	});
});

it('stops when it is cancelled', async () => {
	const fileSystem = await openSample(sampleVolume());
	const error: unknown = await fileSystem
		.collectUsed({ add: () => undefined }, AbortSignal.abort())
		.catch((thrown: unknown) => thrown);
	expect(isAfterimageError(error, 'cancelled')).toBe(true);
});
