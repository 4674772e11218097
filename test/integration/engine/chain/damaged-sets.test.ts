import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { PartitionDamage } from '../../../../src/engine/file-walk/results.ts';
import type { RestoreResult } from '../../../../src/engine/requests/restore.ts';
import type { VerifyBackupsResult } from '../../../../src/engine/requests/verify.ts';
import { afterimage, afterimageResult } from '../../../support/cli.ts';
import { damageBlock } from '../../../support/damage-block.ts';
import { extract } from '../../../support/raw-disk.ts';
import { run } from '../../../support/run.ts';
import { change, extStart, fatStart, image, scene, temp } from './scene.ts';

const mebibyte = 2 ** 20;
const volumes = [
	{ name: 'fat', start: fatStart, size: 40 * mebibyte },
	{ name: 'ext', start: extStart, size: 48 * mebibyte },
] as const;

/** SHA-256 of each file of each partition, read by the tools of mtools and e2fsprogs. */
async function sumsOf(disk: string): Promise<Map<string, string>[]> {
	const sums: Map<string, string>[] = [];
	for (const { name, start, size } of volumes) {
		const volume = await extract(disk, start, size, temp.file('sums.volume'));
		const folder = await temp.folder('sums');
		if (name === 'ext') await run('debugfs', ['-R', `rdump / ${folder}`, volume]);
		else await run('mcopy', ['-s', '-n', '-i', volume, '::', folder]);
		const { stdout } = await run('sh', ['-c', 'cd "$1" && find . -type f -exec sha256sum {} +', 'sh', folder]);
		sums.push(new Map([...stdout.matchAll(/^(\w+) {2}\.\/(.*)$/gm)].map(([, sum, path]) => [path!, sum!])));
		await rm(folder, { recursive: true });
		await rm(volume);
	}
	return sums;
}

/** Files that are there before and differ or are gone after. */
function lostOf(before: readonly Map<string, string>[], after: readonly Map<string, string>[]): string[][] {
	return before.map((files, i) =>
		[...files].flatMap(([path, sum]) => (after[i]!.get(path) === sum ? [] : path)).sort(),
	);
}

function namedOf(damage: readonly PartitionDamage[]): string[][] {
	return volumes.map((_, i) => {
		const found = damage.find(({ partition }) => partition === i + 1);
		return found?.files.filter(({ kind }) => kind === 'file').map(({ path }) => path) ?? [];
	});
}

it('names of each backup the files that a restore of it lacks, and of a set with a password too', async () => {
	const { folder, disk } = await scene('damaged-sets');
	const secret = temp.file('damaged-sets.password');
	await writeFile(secret, 'a secret', { mode: 0o600 });
	const points: { file: string; before: Map<string, string>[]; options: string[] }[] = [];
	const add = async (type: string, ...options: string[]) => {
		const [file] = (await image(disk, folder, type, ...options)).files;
		points.push({ file: file!, before: await sumsOf(disk), options });
	};
	/** Bytes of the partitions where the middle of a file lies now. */
	const middleOf = async (path: string) => {
		const bytes = await readFile(disk);
		const content = await readFile(path);
		const middle = Math.floor(content.length / 1024) * 512;
		return volumes.map(({ start, size }) =>
			bytes.subarray(start, start + size).indexOf(content.subarray(middle, middle + 512)),
		);
	};
	const damage = async (place: number, middle: readonly number[], password?: string) => {
		for (const [i, at] of middle.entries()) {
			expect(at).toBeGreaterThan(0);
			await damageBlock(points[place]!.file, i, at, password);
		}
	};
	let ofIncremental: number[] = [];
	for (const [i, type] of ['full', 'inc', 'diff'].entries()) {
		if (i > 0) await change(disk, i, temp.file(`change-${i}`));
		await add(type);
		if (i === 1) ofIncremental = await middleOf(temp.file('change-1'));
	}
	const withPassword = ['--password-file', secret];
	await add('full', ...withPassword);
	await change(disk, 3, temp.file('change-3'));
	await add('inc', ...withPassword);

	const sound = await afterimageResult<VerifyBackupsResult>(['verify', folder, '--file-systems', ...withPassword]);
	for (const [i, { file }] of points.entries()) {
		const found = sound.backups.find((one) => one.file === file)!;
		expect(found.damage).toEqual([]);
		expect(found.fileSystems!.map(({ files, problemCount }) => [files, problemCount])).toEqual(
			points[i]!.before.map((files) => [files.size, 0]),
		);
	}

	const files = temp.file('files');
	const { stdout } = await run('sh', ['-c', 'cd "$1" && find . -name "file*" -size +100k', 'sh', files]);
	const large = stdout.trim().split('\n').sort();
	await damage(0, await middleOf(join(files, large[0]!)));
	await damage(1, ofIncremental);
	await damage(3, await middleOf(join(files, large.at(-1)!)), 'a secret');
	const result = await afterimageResult<VerifyBackupsResult>(['verify', folder, ...withPassword], 6);
	const named = new Map(result.backups.map(({ file, damage: found }) => [file, namedOf(found)]));
	for (const { file, before, options } of points) {
		const target = temp.file('damaged-sets.restored');
		const restore = ['restore', file, '--to', target, '--skip-bad-blocks', ...options];
		const restored = await afterimageResult<RestoreResult>(restore, 6);
		const lost = lostOf(before, await sumsOf(target));
		expect({ file, named: named.get(file) }).toEqual({ file, named: lost });
		expect(restored.damage).toEqual(result.backups.find((one) => one.file === file)!.damage);
		await rm(target);
	}
	// The incremental has lost what the full has, and a file that it alone has.
	const [full, inc, diff] = points.map(({ file }) => named.get(file)!);
	expect(full!.map(({ length }) => length > 0)).toEqual([true, true]);
	expect(inc!.map((files) => files.includes('change-1'))).toEqual([true, true]);
	expect(diff!.flat()).not.toContain('change-1');
	expect(full!.flat().some((path) => diff!.flat().includes(path))).toBe(true);

	const { out } = await afterimage(['verify', folder, ...withPassword]);
	expect(out).toContain(`${points[0]!.file} to ${points[2]!.file.slice(folder.length + 1)} (3 backups):\n`);
	for (const names of named.values()) for (const name of names.flat()) expect(out).toContain(`file ${name}: `);
	const locked = await afterimageResult<VerifyBackupsResult>(['verify', folder], 6);
	expect(locked.backups.filter(({ state }) => state === 'locked').map(({ damage: found }) => found)).toEqual([[], []]);
});
