import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ExtractResult } from '../../../../src/engine/requests/files.ts';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { sparseFile } from '../../../support/byte-files.ts';
import { afterimageResult, commandLine } from '../../../support/cli.ts';
import { mounted } from '../../../support/mounted.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

const ready = requireTools(['mkfs.ext4', 'mount']);
const root = requireRoot();
const temp = useTempFolder();
const mebibyte = 2 ** 20;
let image = '';

async function volume(name: string, ...options: string[]): Promise<string> {
	const file = await sparseFile(temp.file(name), 16 * mebibyte);
	await run('mkfs.ext4', ['-q', '-F', ...options, file]);
	return file;
}

beforeAll(async () => {
	if (!ready || !root) return;
	const disk = await volume('disk.img', '-b', '4096');
	await mounted(disk, ['-o', 'loop'], async (folder) => {
		await writeFile(join(folder, 'small'), 'small');
		await writeFile(join(folder, 'huge'), '');
		await truncate(join(folder, 'huge'), 8 * 2 ** 40);
	});
	image = (await afterimageResult<ImageResult>(['image', disk, '--to', await temp.folder('images')])).files[0]!;
});

describe('a file of 8 TB of holes', () => {
	it('is left out at once where the file system of the folder takes none so large', async () => {
		// With blocks of 1 KiB a file has 4 TiB at most.
		await mounted(await volume('target.img', '-b', '1024'), ['-o', 'loop'], async (folder) => {
			const to = join(folder, 'files');
			const result = await afterimageResult<ExtractResult>(['extract', image, '/', '--to', to], 1);
			expect(result.skipped).toMatchObject([{ path: 'huge', refused: true }]);
			expect(await readdir(to)).toEqual(['lost+found', 'small']);
		});
	});

	it('can be cancelled while it is read', async () => {
		const to = temp.file('files');
		const [node, entry] = commandLine();
		const child = spawn(node, [entry, 'extract', image, '/', '--to', to], { stdio: 'ignore' });
		const ended = once(child, 'exit');
		const isReading = async () => (await readdir(to).catch(() => [])).some((name) => name.endsWith('.part'));
		while (child.exitCode === null && !(await isReading())) await delay(50);
		child.kill('SIGTERM');
		const late = delay(10_000).then(() => child.kill('SIGKILL'));
		expect(await Promise.race([ended, late])).toEqual([4, null]);
		expect(await readdir(to)).not.toContain('huge');
		expect(await isReading()).toBe(false);
	});
});
