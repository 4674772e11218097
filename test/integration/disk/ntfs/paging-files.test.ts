import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileSystem } from '../../../../src/disk/filesystem.ts';
import { ntfsDriver } from '../../../../src/disk/ntfs/driver.ts';
import { UsedBlocks } from '../../../../src/disk/used-blocks.ts';
import { fileSource } from '../../../support/byte-files.ts';
import { copyUsed } from '../../../support/copy-used.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import {
	bytesAt,
	checkNtfs,
	makeNtfs,
	mountedNtfs,
	mountedReadOnly,
	ntfsTools,
	runsOf,
	type DiskRun,
} from './tools.ts';

requireTools(ntfsTools);
requireRoot();
const temp = useTempFolder();
const clusterSize = 4096;
const mib = 1024 * 1024;

async function openAt(path: string): Promise<{ fileSystem: FileSystem; used: UsedBlocks }> {
	const source = await fileSource(path);
	try {
		const fileSystem = (await ntfsDriver.open(source, {}))!;
		const used = new UsedBlocks(0, source.size, clusterSize);
		await fileSystem.collectUsed(used);
		return { fileSystem, used };
	} finally {
		await source.close();
	}
}

const clustersIn = (runs: readonly DiskRun[]) => runs.reduce((sum, { length }) => sum + length / clusterSize, 0);

describe('the contents of paging files', () => {
	test('are left out, and everything else is right', async () => {
		const image = await makeNtfs(temp.file('source.img'), 120, ['-Q']);
		const noise = randomNumbers(4);
		const large = { 'pagefile.sys': 20 * mib, 'swapfile.sys': 3 * mib, 'hiberfil.sys': 7 * mib };
		await mountedNtfs(image, async (folder) => {
			await fillFolder(folder, 3, { files: 200, bytes: 40 * mib });
			// The free space is in pieces now, and so are these.
			for (const [name, size] of Object.entries(large))
				await writeFile(join(folder, name), noise.fill(new Uint8Array(size)).fill(0, 0, 4));
			await mkdir(join(folder, 'Windows'));
			await writeFile(join(folder, 'Windows', 'pagefile.sys'), noise.fill(new Uint8Array(2 * mib)));
			await writeFile(join(folder, 'Swapfile.sys'), noise.fill(new Uint8Array(mib)));
			for (let i = 0; i < 400; i++) await writeFile(join(folder, `an entry more ${i}.txt`), 'x');
		});
		const hashes = await mountedReadOnly(image, hashTree);
		for (const name of Object.keys(large)) hashes.delete(name);
		expect(hashes.has('Windows/pagefile.sys') && hashes.has('Swapfile.sys')).toBe(true);

		const { fileSystem, used } = await openAt(image);
		let hidden = 0;
		for (const name of Object.keys(large)) {
			const runs = await runsOf(image, ['-F', name], clusterSize);
			expect(clustersIn(runs)).toBe(large[name as keyof typeof large] / clusterSize);
			hidden += clustersIn(runs);
			const stored = runs.flatMap(({ at, length }) =>
				Array.from({ length: length / clusterSize }, (_, i) => used.has(at / clusterSize + i)),
			);
			expect(stored.filter(Boolean)).toHaveLength(name === 'hiberfil.sys' ? 1 : 0);
			expect(stored[0]).toBe(name === 'hiberfil.sys');
		}
		const { totalClusters, freeClusters } = fileSystem.info;
		const tail = used.count - totalClusters;
		expect(used.used()).toBe(totalClusters - freeClusters - hidden + 1 + tail);

		for (const blockSize of [clusterSize, 65536]) {
			const target = temp.file('target.img');
			await copyUsed(ntfsDriver, image, target, { blockSize });
			await checkNtfs(target);
			const [page] = await runsOf(target, ['-F', 'pagefile.sys'], clusterSize);
			const middle = page!.at + Math.floor(page!.length / 2 / 65536) * 65536;
			const [there, here] = [await bytesAt(target, middle, 4096), await bytesAt(image, middle, 4096)];
			expect(there.equals(here)).toBe(false);
			await mountedReadOnly(target, async (folder) => {
				const found = await hashTree(folder);
				for (const [name, size] of Object.entries(large)) {
					expect((await stat(join(folder, name))).size).toBe(size);
					found.delete(name);
				}
				expect(found).toEqual(hashes);
			});
		}
	});

	test('are stored when they only look like one', async () => {
		const image = await makeNtfs(temp.file('source.img'), 40, ['-Q']);
		await mountedNtfs(image, async (folder) => {
			await writeFile(join(folder, 'pagefile.sys.old'), randomNumbers(8).fill(new Uint8Array(mib)));
			await mkdir(join(folder, 'swapfile.sys'));
			await writeFile(join(folder, 'swapfile.sys', 'pagefile.sys'), randomNumbers(8).fill(new Uint8Array(mib)));
		});
		const { fileSystem, used } = await openAt(image);
		const { totalClusters, freeClusters, dirty } = fileSystem.info;
		expect(dirty).toBeUndefined();
		expect(used.used()).toBe(totalClusters - freeClusters + used.count - totalClusters);
	});
});
