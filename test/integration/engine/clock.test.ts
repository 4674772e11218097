import { beforeAll, describe, expect, it } from 'vitest';
import type { BackupFolderInfo } from '../../../src/protocol/backups.ts';
import { atTime } from '../../support/at-time.ts';
import { afterimageJson, afterimageResult, type JsonLine } from '../../support/cli.ts';
import { requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import {
	changeSmallDisk,
	makeSmallDisk,
	restoredHash,
	smallDiskTools,
	type ImageLine,
} from '../../support/small-disk.ts';
import { useTempFolder } from '../../support/temp-folder.ts';

const ready = requireTools([...smallDiskTools, 'faketime']);
const temp = useTempFolder();
let original = '';

beforeAll(async () => {
	if (!ready) return;
	original = temp.file('original.img');
	await makeSmallDisk(original);
});

/** A folder and a disk whose backups are made at times of the test's own. */
async function scene(name: string) {
	const folder = await temp.folder(name);
	const disk = temp.file(`${name}.img`);
	await run('cp', ['--sparse=always', original, disk]);
	const hashes = new Map<string, string>();
	let changes = 0;
	/** Changes the disk and images it. */
	const backup = async (time: string, type: string) => {
		await changeSmallDisk(disk, ++changes);
		const lines = await afterimageJson(['image', disk, '--to', folder, '--type', type], 0, atTime(time));
		const result = lines.find((line) => line.type === 'result') as ImageLine;
		hashes.set(result.files[0]!, (await run('sha256sum', [disk])).stdout.split(' ')[0]!);
		return { result, lines };
	};
	return {
		folder,
		hashes,
		backup,
		purge: (time: string, ...rules: string[]) =>
			afterimageResult<JsonLine & { steps: { kind: string }[] }>(['purge', folder, ...rules], 0, atTime(time)),
		sets: async () => ((await afterimageResult(['sets', folder])) as unknown as BackupFolderInfo).sets,
	};
}

const warnings = (lines: readonly JsonLine[]) => lines.filter((line) => line['level'] === 'warning');

describe('a clock that was set back between two backups', () => {
	it('leaves the order of a chain and of its folder as the backups were made', async () => {
		const { folder, hashes, backup, sets } = await scene('order');
		const full = await backup('2036-01-01T10:00:00Z', 'full');
		const ahead = await backup('2036-01-02T10:00:00Z', 'auto');
		expect(warnings([...full.lines, ...ahead.lines])).toEqual([]);
		const back = await backup('2026-01-03T10:00:00Z', 'auto');
		const later = await backup('2026-01-04T10:00:00Z', 'inc');
		for (const { result, lines } of [back, later]) {
			expect(result).toMatchObject({ imageId: full.result.imageId, backupType: 'inc' });
			expect(warnings(lines)).toEqual([
				expect.objectContaining({ message: expect.stringContaining('2036-01-02 10:00') as string }),
			]);
		}
		const [set] = await sets();
		expect(set!.damage).toEqual([]);
		expect(set!.files.map((file) => file.path)).toEqual([...hashes.keys()]);
		const times = set!.files.map((file) => file.time);
		expect(times).toEqual([...new Set(times)].sort());
		for (const [file, hash] of hashes) expect(await restoredHash(file, temp.file('back'))).toBe(hash);

		const next = await backup('2026-01-05T10:00:00Z', 'full');
		const joined = await backup('2026-01-06T10:00:00Z', 'auto');
		expect(joined.result).toMatchObject({ imageId: next.result.imageId, backupType: 'inc' });
		expect((await sets()).map((one) => one.imageId)).toEqual([next.result.imageId, full.result.imageId]);
		// Of two sets the one that was made first goes.
		await afterimageResult(['purge', folder, '--full', '1'], 0, atTime('2026-01-07T10:00:00Z'));
		expect((await sets()).map((one) => one.imageId)).toEqual([next.result.imageId]);
		expect(await restoredHash(joined.result.files[0]!, temp.file('back'))).toBe(hashes.get(joined.result.files[0]!));
	});

	it('has rules by age keep what is dated ahead until its time has come', async () => {
		const { hashes, backup, purge, sets } = await scene('ages');
		await backup('2026-01-01T10:00:00Z', 'full');
		await backup('2026-01-02T10:00:00Z', 'inc');
		await backup('2026-03-20T10:00:00Z', 'inc');
		await backup('2026-01-25T10:00:00Z', 'inc');
		for (const unit of ['days', 'weeks', 'months']) {
			const rules = ['--full', '1', '--diff', '1', '--inc', unit === 'days' ? '30' : '4', '--unit', unit];
			expect((await purge('2026-01-26T10:00:00Z', ...rules)).steps).toEqual([]);
		}
		// Of January's incrementals the first is older than three weeks now, of those dated to March none.
		const { steps } = await purge('2026-01-26T10:00:00Z', '--inc', '3', '--unit', 'weeks');
		expect(steps.map((step) => step.kind)).toEqual(['merge']);
		const [set] = await sets();
		const paths = [...hashes.keys()];
		expect(set!.files.map((file) => file.path)).toEqual([paths[0], paths[1], paths[3]]);
		for (const [i, of] of [0, 2, 3].entries())
			expect(await restoredHash(set!.files[i]!.path, temp.file('back'))).toBe(hashes.get(paths[of]!));
		// In April all of them are old, and the newest stays.
		await purge('2026-04-20T10:00:00Z', '--inc', '3', '--unit', 'weeks', '--synthetic');
		const [rolled] = await sets();
		expect(rolled!.files.map((file) => file.path)).toEqual([paths[0], paths[3]]);
		expect(await restoredHash(paths[3]!, temp.file('back'))).toBe(hashes.get(paths[3]!));
	});
});
