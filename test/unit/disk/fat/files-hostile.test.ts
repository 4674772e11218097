import { describe, expect, test } from 'vitest';
import { fatDriver } from '../../../../src/disk/fat/driver.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { surviveWalk } from '../survive-walk.ts';
import { directory, MadeFat, type FatType, type MadeEntry } from './made-files.ts';

const bytesOf = (length: number, seed: number) => randomNumbers(seed).fill(new Uint8Array(length));

/** Three folders in each other, long names, files in pieces. */
function sample(type: FatType): { volume: MadeFat; files: Map<string, Uint8Array> } {
	const volume = new MadeFat(type);
	const dots = (own: number, above: number): MadeEntry[] => [
		{ raw: '.          ', attributes: 0x10, firstCluster: own },
		{ raw: '..         ', attributes: 0x10, firstCluster: above },
	];
	const files = new Map<string, Uint8Array>();
	const file = (path: string, entry: MadeEntry, clusters: number[], length: number): MadeEntry => {
		const content = bytesOf(length, clusters[0]!);
		files.set(path, content);
		volume.chain(clusters, content);
		return { ...entry, firstCluster: clusters[0]!, size: length };
	};
	const folder = (raw: string, firstCluster: number, longName?: string): MadeEntry => ({
		raw,
		attributes: 0x10,
		firstCluster,
		...(longName === undefined ? {} : { longName }),
	});
	volume.chain(
		[30, 35],
		directory(
			...dots(30, 0),
			file('Outer folder/data.bin', { raw: 'DATA    BIN', nameCase: 0x18 }, [31, 32, 40, 41, 33], 2500),
			folder('INNER      ', 36),
			...Array.from({ length: 14 }, (_, i): MadeEntry => ({ raw: `EMPTY${i}`.padEnd(11) })),
		),
	);
	for (let i = 0; i < 14; i++) files.set(`Outer folder/EMPTY${i}`, new Uint8Array(0));
	volume.chain(
		[36],
		directory(
			...dots(36, 30),
			folder('DEEP       ', 37),
			file('Outer folder/INNER/ONE', { raw: 'ONE        ' }, [50], 1),
		),
	);
	const deep: MadeEntry = { raw: 'LONGNA~1TXT', longName: 'long name of a file.txt' };
	volume.chain(
		[37],
		directory(...dots(37, 36), file('Outer folder/INNER/DEEP/long name of a file.txt', deep, [60, 70, 61, 71], 2000)),
	);
	volume.root(
		{ raw: 'LABEL      ', attributes: 0x08 },
		folder('OUTERF~1   ', 30, 'Outer folder'),
		file('ROOT.TXT', { raw: 'ROOT    TXT' }, [80, 81], 700),
	);
	return { volume, files };
}

describe.each(['FAT12', 'FAT16', 'FAT32'] as const)('%s', (type) => {
	test('is whole before anything is changed', async () => {
		const { volume, files } = sample(type);
		const survived = await surviveWalk(fatDriver, volume.bytes);
		expect(survived.damaged).toBe(0);
		expect(survived.files).toEqual(files);
	});

	/** Up to four bytes among those of boot sector, FATs and folders. */
	test('any bytes of the structures changed', async () => {
		const { volume, files } = sample(type);
		const entries = (cluster: number) => volume.dataAt + (cluster - 2) * 512;
		const places = [...Array(64).keys()];
		for (let at = 1024; at < 1024 + 400; at++) places.push(at, at + (volume.rootAt - 1024) / 2);
		for (const start of [volume.rootAt, ...[30, 35, 36, 37].map(entries)]) {
			for (let at = start; at < start + 256; at++) places.push(at);
		}
		const random = randomNumbers(type.length + volume.bytes.length);
		let whole = 0;
		let harmed = 0;
		for (let round = 0; round < 250; round++) {
			const bytes = volume.bytes.slice();
			for (let flips = 1 + random.below(4); flips > 0; flips--) {
				bytes[places[random.below(places.length)]!] = random.below(3) === 0 ? random.below(256) : random.below(90);
			}
			const survived = await surviveWalk(fatDriver, bytes);
			for (const [path, content] of survived.files)
				if (Buffer.compare(files.get(path) ?? bytes, content) === 0) whole++;
			if (survived.damaged > 0) harmed++;
		}
		expect(whole).toBeGreaterThan(1000);
		expect(harmed).toBeGreaterThan(30);
	});

	test('all bytes of a folder at random', async () => {
		const { volume } = sample(type);
		const random = randomNumbers(volume.bytes.length);
		for (let round = 0; round < 60; round++) {
			const bytes = volume.bytes.slice();
			random.fill(bytes.subarray(volume.rootAt + 96, volume.rootAt + 1024));
			await surviveWalk(fatDriver, bytes);
		}
	});
});
