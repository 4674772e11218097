import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRange, type ByteSource } from '../../../../src/base/bytes.ts';
import { isAfterimageError } from '../../../../src/base/errors.ts';
import { ntfsDriver } from '../../../../src/disk/ntfs/driver.ts';
import { rangesWithin } from '../hostile.ts';
import { restartPage } from './sample-records.ts';
import { place, sampleVolume, type SampleShape } from './sample-volume.ts';

/** Reads that are larger than any structure needs give a hostile volume away. */
const largestRead = 1024 * 1024;
const mostReads = 5000;

function watched(image: Uint8Array): ByteSource {
	let reads = 0;
	return {
		size: image.length,
		async read(offset, target) {
			checkRange('Read', offset, target.length, image.length);
			expect(target.length).toBeLessThanOrEqual(largestRead);
			expect(++reads).toBeLessThan(mostReads);
			target.set(image.subarray(offset, offset + target.length));
		},
	};
}

async function survive(image: Uint8Array): Promise<'mapped' | 'refused'> {
	try {
		const fileSystem = await ntfsDriver.open(watched(image), {});
		await fileSystem?.collectUsed(rangesWithin({ size: image.length }));
		return 'mapped';
	} catch (error) {
		expect(isAfterimageError(error, 'structure-damaged'), String(error)).toBe(true);
		return 'refused';
	}
}

const files = [
	{ record: 20, name: 'pagefile.sys', runs: [{ lcn: place.files, length: 100 }] },
	{
		record: 21,
		name: 'hiberfil.sys',
		runs: [
			{ lcn: place.files + 200, length: 50 },
			{ lcn: place.files + 300, length: 9 },
		],
	},
	{ record: 22, name: 'a name.txt', runs: [{ lcn: place.files + 400, length: 1 }] },
];
const log = [restartPage({ lsn: 4, clean: true }), restartPage({ lsn: 5, clean: true })];

describe.each<[string, SampleShape]>([
	['a plain volume', { files, log }],
	[
		'attribute lists and an index block',
		{ files, log, splitMft: true, bitmapList: 'non-resident', below: ['pagefile.sys'] },
	],
	['a resident list', { files, splitMft: true, bitmapList: 'resident', below: ['hiberfil.sys'] }],
])('%s with wrong values', (_, shape) => {
	const sample = sampleVolume(shape);
	const records = [0, 1, 2, 3, 5, 6, 8, 12, 13, 15, 20, 21];
	// Bytes that matter: the boot sector, the records in use, the bitmap's list, the index block, the restart pages.
	const targets = [
		{ at: 0, length: 0x60 },
		...records.map((number) => ({ at: sample.recordAt(number), length: 0x120 })),
		{ at: place.list * 512, length: 0x60 },
		{ at: place.root * 512, length: 0x200 },
		{ at: place.log * 512, length: 0x60 },
		{ at: place.log * 512 + 4096, length: 0x60 },
	];
	const value = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));
	const target = fc.constantFrom(...targets);
	const change = fc.record({ target, offset: fc.nat(0x1ff), bytes: fc.array(value, { minLength: 1, maxLength: 8 }) });

	it('never does more than map or refuse', async () => {
		const outcomes = { mapped: 0, refused: 0 };
		expect(await survive(sample.image)).toBe('mapped');
		await fc.assert(
			fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
				const image = sample.image;
				const undo: [number, number][] = [];
				for (const { target, offset, bytes } of changes) {
					bytes.forEach((byte, i) => {
						const at = target.at + ((offset + i) % target.length);
						undo.push([at, image[at]!]);
						image[at] = byte;
					});
				}
				try {
					outcomes[await survive(image)]++;
				} finally {
					for (const [at, byte] of undo.reverse()) image[at] = byte;
				}
			}),
			{ numRuns: 3000 },
		);
		// Both happen often, or the changes do not hit what they should.
		expect(outcomes.mapped).toBeGreaterThan(100);
		expect(outcomes.refused).toBeGreaterThan(100);
		expect(await survive(sample.image)).toBe('mapped');
	});
});

it('refuses volumes that are cut anywhere', async () => {
	const { image } = sampleVolume({ files });
	for (let size = 0; size < image.length; size += 50_021) {
		const fileSystem = ntfsDriver.open(watched(image.subarray(0, size)), {});
		if (size < 512) expect(await fileSystem).toBeUndefined();
		else await expect(fileSystem).rejects.toMatchObject({ code: 'structure-damaged' });
	}
});

it('does not follow an index whose node is its own ancestor', async () => {
	const sample = sampleVolume({ files, below: ['pagefile.sys'] });
	// The end entry of the root's only child gets a child: itself.
	const node = place.root * 512 + 0x18;
	const view = new DataView(sample.image.buffer);
	const end = node + view.getUint32(node + 4, true) - 0x10;
	view.setUint16(end + 8, 0x18, true);
	view.setUint16(end + 12, 3, true);
	view.setUint32(node + 4, view.getUint32(node + 4, true) + 8, true);
	const fileSystem = await ntfsDriver.open(watched(sample.image), {});
	expect(fileSystem?.info.dirty).toContain('Index entry, node below');
});
