import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { afterimage, afterimageJson } from '../../../support/cli.ts';
import { disk, image } from './scene.ts';

describe('what is asked wrongly', () => {
	it.each([
		[['image', '/nowhere.img', '--to', '/tmp'], 8],
		[['image', 'DISK', '--to', '/nowhere/at/all'], 8],
		[['image', 'DISK'], 2],
		[['image', 'DISK', '--to', '/tmp', '--partition', '9'], 2],
		[['image', 'DISK', '--to', '/tmp', '--compression', 'best'], 2],
		[['image', 'DISK', '--to', '/tmp', '--split', 'some'], 2],
		[['image', 'DISK', '--to', '/tmp', '--name', 'a/b'], 2],
		[['verify', '/nowhere.mrimgx'], 8],
		[['verify', 'DISK'], 6],
		[['verify', 'DISK', '--sample', '0%'], 2],
		[['restore', '/nowhere.mrimgx', '--to', '/tmp/x'], 8],
		[['disks', '/nowhere'], 8],
		[['disks', '/dev/null'], 2],
		[['nonsense'], 2],
		[['image', '--nonsense'], 2],
	] as const)('%j exits with %i and a message without a stack', async (args, code) => {
		const result = await afterimage(args.map((arg) => (arg === 'DISK' ? disk : arg)));
		expect(result.err).toMatch(/^Error: /m);
		expect(result.err).not.toMatch(/\n\s+at /);
		expect(result.code).toBe(code);
	});

	it('makes no file below /dev', async () => {
		const lines = await afterimageJson(['restore', image, '--to', '/dev/afterimage-test', '--yes'], 8);
		expect(lines.at(-1)).toMatchObject({ code: 'destination-missing' });
		await expect(stat('/dev/afterimage-test')).rejects.toThrow();
	});
});
