import { expect, test } from 'vitest';
import { exfatDriver } from '../../../../src/disk/exfat/driver.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { surviveWalk } from '../survive-walk.ts';
import { clusterAt, clusterSize, entrySet, joined, MadeExfat } from './made-files.ts';

const bytesOf = (length: number, seed: number) => randomNumbers(seed).fill(new Uint8Array(length));

/** Three folders in each other, files in pieces and contiguous ones. */
function sample(): { volume: MadeExfat; files: Map<string, Uint8Array> } {
	const volume = new MadeExfat();
	const files = new Map<string, Uint8Array>();
	const file = (path: string, clusters: number[], length: number, contiguous = false) => {
		const content = bytesOf(length, clusters[0]!);
		files.set(path, content);
		volume.fill(clusters, content, !contiguous);
		const [firstCluster] = clusters;
		return entrySet({ name: path.split('/').at(-1)!, firstCluster: firstCluster!, size: length, contiguous });
	};
	const folder = (name: string, firstCluster: number, clusters: number) =>
		entrySet({ name, folder: true, firstCluster, size: clusters * clusterSize });
	const empty = Array.from({ length: 8 }, (_, i) => entrySet({ name: `empty ${i}` }));
	for (let i = 0; i < empty.length; i++) files.set(`outer/empty ${i}`, new Uint8Array(0));
	volume.fill(
		[20, 25],
		joined(file('outer/data', [30, 40, 41, 50], 4000), ...empty, folder('the folder within', 21, 1)),
	);
	volume.fill([21], joined(file('outer/the folder within/one', [60, 61], 1100, true), folder('deep', 22, 1)));
	volume.fill([22], file('outer/the folder within/deep/a name in two pieces', [70, 69, 68], 3000));
	volume.root(folder('outer', 20, 2), file('root', [80], 700), file('root 2', [81, 82], 1500, true));
	return { volume, files };
}

const folders = [3, 20, 25, 21, 22];

test('is whole before anything is changed', async () => {
	const { volume, files } = sample();
	const survived = await surviveWalk(exfatDriver, volume.bytes);
	expect(survived.damaged).toBe(0);
	expect(survived.files).toEqual(files);
});

test('a byte of a folder changed: what is still listed is right', async () => {
	const { volume, files } = sample();
	const random = randomNumbers(12);
	let whole = 0;
	let harmed = 0;
	for (let round = 0; round < 400; round++) {
		const bytes = volume.bytes.slice();
		bytes[clusterAt(folders[random.below(folders.length)]!) + random.below(512)]! ^= 1 + random.below(255);
		const survived = await surviveWalk(exfatDriver, bytes);
		for (const [path, content] of survived.files) expect(content, path).toEqual(files.get(path));
		whole += survived.files.size;
		if (survived.damaged > 0) harmed++;
	}
	expect(whole).toBeGreaterThan(2000);
	expect(harmed).toBeGreaterThan(100);
});

test('any bytes of the structures changed', async () => {
	const { volume } = sample();
	const random = randomNumbers(13);
	let harmed = 0;
	for (let round = 0; round < 400; round++) {
		const bytes = volume.bytes.slice();
		for (let flips = 1 + random.below(8); flips > 0; flips--) {
			const inFat = random.below(2) === 0;
			const place = inFat ? 24 * 512 + random.below(400) : clusterAt(folders[random.below(5)]!) + random.below(1024);
			bytes[place] = random.below(3) === 0 ? random.below(256) : random.below(90);
		}
		harmed += Math.min(1, (await surviveWalk(exfatDriver, bytes)).damaged);
	}
	expect(harmed).toBeGreaterThan(200);
});

test('entries with wild values and right checksums', async () => {
	const random = randomNumbers(14);
	const wild = [0, 1, 2, 3, 19, 20, 21, 100, 101, 102, 1024, 102_400, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
	let harmed = 0;
	for (let round = 0; round < 400; round++) {
		const { volume } = sample();
		const change = (set: Uint8Array) => {
			const view = new DataView(set.buffer);
			for (let count = 1 + random.below(3); count > 0; count--) {
				const offset = [0x20, 0x28, 0x2c, 0x34, 0x38, 0x3c, 0x04, 0x0c, 0x14, 0x42][random.below(10)]!;
				view.setUint32(offset, wild[random.below(wild.length)]! | (offset === 0x20 ? 0x0100_00c0 : 0), true);
			}
		};
		const made = { name: 'wild', folder: random.below(2) === 0, firstCluster: 20, size: 2048, change };
		volume.root(entrySet({ ...made, contiguous: random.below(2) === 0 }), entrySet({ name: 'sound' }));
		const survived = await surviveWalk(exfatDriver, volume.bytes);
		expect(survived.files.get('sound')).toEqual(new Uint8Array(0));
		harmed += Math.min(1, survived.damaged);
	}
	expect(harmed).toBeGreaterThan(150);
});
