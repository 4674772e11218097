import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomNumbers } from '../support/random-numbers.ts';
import { run } from '../support/run.ts';
import { errorThere, resultThere } from './support/windows-cli.ts';
import { buildForWindows, Windows, windowsPath } from './support/wine.ts';

let windows: Windows;
let program: string;
let image: string;
const noise = randomNumbers(5).fill(new Uint8Array(300_000));
const changed = 1_700_000_000;

beforeAll(async () => {
	program = buildForWindows();
	windows = Windows.fresh();
	const folder = join(windows.folder, 'linux');
	mkdirSync(join(folder, 'etc/con'), { recursive: true });
	for (const name of ['Case', 'case', 'a:b?', 'ends in a dot.', 'plain ü.txt']) {
		writeFileSync(join(folder, 'etc', name), `contents of ${name}`);
	}
	writeFileSync(join(folder, 'etc/con/noise'), noise);
	symlinkSync('noise', join(folder, 'etc/con/link'));
	utimesSync(join(folder, 'etc/con/noise'), changed, changed);
	const disk = join(windows.folder, 'disk.raw');
	await run('mke2fs', ['-q', '-t', 'ext4', '-d', folder, disk, '16M']);
	mkdirSync(join(windows.driveC, 'images'));
	const args = ['image', windowsPath(disk), '--to', 'C:\\images'];
	[image] = (await resultThere<{ files: [string] }>(windows, program, args)).files;
});

afterAll(() => windows.remove());

interface Listed {
	readonly entries: readonly { readonly name: string; readonly kind: string }[];
}

test('files of Linux are listed by their own names', async () => {
	const { entries } = await resultThere<Listed>(windows, program, ['files', image, '/etc']);
	expect(entries.map(({ name, kind }) => [kind, name])).toEqual(
		expect.arrayContaining([
			['folder', 'con'],
			['file', 'Case'],
			['file', 'case'],
			['file', 'a:b?'],
			['file', 'ends in a dot.'],
			['file', 'plain ü.txt'],
		]),
	);
});

test('files of Linux are extracted under names that Windows takes, links left out', async () => {
	const args = ['extract', image, '/etc', '--to', 'C:\\out'];
	const result = await resultThere<{ files: number; skipped: { path: string }[] }>(windows, program, args);
	expect(result).toMatchObject({ files: 6, skipped: [{ path: 'etc/con/link' }] });
	const folder = join(windows.driveC, 'out/etc');
	expect(readdirSync(folder).sort()).toEqual(
		['Case', '_con', 'a_b_', 'case (2)', 'ends in a dot_', 'plain ü.txt'].sort(),
	);
	expect(readFileSync(join(folder, 'case (2)'), 'utf8')).toBe('contents of case');
	expect(readFileSync(join(folder, 'a_b_'), 'utf8')).toBe('contents of a:b?');
	expect(readFileSync(join(folder, '_con/noise')).equals(noise)).toBe(true);
	expect(statSync(join(folder, '_con/noise')).mtimeMs).toBe(changed * 1000);
	expect(readdirSync(join(folder, '_con'))).toEqual(['noise']);
});

test('what is there is replaced only when that is asked for', async () => {
	const args = ['extract', image, '/etc/Case', '--to', 'C:\\there'];
	const there = join(windows.driveC, 'there/Case');
	mkdirSync(join(windows.driveC, 'there'));
	writeFileSync(there, 'mine');
	const refused = await errorThere(windows, program, args);
	expect(refused).toMatchObject({ exit: 2 });
	expect(refused.message).toContain('Case');
	expect(readFileSync(there, 'utf8')).toBe('mine');
	await resultThere(windows, program, [...args, '--overwrite']);
	expect(readFileSync(there, 'utf8')).toBe('contents of Case');
});
