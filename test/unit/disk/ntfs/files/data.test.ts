import { describe, expect, it } from 'vitest';
import { readBytes } from '../../../../../src/base/bytes.ts';
import { nonResident, resident } from '../sample-records.ts';
import { reparseTag } from '../sample-reparse.ts';
import { place, sampleVolume, type SampleFile, type SampleVolume } from '../sample-volume.ts';
import { bytes, contents, data, file, objection, rootOf, withPoint } from './trees.ts';

describe('bytes of a file', () => {
	const clusterSize = 512;

	it('are zeros where nothing was written, and never what the clusters held', async () => {
		const runs = [
			{ lcn: place.files, length: 1 },
			{ lcn: undefined, length: 1 },
			{ lcn: place.files + 1, length: 2 },
		];
		const stream = nonResident(0x80, { runs, clusterSize, dataSize: 2000, initializedSize: 1100, flags: 0x8000 });
		const sample = sampleVolume({ files: [file('a', { attributes: [stream] })] });
		sample.image.fill(0x41, place.files * 512, (place.files + 3) * 512);
		const [node] = await rootOf(sample);
		const held = 'A'.repeat(512) + '\0'.repeat(512) + 'A'.repeat(76) + '\0'.repeat(900);
		expect((await contents(node)) === held).toBe(true);
	});

	/** Units of 16 clusters: one as it is, a hole, one that two clusters hold, another as it is. */
	function compressed(more: object = {}): SampleFile {
		const runs = [
			{ lcn: place.files, length: 16 },
			{ lcn: undefined, length: 16 },
			{ lcn: place.files + 16, length: 2 },
			{ lcn: undefined, length: 14 },
			{ lcn: place.files + 18, length: 16 },
		];
		const stream = nonResident(0x80, { runs, clusterSize, flags: 1, dataSize: 32_000, ...more });
		stream[0x22] = 4;
		return file('a', { attributes: [stream] });
	}

	function fill(sample: SampleVolume): void {
		sample.image.fill(0x41, place.files * 512, (place.files + 16) * 512);
		// Two chunks: a byte and a match of 4095 bytes each.
		sample.image.set(Buffer.from('03b00278fc0f03b00279fc0f0000', 'hex'), (place.files + 16) * 512);
		sample.image.fill(0x42, (place.files + 18) * 512, (place.files + 34) * 512);
	}

	const all = 'A'.repeat(8192) + '\0'.repeat(8192) + 'x'.repeat(4096) + 'y'.repeat(4096) + 'B'.repeat(32_000 - 24_576);

	it('are decompressed, unit by unit', async () => {
		const sample = sampleVolume({ files: [compressed()] });
		fill(sample);
		const [node] = await rootOf(sample);
		expect((await contents(node)) === all).toBe(true);
		if (node?.kind !== 'file') return expect.unreachable();
		const source = await node.open();
		const piece = async (at: number) =>
			Buffer.from(await readBytes(source, at, 700)).toString() === all.slice(at, at + 700);
		// One after the other over what was there before, from the unit kept and from others.
		for (const at of [20_300, 100, 20_400, 9000, 31_300]) {
			const target = new Uint8Array(700).fill(0xee);
			await source.read(at, target);
			expect(Buffer.from(target).toString() === all.slice(at, at + 700), `${at}`).toBe(true);
		}
		expect(await Promise.all([7900, 16_300, 20_300, 24_000, 0, 20_300].map(piece))).toEqual(Array(6).fill(true));
	});

	it('end at the initialized size when they are compressed', async () => {
		const sample = sampleVolume({ files: [compressed({ initializedSize: 20_500 })] });
		fill(sample);
		const [node] = await rootOf(sample);
		if (node?.kind !== 'file') return expect.unreachable();
		const target = new Uint8Array(32_000).fill(0xee);
		await (await node.open()).read(0, target);
		expect(Buffer.from(target).toString() === all.slice(0, 20_500) + '\0'.repeat(11_500)).toBe(true);
	});

	it.each<[string, SampleFile, string]>([
		[
			'a way of compressing that there is not',
			compressed({ flags: 2 }),
			'structure-damaged: Stream, way of compressing',
		],
		['what EFS encrypts', compressed({ flags: 0x4000 }), 'not-supported: The file is encrypted by Windows (EFS)'],
		[
			'what EFS encrypts in a record',
			file('a', { attributes: [resident(0x80, bytes('x')).fill(0x40, 13, 14)] }),
			'not-supported',
		],
		[
			'deduplicated',
			file('a', withPoint(reparseTag.deduplicated, new Uint8Array(8))),
			'not-supported: The file is deduplicated',
		],
		[
			'WOF without its stream',
			file('a', withPoint(reparseTag.wof, new Uint8Array(Uint32Array.of(1, 2, 1, 1).buffer), data('xy'))),
			'structure-damaged: Compressed chunks',
		],
	])('are refused: %s', async (_, entry, what) => {
		expect(await objection(sampleVolume({ files: [entry] }))).toContain(what);
	});

	it('are refused when a unit has clusters behind a hole, or another length', async () => {
		const runs = [
			{ lcn: undefined, length: 1 },
			{ lcn: place.files, length: 15 },
		];
		const stream = nonResident(0x80, { runs, clusterSize, flags: 1 });
		const shape = { attributes: [stream] };
		expect(await objection(sampleVolume({ files: [file('a', shape)] }))).toContain('Compressed stream, unit');
		stream[0x22] = 4;
		const [node] = await rootOf(sampleVolume({ files: [file('a', shape)] }));
		await expect(contents(node)).rejects.toThrow('clusters before the hole');
	});

	it.each<[string, readonly Uint8Array[], string]>([
		['a hole', [nonResident(0x80, { runs: [{ lcn: undefined, length: 4 }], clusterSize })], 'in the cloud'],
		['zeros in the record', [data('\0\0\0')], 'in the cloud'],
		[
			'half fetched',
			[nonResident(0x80, { runs: [{ lcn: 3000, length: 4 }], clusterSize, initializedSize: 5 })],
			'in the cloud',
		],
		['here', [nonResident(0x80, { runs: [{ lcn: 3000, length: 4 }], clusterSize })], 'none'],
		['here in the record', [data('abc')], 'none'],
		['empty', [], 'none'],
	])('of a cloud file are told to be there or not: %s', async (_, attributes, what) => {
		const entry = file('a', withPoint(reparseTag.cloud, new Uint8Array(4), ...attributes));
		expect(await objection(sampleVolume({ files: [entry] }))).toContain(what);
	});

	it('are those of any file where nobody knows the tag', async () => {
		const entry = file('a', withPoint(0x8000_7777, new Uint8Array(4), data('as it is')));
		expect(await contents((await rootOf(sampleVolume({ files: [entry] })))[0])).toBe('as it is');
	});
});
