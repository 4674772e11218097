import { copyFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { afterimage, afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { run } from '../../../support/run.ts';
import { change, expectSameFiles, extStart, image, restored, scene, sets, temp } from './scene.ts';

const mebibyte = 2 ** 20;

describe('consolidation', () => {
	it('merges incrementals and rolls the full forward, and every other point stays as it was', async () => {
		const { folder, disk } = await scene('merge');
		const password = temp.file('merge-password');
		await writeFile(password, 'Secret\n', { mode: 0o600 });
		const options = ['--password-file', password];
		const files: string[] = [];
		const hashes: string[] = [];
		for (let i = 0; i < 7; i++) {
			if (i > 0) await change(disk, i);
			const [file] = (await image(disk, folder, i === 0 ? 'full' : 'inc', ...options)).files;
			files.push(file!);
			hashes.push(await restored(file!, ...options));
		}
		const before = (await readdir(folder)).sort();
		const planned = await afterimageResult(['merge', files[2]!, files[4]!, files[3]!, '--dry-run']);
		expect(planned).toMatchObject({ file: files[2], dryRun: true });
		expect((await readdir(folder)).sort()).toEqual(before);
		expect((await afterimageJson(['merge', files[2]!, files[4]!], 2)).at(-1)?.['message']).toContain(files[3]);

		// 2 + 3 + 4 under the name of 2; then a merge of the merged one with 5; then the full with 1.
		await afterimageResult(['merge', files[2]!, files[3]!, files[4]!]);
		await expectPoints([files[0]!, 0], [files[1]!, 1], [files[2]!, 4], [files[5]!, 5], [files[6]!, 6]);
		await afterimageResult(['merge', files[2]!, files[5]!]);
		await expectPoints([files[0]!, 0], [files[1]!, 1], [files[2]!, 5], [files[6]!, 6]);
		await afterimageResult(['merge', files[0]!, files[1]!]);
		await expectPoints([files[0]!, 1], [files[2]!, 5], [files[6]!, 6]);

		async function expectPoints(...points: [file: string, hash: number][]): Promise<void> {
			const present = (await readdir(folder)).filter((name) => name.endsWith('.mrimgx')).sort();
			expect(present).toEqual(points.map(([file]) => basename(file)).sort());
			for (const [file, number] of points) expect(await restored(file, ...options)).toBe(hashes[number]);
		}

		await change(disk, 7);
		const next = (await image(disk, folder, 'inc', ...options)).files[0]!;
		await expectSameFiles(next, disk, ...options);
	});

	it('refuses to go across a differential, and to touch split files', async () => {
		const { folder, disk } = await scene('refused');
		const full = (await image(disk, folder, 'full')).files[0]!;
		await change(disk, 1);
		const inc = (await image(disk, folder, 'inc')).files[0]!;
		await change(disk, 2);
		const diff = (await image(disk, folder, 'diff')).files[0]!;
		const across = await afterimageJson(['merge', inc, diff], 1);
		expect(across.at(-1)).toMatchObject({ code: 'not-supported' });
		const under = await afterimageJson(['merge', full, inc], 1);
		expect(under.at(-1)).toMatchObject({ code: 'not-supported' });
	});

	it('killed anywhere leaves a chain that restores, and the next purge clears up', async () => {
		const { folder, disk } = await scene('merge-killed');
		const big = temp.file('big');
		const files: string[] = [(await image(disk, folder, 'full', '--compression', 'none')).files[0]!];
		for (let i = 1; i < 4; i++) {
			await writeFile(big, randomNumbers(100 + i).fill(new Uint8Array(12 * mebibyte)));
			await run('debugfs', ['-w', '-R', `write ${big} big-${i}`, `${disk}?offset=${extStart}`]);
			files.push((await image(disk, folder, 'inc', '--compression', 'none')).files[0]!);
		}
		const hashes = await Promise.all(files.map((file) => restored(file)));
		const contentsOf = async (paths: readonly string[]) => {
			const names = paths.map((path) => basename(path));
			return (await run('sha256sum', names, { cwd: dirname(paths[0]!) })).stdout;
		};
		/** What restored as it should, by the contents of all files of the chain. */
		const restorable = new Set([await contentsOf(files)]);
		for (const wait of [0, 30, 60, 90, 120, 160, 200, 260]) {
			const copy = await temp.folder('merge-killed-copy');
			for (const file of files) await copyFile(file, join(copy, basename(file)));
			const named = files.map((file) => join(copy, basename(file)));
			await afterimage(['merge', named[1]!, named[2]!, named[3]!], (child) => {
				void (async () => {
					while (!(await readdir(copy)).some((name) => name.endsWith('.part'))) {
						if (child.exitCode !== null) return;
						await new Promise((resume) => setTimeout(resume, 2));
					}
					await new Promise((resume) => setTimeout(resume, wait));
					child.kill('SIGKILL');
				})();
			});
			await afterimageResult(['purge', copy, '--full', '10']);
			const left = (await sets(copy)).sets[0]!;
			expect(left.damage).toEqual([]);
			expect((await readdir(copy)).filter((name) => /part|lock/.test(name))).toEqual([]);
			const merged = left.files.length === 2;
			expect(left.files.map((file) => file.name)).toEqual(
				(merged ? named.slice(0, 2) : named).map((file) => basename(file)),
			);
			const contents = await contentsOf(left.files.map((file) => file.path));
			if (!restorable.has(contents)) {
				expect(await restored(left.files[0]!.path)).toBe(hashes[0]);
				expect(await restored(left.files.at(-1)!.path)).toBe(hashes[3]);
				if (!merged) expect(await restored(left.files[1]!.path)).toBe(hashes[1]);
				restorable.add(contents);
			}
			await rm(copy, { recursive: true });
		}
	});
});
