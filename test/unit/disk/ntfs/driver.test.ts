import { describe, expect, it } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { isAfterimageError } from '../../../../src/base/errors.ts';
import { ntfsDriver } from '../../../../src/disk/ntfs/driver.ts';
import type { OpenOptions } from '../../../../src/disk/filesystem.ts';
import { nonResident, reference, restartPage, resident, unprotect, type Run } from './sample-records.ts';
import {
	place,
	sampleClusters,
	sampleVolume,
	type SampleFile,
	type SampleShape,
	type SampleVolume,
} from './sample-volume.ts';

async function openSample(sample: SampleVolume, options: OpenOptions = {}) {
	const fileSystem = await ntfsDriver.open(new MemoryBytes(sample.image), options);
	if (fileSystem === undefined) throw new Error('not recognised');
	return fileSystem;
}

/** The clusters that the driver reports, and the bytes behind the last cluster. */
async function collect(sample: SampleVolume): Promise<{ clusters: Set<number>; tail: number }> {
	const clusters = new Set<number>();
	let tail = 0;
	const add = (start: number, end: number) => {
		if (start >= sample.clusters * sample.clusterSize) tail += end - start;
		else for (let at = start; at < end; at += sample.clusterSize) clusters.add(at / sample.clusterSize);
	};
	await (await openSample(sample)).collectUsed({ add });
	return { clusters, tail };
}

async function dirtyOf(shape: SampleShape, options: OpenOptions = {}): Promise<string | undefined> {
	return (await openSample(sampleVolume(shape), options)).info.dirty;
}

async function damage(work: Promise<unknown>): Promise<string> {
	const error = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	expect(isAfterimageError(error, 'structure-damaged'), String(error)).toBe(true);
	return (error as Error).message;
}

const clustersOf = (runs: readonly Run[]) =>
	new Set(runs.flatMap(({ lcn, length }) => (lcn === undefined ? [] : Array.from({ length }, (_, i) => lcn + i))));
const without = (all: ReadonlySet<number>, some: ReadonlySet<number>) =>
	new Set([...all].filter((cluster) => !some.has(cluster)));
function chkdskPage(clean: boolean): Uint8Array {
	const page = restartPage({ lsn: 3, clean });
	unprotect(page);
	page.set(Buffer.from('CHKD'));
	page.fill(0, 4, 8);
	return page;
}

const runs: Run[] = [
	{ lcn: place.files + 100, length: 300 },
	{ lcn: place.files, length: 20 },
	{ lcn: place.files + 500, length: 7 },
];
const pageFile: SampleFile = { record: 20, name: 'pagefile.sys', runs };

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

describe('paging files', () => {
	it.each([
		['in the root node', undefined],
		['in a node below', ['pagefile.sys']],
	])('are left out when their entry stands %s', async (_, below) => {
		const others = [{ record: 21, name: 'other.sys', runs: [{ lcn: 4000, length: 9 }] }];
		const sample = sampleVolume({ files: [pageFile, ...others], ...(below === undefined ? {} : { below }) });
		const { clusters } = await collect(sample);
		expect(clusters).toEqual(without(sample.used, clustersOf(runs)));
	});

	it('keeps the header of hiberfil.sys, whose rest is left out', async () => {
		const sample = sampleVolume({ files: [{ record: 20, name: 'hiberfil.sys', runs, start: 'wake' }] });
		const { clusters } = await collect(sample);
		const header = clustersOf([{ lcn: place.files + 100, length: 8 }]);
		expect(clusters).toEqual(without(sample.used, without(clustersOf(runs), header)));
	});

	it.each<[string, SampleFile]>([
		['has another name', { ...pageFile, name: 'Pagefile.sys' }],
		['is compressed', { ...pageFile, flags: 1 }],
		['is sparse', { ...pageFile, runs: [...runs, { lcn: undefined, length: 16 }] }],
		['has two names', { ...pageFile, links: 2 }],
		['has a reparse point', { ...pageFile, more: [resident(0xc0, new Uint8Array(16))] }],
		[
			'is a folder',
			{ ...pageFile, shape: { directory: true, attributes: [nonResident(0x80, { runs, clusterSize: 512 })] } },
		],
		['has resident data', { ...pageFile, shape: { attributes: [resident(0x80, new Uint8Array(8))] } }],
		['has the name for DOS alone', { ...pageFile, namespace: 2 }],
	])('are stored when one %s', async (_, file) => {
		const sample = sampleVolume({ files: [file] });
		expect((await collect(sample)).clusters).toEqual(sample.used);
	});

	it('make the volume damaged when they share clusters with each other or with the $MFT', async () => {
		const shared: SampleFile = { record: 21, name: 'swapfile.sys', runs: [{ lcn: place.files + 10, length: 30 }] };
		expect(await damage(collect(sampleVolume({ files: [pageFile, shared] })))).toContain('two runs');
		const onMft: SampleFile = { ...pageFile, runs: [{ lcn: place.mft + 60, length: 2 }] };
		expect(await damage(collect(sampleVolume({ files: [onMft] })))).toContain('two runs');
	});

	it('make the volume dirty when there are two of a name, or the entry is of another folder', async () => {
		const second: SampleFile = { record: 21, name: 'pagefile.sys', runs: [{ lcn: 4000, length: 9 }] };
		expect(await dirtyOf({ files: [pageFile, second] })).toContain('Root directory, pagefile.sys');
		expect(await dirtyOf({ files: [{ ...pageFile, parent: reference(30) }] })).toContain(
			'Root directory, pagefile.sys',
		);
	});

	it('make the volume dirty when their record is free', async () => {
		const shape = { attributes: [], inUse: false };
		expect(await dirtyOf({ files: [{ ...pageFile, shape }] })).toContain('expected in use');
	});
});

