import { rm, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { change, expectSameFiles, image, restored, scene, sets, temp } from './scene.ts';

const mebibyte = 2 ** 20;

describe('a chain', () => {
	it('of fulls, differentials and incrementals restores at every point, with and without a password', async () => {
		const password = temp.file('password');
		await writeFile(password, 'Secret\n', { mode: 0o600 });
		for (const options of [[], ['--password-file', password]]) {
			const { folder, disk } = await scene(`points-${options.length}`);
			const points = new Map<string, string>();
			let previous = 0;
			for (const [i, type] of ['auto', 'inc', 'inc', 'diff', 'inc', 'auto', 'diff', 'inc'].entries()) {
				if (i > 0) await change(disk, i);
				const result = await image(disk, folder, type, ...options);
				expect(result.backupType).toBe(i === 0 ? 'full' : type === 'auto' ? 'inc' : type);
				const [file] = result.files;
				expect(basename(file!)).toBe(`${result.imageId}-0${i}-0${i}.mrimgx`);
				if (i === 0) previous = result.bytesWritten;
				else expect(result.bytesWritten).toBeLessThan(previous / 2);
				await expectSameFiles(file!, disk, ...options);
				points.set(file!, await restored(file!, ...options));
			}
			for (const [file, hash] of points) {
				expect(await restored(file, ...options)).toBe(hash);
				expect(await afterimageResult(['verify', file, ...options])).toMatchObject({ bad: [] });
			}
			const listed = await sets(folder);
			expect(listed.sets).toHaveLength(1);
			expect(listed.sets[0]).toMatchObject({ damage: [] });
			expect(listed.sets[0]!.files.map((file) => file.type)).toEqual([
				'full',
				'inc',
				'inc',
				'diff',
				'inc',
				'inc',
				'diff',
				'inc',
			]);
			expect(listed.sets[0]!.files.every((file) => file.verifiedOn !== undefined)).toBe(true);
		}
	});

	it('costs next to nothing without a change', async () => {
		const { folder, disk } = await scene('unchanged');
		await image(disk, folder, 'full');
		const result = await image(disk, folder, 'inc');
		expect(result.partitions.map((partition) => partition.storedBlocks)).toEqual([0, 0]);
		expect(result.bytesWritten).toBeLessThan(16 * 1024);
	});

	it('goes on after a restore onto the same disk', async () => {
		const { folder, disk } = await scene('restored-first');
		const { files } = await image(disk, folder, 'full');
		await change(disk, 1);
		await image(disk, folder, 'inc');
		await afterimageResult(['restore', files[0]!, '--to', disk, '--delta']);
		const result = await image(disk, folder, 'inc');
		expect(result.backupType).toBe('inc');
		await expectSameFiles(result.files[0]!, disk);
	});

	it('names a missing file', async () => {
		const { folder, disk } = await scene('missing');
		await image(disk, folder, 'full');
		await change(disk, 1);
		const lost = (await image(disk, folder, 'inc')).files[0]!;
		await change(disk, 2);
		const last = (await image(disk, folder, 'inc')).files[0]!;
		await rm(lost);
		const lines = await afterimageJson(['verify', last], 6);
		expect(lines.at(-1)).toMatchObject({ code: 'file-missing' });
		expect(lines.at(-1)?.['message']).toContain(basename(lost));
		expect((await sets(folder)).sets[0]!.damage).toEqual([`${basename(lost)} is missing`]);
		// And the next backup starts anew, saying why.
		const next = await afterimageJson(['image', disk, '--to', folder, '--type', 'inc']);
		expect(next.find((line) => line.type === 'result')).toMatchObject({ backupType: 'full' });
		expect(next).toContainEqual(
			expect.objectContaining({
				...{ type: 'log', level: 'warning' },
				message: expect.stringContaining(`${basename(lost)} is missing: a full is made`) as string,
			}),
		);
	});

	it('splits incrementals too', async () => {
		const { folder, disk } = await scene('split');
		await image(disk, folder, 'full', '--split', '2M');
		await change(disk, 1);
		const { files } = await image(disk, folder, 'inc', '--split', '1M');
		for (const file of files) expect((await stat(file)).size).toBeLessThanOrEqual(mebibyte);
		await expectSameFiles(files.at(-1)!, disk);
	});
});
