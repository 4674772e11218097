import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { lineage, type RestorePoint } from '../../../src/image/set/backup-set.ts';
import { openImageFolder } from '../../../src/image/set/image-folder.ts';
import { scanFolder } from '../../../src/image/set/scan-folder.ts';
import { createZlibCodec } from '../../../src/image/zlib-codec.ts';
import { afterimage, afterimageResult } from '../../support/cli.ts';
import { requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import { changeSmallDisk, makeSmallDisk, restoredHash, smallDiskTools } from '../../support/small-disk.ts';
import { useTempFolder } from '../../support/temp-folder.ts';
import { countCalls, killedAt } from '../../support/trace.ts';

const ready = requireTools([...smallDiskTools, 'strace']);
const temp = useTempFolder();

/** A folder with two sets of one disk: the older with split backups, the newer with a chain to consolidate. */
let original = '';
/** What each backup restores to, by set and time: a merged one has the time of the newest that it holds. */
const hashes = new Map<string, string>();
/** What restored as it should, by the contents of all files that it stands on. */
const restorable = new Set<string>();
/** States that were left and completed as they should, by rules: one call is often the next after another. */
const proved = new Set<string>();

beforeAll(async () => {
	if (!ready) return;
	original = await temp.folder('original');
	const disk = temp.file('disk.img');
	await makeSmallDisk(disk);
	for (const [i, type] of ['full', 'diff', 'inc', 'diff', 'full', 'inc', 'inc', 'inc'].entries()) {
		await changeSmallDisk(disk, i, i === 1 ? 1_200_000 : 200_000);
		const split = i < 2 ? ['--split', '1M'] : [];
		await afterimageResult(['image', disk, '--to', original, '--type', type, ...split]);
	}
	for (const point of await soundPoints(original)) {
		hashes.set(keyOf(point), await restoredHash(point.member.path, temp.file('back')));
	}
	expect(hashes.size).toBe(8);
});

const keyOf = ({ member, time }: RestorePoint) => `${member.header.imageid} ${time}`;

/** The backups of a folder that lack nothing. */
async function soundPoints(folder: string): Promise<RestorePoint[]> {
	const { sets } = await scanFolder(openImageFolder(folder), { codec: createZlibCodec() });
	return sets
		.flatMap((set) => set.points)
		.filter((point) => point.missing.length === 0 && lineage(point).at(-1)!.type === 'full');
}

/** SHA-256 and name of the files, a line each. */
async function contentsOf(folder: string, names: readonly string[]): Promise<string> {
	return (await run('sha256sum', names, { cwd: folder })).stdout;
}

async function expectRestorable(folder: string, points: readonly RestorePoint[]): Promise<void> {
	for (const point of points) {
		const names = lineage(point).flatMap(({ parts }) => parts.map((part) => part.name));
		const contents = await contentsOf(folder, names);
		if (restorable.has(contents)) continue;
		expect(await restoredHash(point.member.path, temp.file('back'))).toBe(hashes.get(keyOf(point)));
		restorable.add(contents);
	}
}

const splitSets = ['--full', '1', '--inc', '2'];
const splitDifferentials = ['--diff', '1'];
const rollForward = ['--full', '2', '--inc', '1', '--synthetic'];

describe('a purge that is killed leaves what restores, and the next one completes it:', () => {
	it.each([
		['deletes sets of split files and merges', splitSets, 'unlink'],
		['deletes sets of split files and merges', splitSets, 'rename'],
		['deletes sets of split files and merges', splitSets, 'pwrite64'],
		['deletes split differentials with what stands on them', splitDifferentials, 'unlink'],
		['deletes split differentials with what stands on them', splitDifferentials, 'rename'],
		['rolls a full forward', rollForward, 'unlink'],
		['rolls a full forward', rollForward, 'rename'],
		['rolls a full forward', rollForward, 'pwrite64'],
	])('one that %s (%j), before any %s', async (_, rules, call) => {
		const finished = await temp.folder('finished');
		const fill = (folder: string) => run('cp', ['-a', `${original}/.`, folder]);
		await fill(finished);
		const purge = (folder: string) => ['purge', folder, ...rules];
		const count = await countCalls(purge(finished), call, temp.file('trace'));
		expect(count).toBeGreaterThan(0);
		const kept = (await soundPoints(finished)).map(keyOf);

		for (let n = 1; n <= count; n++) {
			const folder = await temp.folder('killed');
			await fill(folder);
			const { signal } = await afterimage(purge(folder), undefined, killedAt(call, n));
			expect(signal).toBe('SIGKILL');
			// The lock names a process of its own each time.
			const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
			const state = `${rules.join(' ')}\n${await contentsOf(folder, names)}`;
			if (proved.has(state)) continue;
			const left = await soundPoints(folder);
			expect(left.map(keyOf), state).toEqual(expect.arrayContaining(kept));
			await expectRestorable(folder, left);
			await afterimageResult(purge(folder));
			expect((await readdir(folder)).sort(), state).toEqual((await readdir(finished)).sort());
			const completed = await soundPoints(folder);
			expect(completed.map(keyOf), state).toEqual(kept);
			await expectRestorable(folder, completed);
			proved.add(state);
		}
	});
});
