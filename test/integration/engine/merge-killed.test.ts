import { readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { afterimage, afterimageResult } from '../../support/cli.ts';
import { requireRoot, requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import {
	changeSmallDisk,
	makeSmallDisk,
	restoredHash,
	smallDiskTools,
	type ImageLine,
} from '../../support/small-disk.ts';
import { useTempFolder } from '../../support/temp-folder.ts';
import { countCalls, killedAt } from '../../support/trace.ts';

requireTools([...smallDiskTools, 'strace', 'chattr']);
requireRoot();
const temp = useTempFolder();

const imagesIn = async (folder: string) => (await readdir(folder)).filter((name) => name.endsWith('.mrimgx')).sort();

it('a merge of renamed files, killed before any unlink, leaves nothing that the next purge does not remove', async () => {
	const original = await temp.folder('original');
	const disk = temp.file('disk.img');
	await makeSmallDisk(disk);
	const names: string[] = [];
	for (const [i, type] of ['full', 'inc', 'inc', 'inc'].entries()) {
		await changeSmallDisk(disk, i);
		const { files } = await afterimageResult<ImageLine>(['image', disk, '--to', original, '--type', type]);
		const name = i === 1 || i === 2 ? `mine-${i}.mrimgx` : basename(files[0]!);
		await rename(files[0]!, join(original, name));
		names.push(name);
	}
	const [full, one, two, newest] = names as [string, string, string, string];
	const hash = await restoredHash(join(original, newest), temp.file('back'));
	const merge = (folder: string) => ['merge', ...[full, one, two].map((name) => join(folder, name))];
	const fill = async (name: string) => {
		const folder = await temp.folder(name);
		await run('cp', ['-a', `${original}/.`, folder]);
		return folder;
	};

	const finished = await fill('finished');
	const count = await countCalls(merge(finished), 'unlink', temp.file('trace'));
	expect(count).toBeGreaterThan(1);
	const kept = [full, newest].sort();
	expect(await imagesIn(finished)).toEqual(kept);

	let leftSomething = 0;
	for (let n = 1; n <= count; n++) {
		const folder = await fill('killed');
		expect((await afterimage(merge(folder), undefined, killedAt('unlink', n))).signal).toBe('SIGKILL');
		if ((await imagesIn(folder)).length > kept.length) leftSomething++;
		await afterimageResult(['purge', folder, '--full', '9']);
		expect(await imagesIn(folder), `killed before unlink ${n}`).toEqual(kept);
		expect(await restoredHash(join(folder, newest), temp.file('back'))).toBe(hash);
	}
	expect(leftSomething).toBeGreaterThan(0);
});

it('a merge that cannot remove what it has merged names it and what to do, and the next purge removes it', async () => {
	const folder = await temp.folder('immutable');
	const disk = temp.file('other.img');
	await makeSmallDisk(disk);
	const files: string[] = [];
	for (const type of ['full', 'inc', 'inc']) {
		files.push((await afterimageResult<ImageLine>(['image', disk, '--to', folder, '--type', type])).files[0]!);
	}
	await run('chattr', ['+i', files[1]!]);
	try {
		const { code, err } = await afterimage(['merge', ...files]);
		expect(code).toBe(1);
		expect(err).toContain(`merged into ${files[0]!}, but one stays: ${files[1]!}: operation not permitted`);
		expect(err).toContain('the next purge does so');
	} finally {
		await run('chattr', ['-i', files[1]!]);
	}
	await afterimageResult(['purge', folder, '--full', '9']);
	expect(await imagesIn(folder)).toEqual([basename(files[0]!)]);
});
