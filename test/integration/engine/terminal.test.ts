import { spawn } from 'node:child_process';
import { stat, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { sparseFile } from '../../support/byte-files.ts';
import { afterimageJson, afterimageResult, commandLine } from '../../support/cli.ts';
import { fillFolder } from '../../support/file-trees.ts';
import { withLoopDevice } from '../../support/loop-device.ts';
import { ext4From, makeRawDisk } from '../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../support/require.ts';
import { useTempFolder } from '../../support/temp-folder.ts';

const ready = requireTools(['script', 'flock', 'mkfs.ext4', 'sfdisk', 'losetup']);
const temp = useTempFolder();
const mebibyte = 2 ** 20;
let disk = '';
let images = '';
let password = '';

beforeAll(async () => {
	if (!ready) return;
	const files = await temp.folder('files');
	await fillFolder(files, 4, { files: 20, bytes: mebibyte });
	disk = temp.file('disk.img');
	images = await temp.folder('images');
	await makeRawDisk(disk, 'gpt', 32, [{ start: 1, size: 30, type: 'L', make: ext4From(files) }]);
	password = temp.file('password');
	await writeFile(password, 'Pass wörd\n', { mode: 0o600 });
});

async function image(...options: string[]): Promise<string> {
	const result = await afterimageResult<{ type: string; files: string[] }>(['image', disk, '--to', images, ...options]);
	return result.files[0]!;
}

/** Runs the command line on a terminal of its own and types `answer` when `question` shows. */
function onTerminal(
	args: readonly string[],
	question: string,
	answer: string,
): Promise<{ code: number | null; screen: string }> {
	const command = [...commandLine(), ...args].map((part) => `'${part}'`).join(' ');
	return new Promise((done, reject) => {
		const child = spawn('script', ['-q', '-e', '-c', command, '/dev/null']);
		let screen = '';
		let answered = false;
		child.stdout.on('data', (data: Buffer) => {
			screen += data.toString('utf8');
			if (answered || !screen.includes(question)) return;
			answered = true;
			child.stdin.write(answer);
		});
		child.on('error', reject);
		child.on('close', (code) => done({ code, screen }));
	});
}

describe('on a terminal', () => {
	it('the password of an encrypted image is asked for and does not show', async () => {
		const file = await image('--password-file', password);
		const right = await onTerminal(['verify', file], 'Password: ', 'Pass wörd\r');
		expect(right.code).toBe(0);
		expect(right.screen).toContain('is sound');
		expect(right.screen).not.toContain('wörd');
		const wrong = await onTerminal(['verify', file], 'Password: ', 'something\r');
		expect(wrong.code).toBe(5);
		const stopped = await onTerminal(['verify', file], 'Password: ', '\u0003');
		expect(stopped.code).toBe(4);
		// Of a folder once, behind what needs none.
		await image('--type', 'full');
		const all = await onTerminal(['verify', images], 'Password: ', 'Pass wörd\r');
		expect(all.code).toBe(0);
		expect(all.screen.indexOf('is sound')).toBeLessThan(all.screen.indexOf('Password: '));
		expect(all.screen).toContain('2 backups: 2 sound: ');
	});

	it('a progress bar is drawn', async () => {
		const file = await image();
		const { screen } = await onTerminal(['verify', file], 'never asked', '');
		expect(screen).toContain('Verifying [');
		expect(screen).toContain('100.0%');
	});
});

describe('a device on a terminal', () => {
	requireRoot();

	it('is overwritten only after its name was typed', async () => {
		const file = await image();
		const backing = await sparseFile(temp.file('device.img'), 40 * mebibyte);
		await withLoopDevice(backing, {}, async (device) => {
			const other = await onTerminal(['restore', file, '--to', device], 'to go on: ', 'yes\r');
			expect(other.code).toBe(4);
			expect((await stat(backing)).blocks).toBe(0);
			const same = await onTerminal(['restore', file, '--to', device], 'to go on: ', `${device}x\u007f\r`);
			expect(same.screen).toContain('40.00 MB');
			expect(same.code).toBe(0);
			expect((await stat(backing)).blocks).toBeGreaterThan(0);
		});
	});
});

describe('a target file', () => {
	it('that another process has locked is refused', async () => {
		const file = await image();
		const target = await sparseFile(temp.file('locked.img'), 40 * mebibyte);
		const holder = spawn('flock', [target, 'sh', '-c', 'echo held; read -r _'], { stdio: ['pipe', 'pipe', 'inherit'] });
		await new Promise((held) => holder.stdout.once('data', held));
		const lines = await afterimageJson(['restore', file, '--to', target], 1);
		expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'target-in-use' });
		holder.stdin.end('\n');
		await new Promise((ended) => holder.once('close', ended));
		await afterimageResult(['restore', file, '--to', target]);
	});
});
