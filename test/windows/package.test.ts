import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { randomNumbers } from '../support/random-numbers.ts';
import { run } from '../support/run.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { resultThere } from './support/windows-cli.ts';
import { Windows, windowsPath } from './support/wine.ts';

test('the package for Windows is small, holds its own libraries alone, and works out of its folder', async () => {
	// Not below the checkout, whose packages would stand in for what is missing.
	const folder = tempFolder();
	const file = join(folder, 'afterimage.vsix');
	const script = resolve(import.meta.dirname, '../../scripts/package.ts');
	const args = ['--disable-warning=ExperimentalWarning', script, '--target', 'win32-x64', '--out', file];
	await run(process.execPath, args);
	expect(statSync(file).size).toBeLessThan(10 * 2 ** 20);
	await run('unzip', ['-q', file, '-d', folder]);
	const dist = join(folder, 'extension/dist');
	expect(readdirSync(join(dist, 'node_modules/@koromix'))).toEqual(['koffi-win32-x64']);
	expect(existsSync(join(dist, 'node_modules/@koromix/koffi-win32-x64/win32_x64/koffi.node'))).toBe(true);
	expect(readdirSync(join(dist, 'node_modules')).sort()).toEqual(['@koromix', 'koffi']);
	const kernels = join(dist, 'native');
	expect(existsSync(kernels) ? readdirSync(kernels) : ['win32-x64']).toEqual(['win32-x64']);
	for (const program of ['afterimage', 'engine', 'main-worker', 'elevate']) {
		expect(existsSync(join(dist, `${program}.mjs`))).toBe(true);
	}

	const windows = Windows.forTest();
	const raw = join(folder, 'disk.raw');
	writeFileSync(raw, randomNumbers(5).fill(new Uint8Array(3 << 20)));
	mkdirSync(join(windows.driveC, 'images'));
	const program = join(dist, 'afterimage.mjs');
	const image = ['image', windowsPath(raw), '--to', 'C:\\images', '--verify'];
	const { files } = await resultThere<{ files: string[] }>(windows, program, image);
	await resultThere(windows, program, ['restore', files[0]!, '--to', windowsPath(join(folder, 'back.raw'))]);
	await run('cmp', [raw, join(folder, 'back.raw')]);
});
