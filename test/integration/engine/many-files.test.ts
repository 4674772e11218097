import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commandLine, testDataFolder } from '../../support/cli.ts';
import { randomNumbers } from '../../support/random-numbers.ts';
import { requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { backUp, blockOf, type ModelDisk, type ModelPartition } from '../../unit/image/backups.ts';
import { MemoryFolder } from '../../unit/image/memory-folder.ts';

requireTools(['sh']);

const backups = 100;
const [start, blockSize, blocks] = [1 << 20, 4096, 70];

/** An MBR of one partition. */
function bootSector(): Uint8Array {
	const sector = new Uint8Array(512);
	const view = new DataView(sector.buffer);
	view.setUint32(0x1b8, 0x0badcafe, true);
	view.setUint8(0x1be + 4, 0x83);
	view.setUint32(0x1be + 8, start / 512, true);
	view.setUint32(0x1be + 12, (blocks * blockSize) / 512, true);
	view.setUint16(0x1fe, 0xaa55, true);
	return sector;
}

/**
 * A full and incrementals of a block each: the newest backup has its blocks in nearly as many files.
 * @returns paths of the files, oldest first, and what the partition holds at the end
 */
async function makeChain(folder: string): Promise<{ files: string[]; content: Uint8Array }> {
	const noise = randomNumbers(1);
	const partition: ModelPartition = {
		...{ start, blockSize, reserved: 0, content: noise.fill(new Uint8Array(blocks * blockSize)) },
		used: new Set(Array.from({ length: blocks }, (_, block) => block)),
	};
	const disk: ModelDisk = {
		...{ number: 0, format: 'mbr', signature: '0BADCAFE', track0: bootSector(), ept: [], partitions: [partition] },
	};
	const kind = { imageid: '0123456789ABCDEF', compression: 'medium', aes: 'none', password: '' } as const;
	const memory = new MemoryFolder();
	for (let backup = 0; backup < backups; backup++) {
		if (backup > 0) noise.fill(blockOf(partition, backup % blocks));
		await backUp(memory, kind, backup === 0 ? 'full' : 'inc', [disk], 1000 + backup);
	}
	const names = [...memory.files.keys()].sort();
	for (const [name, bytes] of memory.files) writeFileSync(join(folder, name), bytes);
	return { files: names.map((name) => join(folder, name)), content: partition.content };
}

/** The real command line in a process that may have no more than 64 files open. */
function limited(...args: string[]) {
	const env = { AFTERIMAGE_DATA: testDataFolder() };
	return run('sh', ['-c', 'ulimit -n 64 && exec "$@"', 'sh', ...commandLine(), ...args], { env });
}

it('verifies, restores, merges and purges more files than a process may have open', async () => {
	const root = tempFolder();
	const [folder, purged, target] = [join(root, 'images'), join(root, 'purged'), join(root, 'target.img')];
	mkdirSync(folder);
	const { files, content } = await makeChain(folder);
	expect(files).toHaveLength(backups);
	await cp(folder, purged, { recursive: true });

	const expectRestored = async (file: string) => {
		await limited('restore', file, '--to', target);
		const found = new Uint8Array(content.length);
		const fd = openSync(target, 'r');
		readSync(fd, found, 0, found.length, start);
		closeSync(fd);
		rmSync(target);
		expect(Buffer.compare(found, content)).toBe(0);
	};
	expect((await limited('verify', files.at(-1)!)).stdout).toContain(`is sound: ${blocks} blocks`);
	await expectRestored(files.at(-1)!);

	await limited('merge', ...files.slice(1));
	expect(images(folder)).toHaveLength(2);
	await expectRestored(files[1]!);

	await limited('purge', purged, '--full', '1', '--inc', '1');
	expect(images(purged)).toHaveLength(2);
	await expectRestored(join(purged, images(purged)[1]!));
});

function images(folder: string): string[] {
	return readdirSync(folder).filter((name) => name.endsWith('.mrimgx'));
}
