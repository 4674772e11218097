import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomNumbers } from '../support/random-numbers.ts';
import { patch } from '../support/raw-disk.ts';
import { run } from '../support/run.ts';
import { afterimageThere, linesOf, resultThere } from './support/windows-cli.ts';
import { buildForWindows, Windows, windowsPath } from './support/wine.ts';

let windows: Windows;
let program: string;
let disk: string;
const noise = randomNumbers(11);

beforeAll(() => {
	program = buildForWindows();
	windows = Windows.fresh();
	disk = join(windows.folder, 'disk.raw');
	const bytes = noise.fill(new Uint8Array(12 << 20));
	// A master boot record with an id and no partitions: without one no set could be told to be of this disk.
	bytes.fill(0, 0, 512);
	bytes.set([0xab, 0xcd, 0, 0], 0x1b8);
	bytes.set([0x55, 0xaa], 0x1fe);
	writeFileSync(disk, bytes);
});

afterAll(() => windows.remove());

async function image(folder: string, type: string): Promise<string> {
	await patch(disk, 512 + noise.below(10 << 20), noise.fill(new Uint8Array(300_000)));
	const args = ['image', windowsPath(disk), '--to', `C:\\${folder}`, '--type', type];
	return (await resultThere<{ files: string[] }>(windows, program, args)).files[0]!;
}

async function comparesWith(file: string): Promise<void> {
	const back = join(windows.folder, 'back.raw');
	await resultThere(windows, program, ['restore', file, '--to', windowsPath(back)]);
	await run('cmp', [back, disk]);
	await run('rm', [back]);
}

test('deltas are merged into one, in place of files that were there', async () => {
	const folder = join(windows.driveC, 'merged');
	mkdirSync(folder, { recursive: true });
	await image('merged', 'full');
	const second = await image('merged', 'inc');
	const third = await image('merged', 'inc');
	await resultThere(windows, program, ['merge', second, third]);
	const left = readdirSync(folder).filter((name) => name.endsWith('.mrimgx'));
	expect(left).toHaveLength(2);
	expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
	const last = left.sort().at(-1)!;
	await comparesWith(`C:\\merged\\${last}`);
});

test('the set becomes a synthetic full, and retention removes what is over', async () => {
	const folder = join(windows.driveC, 'purged');
	mkdirSync(folder, { recursive: true });
	await image('purged', 'full');
	for (let i = 0; i < 3; i++) await image('purged', 'inc');
	await resultThere(windows, program, ['purge', 'C:\\purged', '--full', '1', '--inc', '1', '--synthetic']);
	const left = readdirSync(folder).filter((name) => name.endsWith('.mrimgx'));
	expect(left.length).toBeLessThan(4);
	await comparesWith(`C:\\purged\\${left.sort().at(-1)!}`);
});

test('the lock of a run that was killed is taken over', async () => {
	const folder = join(windows.driveC, 'locked');
	mkdirSync(folder, { recursive: true });
	const killed = await windows.node([
		'-e',
		`const { spawn } = require('child_process'); const fs = require('fs');
			const run = spawn(process.execPath, process.argv.slice(1), { stdio: 'ignore' });
			const wait = setInterval(() => {
				if (!fs.existsSync('C:\\\\locked\\\\.afterimage.lock')) return;
				clearInterval(wait);
				run.kill('SIGKILL');
			}, 1);
			run.on('exit', (code, signal) => console.log(signal));`,
		windowsPath(program),
		'image',
		windowsPath(disk),
		'--to',
		'C:\\locked',
	]);
	expect(killed.out.trim()).toBe('SIGKILL');
	expect(readdirSync(folder)).toContain('.afterimage.lock');
	const { code, out } = await afterimageThere(windows, program, [
		'image',
		windowsPath(disk),
		'--to',
		'C:\\locked',
		'--json',
	]);
	expect(code).toBe(0);
	expect(JSON.stringify(linesOf(out).filter((line) => line.type === 'log'))).toContain('Took over');
});
