import type { ChildProcess } from 'node:child_process';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { afterimage, afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { run } from '../../../support/run.ts';
import { disk, images, temp, untilWriting } from './scene.ts';

/** A folder with one good image, and what proves that it stays as it is. */
async function folderWithImage(name: string): Promise<{ folder: string; unchanged: () => Promise<void> }> {
	const folder = await temp.folder(name);
	const { files } = await afterimageResult<ImageResult>(['image', disk, '--to', folder]);
	const hash = async () => (await run('sha256sum', [...files])).stdout;
	const before = await hash();
	return {
		folder,
		unchanged: async () => {
			expect(await hash()).toBe(before);
		},
	};
}

describe('a run that is stopped', () => {
	it('ends soon and leaves nothing when it is cancelled', async () => {
		const { folder, unchanged } = await folderWithImage('cancelled');
		for (const [signal, wait] of [
			['SIGINT', 0],
			['SIGTERM', 60],
			['SIGINT', 250],
		] as const) {
			const before = (await readdir(folder)).sort();
			let sent = 0;
			const result = await afterimage(['image', disk, '--to', folder], (child) => {
				void untilWriting(folder).then(async () => {
					await delay(wait);
					sent = Date.now();
					child.kill(signal);
				});
			});
			const took = Date.now() - sent;
			if (result.code === 0) continue;
			expect(result).toMatchObject({ code: 4, err: expect.stringContaining('Cancelled') as string });
			console.info(`${signal} after ${wait} ms: ended ${took} ms later`);
			expect((await readdir(folder)).sort()).toEqual(before);
		}
		await unchanged();
	});

	it('killed anywhere, leaves every earlier file as it was, and the next run clears up', async () => {
		const { folder, unchanged } = await folderWithImage('killed');
		const kill = (child: ChildProcess) => child.kill('SIGKILL');
		for (const wait of [0, 5, 15, 40, 80, 120, 180, 250, 350, 500, 700]) {
			const known = await images(folder);
			await afterimage(['image', disk, '--to', folder], (child) => {
				void untilWriting(folder).then(async () => {
					await delay(wait);
					kill(child);
				});
			});
			await unchanged();
			for (const name of await images(folder)) {
				if (known.includes(name)) continue;
				// It had come to its end before the signal: then it is whole.
				await afterimageResult(['verify', join(folder, name)]);
				await rm(join(folder, name));
			}
			for (const name of (await readdir(folder)).filter((one) => !known.includes(one))) {
				expect(name).toMatch(/\.part$|^\.afterimage/);
			}
		}
		await writeFile(join(folder, 'ABCDEF0123456789-00-00.mrimgx.part'), 'left over');
		const lines = await afterimageJson(['image', disk, '--to', folder]);
		expect(lines).toContainEqual(
			expect.objectContaining({ type: 'log', message: expect.stringContaining('Removed ABCDEF0123456789') as string }),
		);
		// What notes verified images stays, where a run had come to its end above.
		const left = (await readdir(folder)).filter((name) => name !== '.afterimage-verified');
		expect(left.filter((name) => name.includes('.part') || name.startsWith('.'))).toEqual([]);
		expect(await images(folder)).toHaveLength(2);
		await unchanged();
	});

	it('takes over the lock of a run that was killed, and respects a live one', async () => {
		const folder = await temp.folder('locked');
		let second: Promise<{ code: number | null }> | undefined;
		await afterimage(['image', disk, '--to', folder], (child) => {
			void untilWriting(folder).then(() => {
				child.kill('SIGSTOP');
				second = afterimage(['image', disk, '--to', folder]);
				void second.then(() => child.kill('SIGKILL'));
			});
		});
		expect((await second)?.code).toBe(3);
		const lines = await afterimageJson(['image', disk, '--to', folder]);
		expect(lines).toContainEqual(
			expect.objectContaining({ type: 'log', message: expect.stringContaining('Took over') as string }),
		);
	});

	it('completes the names of a split backup whose run died between two renames', async () => {
		const folder = await temp.folder('renaming');
		const { files } = await afterimageResult<ImageResult>(['image', disk, '--to', folder, '--split', '64M']);
		for (const file of files.slice(1)) await rename(file, `${file}.part`);
		await afterimageJson(['image', disk, '--to', folder]);
		await afterimageResult(['verify', files[0]!]);
	});

	it('says that the destination has gone', async () => {
		const folder = await temp.folder('vanished');
		const elsewhere = temp.file('elsewhere');
		await rm(elsewhere, { recursive: true, force: true });
		const result = await afterimage(['image', disk, '--to', folder], () => {
			// All at once, as a share or a removed disk goes.
			void untilWriting(folder).then(() => rename(folder, elsewhere));
		});
		expect(result.code).toBe(8);
		expect(result.err).toContain(folder);
	});
});
