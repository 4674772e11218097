import { copyFile, readdir, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { afterimage, afterimageJson, afterimageResult, type JsonLine } from '../../../support/cli.ts';
import { change, image, restored, scene, sets, temp } from './scene.ts';

describe('retention', () => {
	it('prints the steps with their reasons first, and then does them', async () => {
		const { folder, disk } = await scene('purge');
		const hashes = new Map<string, string>();
		for (const [i, type] of ['full', 'inc', 'full', 'diff', 'inc', 'inc', 'inc'].entries()) {
			await change(disk, i + 1);
			const [file] = (await image(disk, folder, type)).files;
			hashes.set(file!, await restored(file!));
		}
		const files = [...hashes.keys()];
		const before = (await readdir(folder)).sort();
		const rules = ['--full', '1', '--inc', '2'];
		const planned = await afterimage(['purge', folder, ...rules, '--dry-run']);
		expect(planned.code).toBe(0);
		expect(planned.out).toContain(files[0]!);
		expect((await readdir(folder)).sort()).toEqual(before);

		const result = await afterimageResult<JsonLine & { steps: { kind: string; reason: string; freedBytes: number }[] }>(
			[...['purge', folder, ...rules]],
		);
		expect(result.steps.map((step) => step.kind)).toEqual(['delete-set', 'merge']);
		expect(result.steps.every((step) => step.reason !== '')).toBe(true);
		const left = (await sets(folder)).sets;
		expect(left).toHaveLength(1);
		expect(left[0]!.files.map((file) => file.type)).toEqual(['full', 'diff', 'inc', 'inc']);
		const [full, diff, merged, last] = left[0]!.files;
		expect(await restored(full!.path)).toBe(hashes.get(files[2]!));
		expect(await restored(diff!.path)).toBe(hashes.get(files[3]!));
		expect(await restored(merged!.path)).toBe(hashes.get(files[5]!));
		expect(await restored(last!.path)).toBe(hashes.get(files[6]!));
		const again = await afterimageResult<JsonLine & { steps: unknown[] }>(['purge', folder, ...rules]);
		expect(again.steps).toEqual([]);
		const { out, err } = await afterimage(['purge', folder, '--inc', '1']);
		expect(out).toMatch(/^Merge \(.*\): Incremental: .*\n( {2}.*\n){2}Freed .* in 1 step\n$/);
		expect(err).not.toContain('Incremental:');
		expect((await afterimage(['sets', folder])).out).toMatch(/^ {2}Type +Time +Size +Unique +File/m);
	});

	it('removes what a merge that was interrupted has left', async () => {
		const { folder, disk } = await scene('leftovers');
		await image(disk, folder, 'full');
		await change(disk, 1);
		const one = (await image(disk, folder, 'inc')).files[0]!;
		await change(disk, 2);
		const two = (await image(disk, folder, 'inc')).files[0]!;
		const kept = temp.file('absorbed');
		await copyFile(two, kept);
		const hash = await restored(two);
		await afterimageResult(['merge', one, two]);
		await copyFile(kept, two);
		expect(await restored(one)).toBe(hash);
		expect((await afterimageJson(['verify', two], 6)).at(-1)?.['message']).toContain('merged into');
		await afterimageResult(['purge', folder, '--full', '9']);
		await expect(stat(two)).rejects.toThrow();
		expect(await restored(one)).toBe(hash);
	});
});
