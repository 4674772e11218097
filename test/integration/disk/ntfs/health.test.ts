import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenOptions } from '../../../../src/disk/filesystem.ts';
import { ntfsDriver } from '../../../../src/disk/ntfs/driver.ts';
import { fileSource } from '../../../support/byte-files.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { restartPage } from '../../../unit/disk/ntfs/sample-records.ts';
import { bytesAt, makeNtfs, mountedNtfs, ntfsTools, patch, runsOf } from './tools.ts';

const ready = requireTools(ntfsTools);
requireRoot();
const temp = useTempFolder();

/** Exit codes of ntfs-3g.probe: what ntfs-3g itself says of a volume that it is to write to. */
const probe = { clean: 0, hibernated: 14, unclean: 15 };

async function probed(image: string): Promise<number> {
	return (await run('ntfs-3g.probe', ['--readwrite', image], { codes: Object.values(probe) })).code;
}

async function dirtyOf(image: string, options: OpenOptions = {}): Promise<string | undefined> {
	const source = await fileSource(image);
	try {
		return (await ntfsDriver.open(source, options))?.info.dirty;
	} finally {
		await source.close();
	}
}

let image = '';
beforeAll(async () => {
	if (ready) image = await makeNtfs(temp.file('base.img'), 30, ['-Q']);
});

/** A copy of the fresh volume. */
async function fresh(): Promise<string> {
	const path = temp.file('volume.img');
	await run('cp', ['--sparse=always', image, path]);
	return path;
}

describe('a volume is called dirty for the same reasons as ntfs-3g gives', () => {
	test('not when it is fresh, nor after a mount', async () => {
		const path = await fresh();
		expect(await dirtyOf(path)).toBeUndefined();
		await mountedNtfs(path, (folder) => writeFile(join(folder, 'file'), 'text'));
		expect(await dirtyOf(path)).toBeUndefined();
		expect(await probed(path)).toBe(probe.clean);
	});

	test('the flag in $Volume', async () => {
		const path = await fresh();
		// A cluster of 4 KiB holds records 0 to 3; the mirror is a copy of it.
		const [mft] = await runsOf(path, ['-I', '0'], 4096);
		const [mirror] = await runsOf(path, ['-I', '1'], 4096);
		for (const run of [mft, mirror]) {
			const volume = await bytesAt(path, run!.at + 3 * 1024, 1024);
			let attribute = volume.readUInt16LE(0x14);
			while (volume.readUInt32LE(attribute) !== 0x70) attribute += volume.readUInt32LE(attribute + 4);
			const flags = attribute + volume.readUInt16LE(attribute + 0x14) + 10;
			// Not a word that the update sequence holds.
			expect(flags % 512).toBeLessThan(510);
			await patch(path, run!.at + 3 * 1024 + flags, Uint8Array.of(1, 0));
		}
		expect((await run('ntfsinfo', ['-m', '-f', path])).stdout).toMatch(/Volume Flags: 0x0001/);
		expect(await dirtyOf(path)).toContain('marked dirty');
		expect(await dirtyOf(path, { frozen: true })).toContain('marked dirty');
		await run('ntfsfix', ['-d', path]);
		expect(await dirtyOf(path)).toBeUndefined();
	});

	test.each([
		['closed', true, 1, probe.clean, undefined],
		['open', false, 1, probe.unclean, 'must be replayed'],
		['of version 2.0', true, 2, probe.hibernated, 'keeps metadata'],
	])('a log that is %s', async (_, clean, major, expected, reason) => {
		const path = await fresh();
		const [log] = await runsOf(path, ['-I', '2'], 4096);
		await patch(path, log!.at, restartPage({ lsn: 100, clean, major, fileSize: log!.length }));
		await patch(path, log!.at + 4096, restartPage({ lsn: 99, clean, major, fileSize: log!.length }));
		expect(await probed(path)).toBe(expected);
		if (reason === undefined) expect(await dirtyOf(path)).toBeUndefined();
		else expect(await dirtyOf(path)).toContain(reason);
		expect(await dirtyOf(path, { frozen: true })).toBeUndefined();
	});

	test.each([
		['hibr', probe.hibernated],
		['HIBR', probe.hibernated],
		['wake', probe.clean],
		['\0\0\0\0', probe.clean],
	])('a hiberfil.sys that begins with %j', async (start, expected) => {
		const path = await fresh();
		await mountedNtfs(path, (folder) => writeFile(join(folder, 'hiberfil.sys'), start.padEnd(100_000, '.')));
		expect(await probed(path)).toBe(expected);
		if (expected === probe.clean) expect(await dirtyOf(path)).toBeUndefined();
		else expect(await dirtyOf(path)).toContain('hibernated');
	});
});

test('other file systems are none of NTFS', async () => {
	const path = await fresh();
	await run('mkfs.exfat', [path]);
	expect(await dirtyOf(path)).toBeUndefined();
	const source = await fileSource(path);
	expect(await ntfsDriver.open(source, {})).toBeUndefined();
	await source.close();
});
