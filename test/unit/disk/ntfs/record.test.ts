import { describe, expect, it } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { parseAttributes, type NonResidentAttribute } from '../../../../src/disk/ntfs/records/attribute.ts';
import { parseBootSector } from '../../../../src/disk/ntfs/boot-sector.ts';
import { Mft } from '../../../../src/disk/ntfs/records/mft.ts';
import { parseRecord } from '../../../../src/disk/ntfs/records/record.ts';
import { mapStream, StreamSource } from '../../../../src/disk/ntfs/records/stream.ts';
import {
	attributeListValue,
	fileRecord,
	nonResident,
	protect,
	reference,
	resident,
	unprotect,
} from './sample-records.ts';
import { sampleVolume } from './sample-volume.ts';

const at = 4096;
const value = Uint8Array.from({ length: 800 }, (_, i) => i);

/** A record with one large resident attribute, changed while its update sequence is undone. */
function changed(change: (view: DataView) => void, attributes = [resident(0x80, value, 'name', 3)]): Uint8Array {
	const bytes = fileRecord(17, 1024, { attributes });
	unprotect(bytes);
	change(new DataView(bytes.buffer));
	return protect(bytes, 'FILE', 0x30);
}

function parse(bytes: Uint8Array) {
	return parseAttributes(parseRecord(bytes, 17, at));
}

describe('a FILE record', () => {
	it('has its attributes, with the words that the update sequence replaced', () => {
		const [attribute] = parse(changed(() => undefined));
		expect(attribute).toMatchObject({ type: 0x80, name: 'name', flags: 0, instance: 3, at: at + 0x48 });
		expect(attribute?.resident === true && [...attribute.value]).toEqual([...value]);
	});

	it('gives the runs and sizes of a non-resident attribute', () => {
		const runs = [{ lcn: 70, length: 12 }];
		const [attribute] = parse(
			changed(() => undefined, [nonResident(0x80, { runs, clusterSize: 512, dataSize: 6000, initializedSize: 5000 })]),
		);
		expect(attribute).toMatchObject({
			lowestVcn: 0,
			highestVcn: 11,
			allocatedSize: 6144,
			dataSize: 6000,
			initializedSize: 5000,
		});
	});

	it.each<[string, (view: DataView) => void, string]>([
		['another size', (view) => view.setUint32(0x1c, 2048, true), 'bytes allocated'],
		['more bytes than there are', (view) => view.setUint32(0x18, 1032, true), 'bytes in use'],
		['its first attribute behind its end', (view) => view.setUint16(0x14, 0x3f8, true), 'first attribute'],
		['its first attribute in its header', (view) => view.setUint16(0x14, 0x28, true), 'first attribute'],
		['another number', (view) => view.setUint32(0x2c, 18, true), 'its own number'],
		['an attribute that leaves it', (view) => view.setUint32(0x4c, 0x400, true), 'Attribute length'],
		['an attribute of no length', (view) => view.setUint32(0x4c, 0, true), 'Attribute length'],
		['no end mark', (view) => view.setUint32(0x18, 0x48 + 832, true), 'end marker'],
		['a value that leaves its attribute', (view) => view.setUint32(0x58, 801 + 8, true), 'Attribute value'],
		['a name that leaves its attribute', (view) => view.setUint16(0x52, 0x33a, true), 'Attribute name'],
	])('is damaged with %s', (_, change, what) => {
		expect(() => parse(changed(change))).toThrow(what);
	});

	it.each<[string, number, number, string]>([
		['another magic', 0, 0x42, 'magic'],
		['too few numbers', 6, 2, 'update sequence count'],
		['an array at an odd place', 4, 0x31, 'update sequence offset'],
		['an array over the end of the sector', 5, 2, 'update sequence offset'],
		['another number at the end of a sector', 511, 9, 'torn write'],
	])('is damaged with %s', (_, offset, byte, what) => {
		const bytes = fileRecord(17, 1024, { attributes: [] });
		bytes[offset] = byte;
		if (offset === 5) bytes[4] = 0xfc - 0x02;
		expect(() => parse(bytes)).toThrow(what);
	});
});

describe('a stream', () => {
	const sample = sampleVolume();
	const geometry = parseBootSector(sample.image, sample.image.length)!;
	const extent = (more: Partial<NonResidentAttribute> = {}) => {
		const runs = [
			{ lcn: 10, length: 1 },
			{ lcn: undefined, length: 1 },
			{ lcn: 20, length: 2 },
		];
		const [attribute] = parse(changed(() => undefined, [nonResident(0x80, { runs, clusterSize: 512 })]));
		return { ...(attribute as NonResidentAttribute), ...more };
	};

	it.each<[string, Partial<NonResidentAttribute>, string]>([
		['allocated clusters', { allocatedSize: 4608 }, 'allocated size'],
		['its clusters for its data', { dataSize: 2049 }, 'data size'],
		['its data for what is initialized', { dataSize: 1000 }, 'initialized size'],
	])('has too few %s', (_, more, what) => {
		expect(() => mapStream([extent(more)], geometry)).toThrow(what);
	});

	it('reads its runs, and zeros from holes and what is not initialized', async () => {
		const image = sample.image.slice();
		image.fill(1, 10 * 512, 11 * 512);
		image.fill(2, 20 * 512, 22 * 512);
		const stream = mapStream([extent({ dataSize: 2000, initializedSize: 1500 })], geometry);
		const source = new StreamSource(new MemoryBytes(image), 512, stream);
		const bytes = new Uint8Array(1990).fill(9);
		await source.read(10, bytes);
		const expected = new Uint8Array(2000).fill(1, 0, 512).fill(2, 1024, 1500).subarray(10);
		expect(Buffer.compare(bytes, expected)).toBe(0);
		expect(source.locate(1030)).toBe(20 * 512 + 6);
		await expect(source.read(1999, new Uint8Array(2))).rejects.toMatchObject({ code: 'read-error' });
	});
});

it('finds attributes in extent records by their instance', async () => {
	const list = attributeListValue([
		{ type: 0x30, record: reference(21), instance: 2 },
		{ type: 0x30, record: reference(21), instance: 1 },
		{ type: 0x80, record: reference(21), instance: 7, name: 'stream' },
	]);
	const extents = [
		resident(0x30, Uint8Array.of(1), '', 1),
		resident(0x30, Uint8Array.of(2), '', 2),
		resident(0x80, Uint8Array.of(3), 'stream', 7),
	];
	const { image } = sampleVolume({
		files: [
			{ record: 20, name: 'base', runs: [], shape: { attributes: [resident(0x20, list)] } },
			{ record: 21, name: 'extent', runs: [], shape: { base: reference(20), attributes: extents } },
		],
	});
	const volume = new MemoryBytes(image);
	const mft = await Mft.open(volume, parseBootSector(image, image.length)!);
	const { attributes } = await mft.file({ number: 20, sequence: 20 });
	expect(attributes.slice(1).map((attribute) => attribute.resident && attribute.value[0])).toEqual([2, 1, 3]);
	await expect(mft.file({ number: 21, sequence: 0 })).rejects.toThrow('a base record');
	await expect(mft.file({ number: 32, sequence: 0 })).rejects.toThrow('inside the $MFT');
});