describe('reasons to be dirty', () => {
	const clean = restartPage({ lsn: 10, clean: true });
	it.each<[string, SampleShape, string]>([
		['the dirty flag', { volumeFlags: 1 }, 'marked dirty'],
		['a check under way', { volumeFlags: 0x4000 }, 'has not finished'],
		['an open log', { log: [restartPage({ lsn: 5, clean: false }), clean.slice().fill(0)] }, 'must be replayed'],
		['an open log in the newer page', { log: [clean, restartPage({ lsn: 11, clean: false })] }, 'must be replayed'],
		['an open log that chkdsk changed', { log: [chkdskPage(false)] }, 'must be replayed'],
		['a log of version 2.0', { log: [restartPage({ lsn: 9, clean: true, major: 2 })] }, 'keeps metadata'],
		['a log without restart pages', { log: [new Uint8Array(4096)] }, 'no readable restart page'],
		['a hibernated Windows', { files: [{ record: 20, name: 'hiberfil.sys', runs, start: 'hibr' }] }, 'hibernated'],
		['one in capitals', { files: [{ record: 20, name: 'hiberfil.sys', runs, start: 'HIBR' }] }, 'hibernated'],
	])('%s', async (_, shape, reason) => {
		expect(await dirtyOf(shape)).toContain(reason);
	});

	it.each<[string, SampleShape]>([
		['a log closed cleanly', { log: [clean, restartPage({ lsn: 9, clean: false })] }],
		[
			'pages of 16 KiB',
			{
				log: [
					restartPage({ lsn: 1, clean: false, pageSize: 16384 }),
					restartPage({ lsn: 2, clean: true, pageSize: 16384 }),
				],
			},
		],
		['a log that chkdsk left without update sequence', { log: [chkdskPage(true), chkdskPage(true)] }],
		['a resumed Windows', { files: [{ record: 20, name: 'hiberfil.sys', runs, start: 'wake' }] }],
		['other flags', { volumeFlags: 0x8000 }],
	])('not %s', async (_, shape) => {
		expect(await dirtyOf(shape)).toBeUndefined();
	});

	it('a mirror that differs from the $MFT, or lies elsewhere', async () => {
		const sample = sampleVolume();
		sample.edit(3, (record) => record.setUint16(0x12, 2, true));
		expect((await openSample(sample)).info.dirty).toContain('differs from the $MFT in record 3');
		const moved = sampleVolume();
		new DataView(moved.image.buffer).setUint32(0x38, place.mirror + 1, true);
		expect((await openSample(moved)).info.dirty).toContain('different places');
	});

	it.each([
		['by its flag', [0, 0, 2, 0], undefined],
		['by having no client', [0xff, 0xff, 0, 0], undefined],
		['by neither', [0, 0, 0, 0], 'must be replayed'],
	])('a log is closed %s', async (_, clientsAndFlags, reason) => {
		const page = restartPage({ lsn: 4, clean: false });
		page.set(clientsAndFlags, 0x30 + 0x0c);
		const dirty = await dirtyOf({ log: [page] });
		if (reason === undefined) expect(dirty).toBeUndefined();
		else expect(dirty).toContain(reason);
	});

	it('an index block with another number, or an entry longer than its node', async () => {
		const node = place.root * 512;
		const numbered = sampleVolume({ files: [pageFile], below: ['pagefile.sys'] });
		numbered.image[node + 0x10] = 8;
		expect((await openSample(numbered)).info.dirty).toContain('its own VCN');
		const longer = sampleVolume({ files: [pageFile], below: ['pagefile.sys'] });
		const first = node + 0x18 + longer.image[node + 0x18]!;
		longer.image[first + 9] = 2;
		expect((await openSample(longer)).info.dirty).toContain('Index entry, length');
	});

	it('leaves log and mirror of a snapshot alone, and nothing else', async () => {
		const log = [restartPage({ lsn: 5, clean: false })];
		expect(await dirtyOf({ log }, { frozen: true })).toBeUndefined();
		expect(await dirtyOf({ log, volumeFlags: 1 }, { frozen: true })).toContain('marked dirty');
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
