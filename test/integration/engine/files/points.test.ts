import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { afterimage, afterimageJson, afterimageResult } from '../../../support/cli.ts';
import { change, extracted, filesOf, image, scene, temp } from './scene.ts';

interface FilesLine {
	readonly partitions: readonly { partition: number; fileSystem: string; label: string }[];
	readonly entries: readonly { path: string; kind: string; size: number }[];
}

async function passwordFile(name: string, password: string): Promise<string> {
	const file = temp.file(name);
	await writeFile(file, `${password}\n`, { mode: 0o600 });
	return file;
}

describe('the files of every point of a set', () => {
	for (const [name, options, encrypted] of [
		['plain', [], false],
		['encrypted, split and whole', ['--split', '3M', '--all-sectors', '--aes', '192', '--compression', 'none'], true],
	] as const) {
		it(`are those of the volumes at its time: ${name}`, async () => {
			const { folder, disk } = await scene(`points-${name.slice(0, 5)}`);
			const given = encrypted ? ['--password-file', await passwordFile('right', 'open sesame')] : [];
			const points: { file: string; files: Map<string, string>[] }[] = [];
			for (const [i, type] of ['full', 'inc', 'diff'].entries()) {
				if (i > 0) await change(disk, i);
				const images = await image(disk, folder, type, ...options, ...given);
				if (encrypted) expect(i > 0 || images.length > 1).toBe(true);
				points.push({
					file: images.at(-1)!,
					files: [await filesOf(disk, 1), await filesOf(disk, 2), await filesOf(disk, 3)],
				});
			}
			for (const { file, files } of points) {
				for (const [p, expected] of files.entries()) {
					expect(expected.size).toBeGreaterThan(25);
					expect(await extracted(file, p + 1, ...given)).toEqual(expected);
				}
			}
			const [last] = points.slice(-1);
			const listed = await afterimageResult<FilesLine>([
				...['files', last!.file, '--partition', '2', '--recursive', ...given],
			]);
			expect(listed.entries.map(({ path }) => path).sort()).toEqual([...last!.files[1]!.keys()].sort());
		});
	}

	it('need the password of an encrypted set', async () => {
		const { folder, disk } = await scene('locked');
		const [file] = await image(disk, folder, 'full', '--password-file', await passwordFile('right', 'open sesame'));
		const wrong = await passwordFile('wrong', 'open says me');
		for (const args of [
			['files', file!],
			['files', file!, '--partition', '1'],
			['extract', file!, '/', '--partition', '1', '--to', temp.file('locked-out')],
		]) {
			expect((await afterimageJson(args, 5)).at(-1)).toMatchObject({ code: 'password-needed' });
			const refused = await afterimageJson([...args, '--password-file', wrong], 5);
			expect(refused.at(-1)).toMatchObject({ code: 'wrong-password' });
		}
	});

	it('are chosen by partition, path and name', async () => {
		const { folder, disk } = await scene('chosen');
		const [file] = await image(disk, folder, 'full');
		const { partitions } = await afterimageResult<FilesLine>(['files', file!]);
		expect(partitions.map(({ partition, fileSystem, label }) => [partition, fileSystem, label])).toEqual([
			[1, 'ext', ''],
			[2, 'NTFS', 'Windows'],
			[3, 'FAT32', ''],
		]);
		const which = (await afterimageJson(['files', file!, 'sparse.bin'], 2)).at(-1);
		expect(which?.['message']).toBe(
			'Which partition: disk 0 partition 1 (ext2/3/4), disk 0 partition 2 (NTFS, Windows), disk 0 partition 3 (FAT32)?',
		);
		expect((await afterimageJson(['files', file!, '--partition', '9'], 2)).at(-1)?.['message']).toContain(
			'NTFS, Windows',
		);
		const one = await afterimageResult<FilesLine>(['files', file!, 'SPARSE.bin', '--partition', '2']);
		expect(one.entries).toMatchObject([{ path: 'sparse.bin', kind: 'file' }]);
		expect((await afterimageJson(['files', file!, 'SPARSE.bin', '--partition', '1'], 8)).at(-1)?.['code']).toBe(
			'source-missing',
		);
		const { out } = await afterimage(['files', file!, '--partition', '1']);
		expect(out).toMatch(/^Kind +Size +Changed \(UTC\) +Name$/m);
		expect(out).toMatch(/^link .* short link -> sparse\.bin$/m);
	});
});
