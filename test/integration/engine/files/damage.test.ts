import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ExtractResult } from '../../../../src/engine/requests/files.ts';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { afterimage, afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { ext4From, makeRawDisk, patch } from '../../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

requireTools(['mkfs.ext4', 'sfdisk']);
requireRoot();
const temp = useTempFolder();
const mebibyte = 2 ** 20;

const bytesOf = (seed: number, size: number) => randomNumbers(seed).fill(new Uint8Array(size));

/** An image of files that do not compress, uncompressed so that their bytes are found in it. */
async function imageOf(name: string, count: number, size: number, more: readonly string[] = []): Promise<string> {
	const files = await temp.folder(`${name}-files`);
	for (let i = 0; i < count; i++) await writeFile(join(files, `file-${i}`), bytesOf(i + 1, size));
	const disk = temp.file(`${name}.img`);
	const room = Math.ceil((count * size * 1.2) / mebibyte) + 8;
	await makeRawDisk(disk, 'gpt', room + 2, [{ start: 1, size: room, type: 'L', make: ext4From(files) }]);
	await rm(files, { recursive: true });
	const folder = await temp.folder(name);
	const args = ['image', disk, '--to', folder, '--compression', 'none', ...more];
	const result = await afterimageResult<ImageResult>(args);
	return result.files.at(-1)!;
}

describe('files of a damaged backup', () => {
	it('that are sound are extracted, the others are listed, and the exit code says so', async () => {
		const file = await imageOf('damaged', 4, 400_000);
		const image = await readFile(file);
		const at = image.indexOf(Buffer.from(bytesOf(2, 400_000).subarray(200_000, 200_100)));
		expect(at).toBeGreaterThan(0);
		await patch(file, at, new Uint8Array([0, 1, 2, 3]));
		const to = temp.file('damaged-out');
		const result = await afterimageResult<ExtractResult>(['extract', file, '/', '--to', to], 6);
		expect(result.damaged).toEqual([
			{ path: 'file-1', reason: expect.stringMatching(/^Disk 0, partition 1, block \d+: bytes .*: MD5/) as string },
		]);
		expect(result.files).toBe(3);
		expect((await readdir(to)).sort()).toEqual(['file-0', 'file-2', 'file-3', 'lost+found']);
		for (const i of [0, 2, 3]) {
			const found = createHash('sha256').update(await readFile(join(to, `file-${i}`)));
			expect(found.digest('hex')).toBe(
				createHash('sha256')
					.update(bytesOf(i + 1, 400_000))
					.digest('hex'),
			);
		}
		const told = await afterimage(['extract', file, 'file-1', '--to', temp.file('damaged-one')]);
		expect(told.code).toBe(6);
		expect(told.out).toContain('1 of what was asked for could not be read');
		const listed = await afterimageJson(['runs', '--limit', '1']);
		expect(JSON.stringify(listed)).toContain('Extract file-1 from');
		const intoFile = await afterimage(['extract', file, '/', '--to', file]);
		expect(intoFile).toMatchObject({ code: 8, err: `Error: ${file} is a file, not a folder\n` });
	});

	it('are named by the part of a split backup that is missing', async () => {
		const file = await imageOf('split', 6, mebibyte, ['--split', '2M']);
		const first = file.replace(/-(\d\d)\.mrimgx$/, '-00.mrimgx');
		expect(first).not.toBe(file);
		await rm(first);
		const refused = (await afterimageJson(['files', file, '--partition', '1'], 6)).at(-1);
		expect(refused).toMatchObject({ code: 'file-missing' });
	});
});

describe('an extraction that is stopped', () => {
	it('ends within a second and leaves whole files alone', async () => {
		const size = 48 * mebibyte;
		const file = await imageOf('stopped', 6, size);
		for (const [i, wait] of [0, 120].entries()) {
			const to = temp.file(`stopped-${i}`);
			let sent = 0;
			const result = await afterimage(['extract', file, '/', '--to', to], (child) => {
				void untilPart(to).then(async () => {
					await delay(wait);
					sent = Date.now();
					child.kill('SIGINT');
				});
			});
			expect(result).toMatchObject({ code: 4, err: expect.stringContaining('Cancelled') as string });
			console.info(`ended ${Date.now() - sent} ms later`);
			const left = (await readdir(to)).filter((name) => name !== 'lost+found');
			expect(left.length).toBeLessThan(6);
			for (const name of left) {
				expect(name).toMatch(/^file-\d$/);
				expect((await run('stat', ['-c', '%s', join(to, name)])).stdout.trim()).toBe(String(size));
			}
		}
	});

	it('says when the folder is full, and leaves nothing of the file', async () => {
		const file = await imageOf('full', 3, 4 * mebibyte);
		const small = temp.file('small.img');
		await run('truncate', ['-s', '10M', small]);
		await run('mkfs.ext4', ['-q', '-F', '-O', '^has_journal', small]);
		await mounted(small, ['-o', 'loop'], async (folder) => {
			const to = join(folder, 'out');
			const lines = await afterimageJson(['extract', file, '/', '--to', to], 7);
			expect(lines.find((line) => line['level'] === 'warning')?.['message']).toContain('may not fit');
			expect(lines.at(-1)).toMatchObject({ code: 'no-space' });
			const left = (await readdir(to)).filter((name) => name !== 'lost+found');
			for (const name of left) expect(name).toMatch(/^file-\d$/);
			expect(left.length).toBeLessThan(3);
		});
	});
});

async function untilPart(folder: string): Promise<void> {
	const names = () => readdir(folder).catch(() => []);
	while (!(await names()).some((name) => name.endsWith('.part'))) await delay(5);
}
