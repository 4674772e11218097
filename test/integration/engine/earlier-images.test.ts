import { createHash } from 'node:crypto';
import { chmodSync, cpSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { afterimage } from '../../support/cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** What earlier versions have made; the README there says how. */
const fixtures = join(import.meta.dirname, '../../fixtures/earlier-images');
const versions = readdirSync(fixtures).filter((name) => /^\d/.test(name));

/** Which state of the disks each file of a folder holds, by its increment number. */
const statesOf: Readonly<Record<string, Readonly<Record<number, number>>>> = {
	chain: { 0: 0, 1: 1, 2: 2, 3: 3 },
	encrypted: { 0: 0, 1: 1 },
	merged: { 0: 0, 1: 2 },
	rolled: { 0: 1, 2: 2 },
	'two-disks': { 0: 0, 1: 1 },
};
const folders = Object.keys(statesOf);

describe.each(versions)('what the version of %s has made', (version) => {
	const sums = new Map(
		readFileSync(join(fixtures, version, 'states.txt'), 'utf8')
			.trim()
			.split('\n')
			.map((line) => line.split(' ') as [string, string]),
	);

	/** The folder in a place where it may change, its files with their states, and what runs need. */
	function scene(folder: string) {
		const place = tempFolder();
		const images = join(place, folder);
		cpSync(join(fixtures, version, folder), images, { recursive: true });
		const password = join(place, 'password');
		writeFileSync(password, 'the password of then\n');
		chmodSync(password, 0o600);
		const secret = folder === 'encrypted' ? ['--password-file', password] : [];
		const disks = folder === 'two-disks' ? ['a', 'b'] : ['a'];
		const files = readdirSync(images)
			.filter((name) => name.endsWith('.mrimgx'))
			.map((name) => ({ path: join(images, name), state: statesOf[folder]![Number(name.slice(-12, -10))]! }));
		expect(files).toHaveLength(Object.keys(statesOf[folder]!).length);
		const restore = async (image: string, disk: number) => {
			const target = join(tempFolder(), 'disk.img');
			const number = disks.length === 1 ? [] : ['--disk', String(disk)];
			expect(await afterimage(['restore', image, '--to', target, ...number, ...secret])).toMatchObject({ code: 0 });
			return target;
		};
		return { place, images, secret, disks, files, restore };
	}

	it.each(folders)('is verified and restored bit by bit: %s', async (folder) => {
		const { images, secret, disks, files, restore } = scene(folder);
		expect(await afterimage(['verify', images, ...secret])).toMatchObject({ code: 0 });
		for (const { path, state } of files) {
			for (const [number, disk] of disks.entries()) {
				expect(sumOf(await restore(path, number)), `${disk} of ${path}`).toBe(sums.get(`${disk}${state}`));
			}
		}
	});

	it.each(folders)('is continued, merged and purged: %s', async (folder) => {
		const { images, secret, disks, files, restore } = scene(folder);
		const newest = files.reduce((most, file) => (file.state > most.state ? file : most)).path;
		const sources = await Promise.all(disks.map((_, number) => restore(newest, number)));
		const made: string[] = [];
		for (const type of ['inc', 'inc', 'diff']) {
			for (const source of sources) change(source, made.length);
			const { code, out, err } = await afterimage([
				...['image', ...sources, '--to', images, '--type', type, '--json'],
				...secret,
			]);
			expect([code, err]).toEqual([0, '']);
			const result = JSON.parse(out.trim().split('\n').at(-1)!) as { backupType: string; files: string[] };
			expect(result.backupType).toBe(type);
			made.push(...result.files);
		}
		const expectNewest = async () => {
			for (const [number, source] of sources.entries()) {
				expect(sumOf(await restore(made[2]!, number))).toBe(sumOf(source));
			}
		};
		await expectNewest();
		expect(await afterimage(['merge', made[0]!, made[1]!])).toMatchObject({ code: 0 });
		await expectNewest();
		expect(await afterimage(['purge', images, '--inc', '1', '--diff', '1'])).toMatchObject({ code: 0 });
		await expectNewest();
		expect(await afterimage(['verify', images, ...secret])).toMatchObject({ code: 0 });
	});

	it('has comments, files that are listed, and notes of verification', async () => {
		const { images, files } = scene('chain');
		for (const line of readFileSync(join(images, '.afterimage-verified'), 'utf8').split('\n').filter(Boolean)) {
			const { name, modified } = JSON.parse(line) as { name: string; modified: number };
			// A part of a millisecond more: the number may be rounded down on its way.
			const time = (modified + 0.2) / 1000;
			utimesSync(join(images, name), time, time);
		}
		const { out } = await afterimage(['sets', images, '--json']);
		const [set] = (JSON.parse(out) as { sets: { files: { comment: string; verifiedOn?: string }[] }[] }).sets;
		expect(set!.files.map(({ comment }) => comment)).toEqual(['state 0', 'state 1', 'state 2', 'state 3']);
		for (const { verifiedOn } of set!.files) expect(verifiedOn).toMatch(/^2026-11-30T/);
		const listed = await afterimage(['files', files[3]!.path, '--partition', '1']);
		for (const state of [0, 2, 3]) expect(listed.out).toContain(`FILE${state}.TXT`);
	});
});

function sumOf(path: string): string {
	return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Changes reserved sectors of the FAT and the file system behind it, in places that are always stored. */
function change(disk: string, value: number): void {
	const bytes = readFileSync(disk);
	bytes.fill(0x30 + value, (64 + 9) * 512, (64 + 10) * 512);
	bytes.fill(0x30 + value, 4160 * 512, 4160 * 512 + 512);
	writeFileSync(disk, bytes);
}
