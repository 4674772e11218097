import { stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../../src/engine/requests/image.ts';
import { sha256 } from '../../../support/byte-files.ts';
import { afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { ext4From, makeRawDisk } from '../../../support/raw-disk.ts';
import { run } from '../../../support/run.ts';
import { disk, files, image, temp } from './scene.ts';

const mebibyte = 2 ** 20;

describe('ways to store', () => {
	it('encrypts, and tells a wrong password from none', async () => {
		const password = temp.file('password');
		await writeFile(password, 'Grüße, Welt\nsecond line\n', { mode: 0o600 });
		const wrong = temp.file('wrong-password');
		await writeFile(wrong, 'something else', { mode: 0o600 });
		await temp.folder('encrypted');
		for (const bits of ['128', '192', '256']) {
			const result = await afterimageResult<ImageResult>([
				...['image', disk, '--to', temp.file('encrypted'), '--password-file', password, '--aes', bits],
			]);
			const [file] = result.files;
			expect((await afterimageJson(['verify', file!], 5)).at(-1)).toMatchObject({ code: 'password-needed' });
			expect((await afterimageJson(['verify', file!, '--password-file', wrong], 5)).at(-1)).toMatchObject({
				code: 'wrong-password',
			});
			const target = temp.file(`aes-${bits}.img`);
			await afterimageResult(['restore', file!, '--to', target, '--password-file', password]);
			expect(await sha256(target)).toBe(await sha256(disk));
		}
	});

	it('says when others may read the password', async () => {
		const password = temp.file('open-password');
		await writeFile(password, 'secret\n', { mode: 0o644 });
		const lines = await afterimageJson(['verify', image, '--password-file', password]);
		expect(lines).toContainEqual(expect.objectContaining({ type: 'log', level: 'warning' }));
	});

	it('splits into files that are no larger than asked, and names a missing one', async () => {
		await temp.folder('split');
		const result = await afterimageResult<ImageResult>([
			...['image', disk, '--to', temp.file('split'), '--split', '4M', '--name', 'parts'],
		]);
		expect(result.files.length).toBeGreaterThan(2);
		for (const file of result.files) expect((await stat(file)).size).toBeLessThanOrEqual(4 * mebibyte);
		expect(result.files.map((file) => /-parts-00-(\d\d)\.mrimgx$/.exec(file)?.[1])).toEqual(
			result.files.map((_, i) => String(i).padStart(2, '0')),
		);
		const target = temp.file('from-split.img');
		await afterimageResult(['restore', result.files[0]!, '--to', target]);
		expect(await sha256(target)).toBe(await sha256(disk));
		await run('rm', [result.files[1]!]);
		const lines = await afterimageJson(['verify', result.files.at(-1)!], 6);
		expect(lines.at(-1)).toMatchObject({ code: 'file-missing' });
		expect(lines.at(-1)?.['message']).toContain(basename(result.files[1]!));
	});

	it('stores without compression, with more of it, and every sector', async () => {
		await temp.folder('ways');
		for (const options of [
			['--compression', 'none'],
			['--compression', 'high'],
			['--all-sectors', '--verify'],
		]) {
			const result = await afterimageResult<ImageResult>(['image', disk, '--to', temp.file('ways'), ...options]);
			const target = temp.file(`way${options[1]}.img`);
			await afterimageResult(['restore', result.files[0]!, '--to', target]);
			expect(await sha256(target)).toBe(await sha256(disk));
		}
	});

	it('images chosen partitions and several disks', async () => {
		await temp.folder('several');
		const second = temp.file('second.img');
		await makeRawDisk(second, 'gpt', 32, [{ start: 1, size: 24, type: 'L', make: ext4From(files) }]);
		const one = await afterimageResult<ImageResult>([
			...['image', disk, '--to', temp.file('several'), '--partition', '1'],
		]);
		expect(one.partitions).toHaveLength(1);
		const both = await afterimageResult<ImageResult>(['image', disk, second, '--to', temp.file('several')]);
		expect(both.partitions).toHaveLength(3);
		const lines = await afterimageJson(['restore', both.files[0]!, '--to', temp.file('which.img')], 2);
		expect(lines.at(-1)?.['message']).toContain('disks 0, 1');
		await afterimageResult(['restore', both.files[0]!, '--disk', '1', '--to', temp.file('second-back.img')]);
		expect(await sha256(temp.file('second-back.img'))).toBe(await sha256(second));
	});
});
