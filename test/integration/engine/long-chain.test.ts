import { readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { JobContext } from '../../../src/engine/job-context.ts';
import { runBackup } from '../../../src/engine/jobs/backup.ts';
import { runListSets } from '../../../src/engine/jobs/list-sets.ts';
import { runPurge } from '../../../src/engine/jobs/purge.ts';
import { runRestore } from '../../../src/engine/jobs/restore.ts';
import { systemPorts } from '../../../src/engine/main.ts';
import { createBlockPool } from '../../../src/engine/pipeline/pool.ts';
import type { BlockPool } from '../../../src/engine/pipeline/types.ts';
import type { ImageRequest } from '../../../src/engine/requests/image.ts';
import { createZlibCodec } from '../../../src/image/zlib-codec.ts';
import { sha256 } from '../../support/byte-files.ts';
import { fillFolder } from '../../support/file-trees.ts';
import { imageRequest, restoreRequest } from '../../support/job-requests.ts';
import { withLoopDevice } from '../../support/loop-device.ts';
import { mounted } from '../../support/mounted.ts';
import { randomNumbers } from '../../support/random-numbers.ts';
import { ext4From, fatFrom, makeRawDisk } from '../../support/raw-disk.ts';
import { requireRoot, requireTools } from '../../support/require.ts';
import { run } from '../../support/run.ts';
import { useTempFolder } from '../../support/temp-folder.ts';
import { FakeMachine } from '../../support/fakes/fake-context.ts';

/**
 * Sixty backups of a disk that changes, under a rule that keeps a few of each type: after every step each backup that
 * is left restores to what it restored to when it was made.
 */
requireTools(['mkfs.ext4', 'mkfs.fat', 'mkntfs', 'ntfs-3g', 'mcopy', 'mdel', 'debugfs', 'sfdisk', 'losetup']);
requireRoot();
const temp = useTempFolder();
const mebibyte = 2 ** 20;
const [fatStart, extStart, ntfsStart] = [mebibyte, 42 * mebibyte, 62 * mebibyte];
const ntfsLength = 16 * mebibyte;

let disk = '';
let folder = '';
let pool: BlockPool | undefined;
let context: JobContext;

/** Everything anew, so that a second try does not find what the first one left. */
async function setUp(): Promise<void> {
	await pool?.close();
	const files = await temp.folder('files');
	await fillFolder(files, 3, { files: 20, bytes: mebibyte });
	disk = temp.file('disk.img');
	folder = await temp.folder('images');
	await makeRawDisk(disk, 'gpt', 80, [
		{ start: 1, size: 40, type: 'U', make: fatFrom(files, 32) },
		{ start: 42, size: 18, type: 'L', make: ext4From(files) },
		{
			start: 62,
			size: 16,
			type: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7',
			make: async (file) => void (await run('mkntfs', ['-q', '-F', file])),
		},
	]);
	// One pool for the hundreds of jobs of this test, instead of one each.
	const made = createBlockPool();
	pool = made;
	const shared: BlockPool = {
		ready: made.ready,
		codecName: 'shared',
		hasherName: 'shared',
		store: (job, signal) => made.store(job, signal),
		load: (job, signal) => made.load(job, signal),
		copy: (job, signal) => made.copy(job, signal),
		close: async () => undefined,
	};
	context = {
		ports: await systemPorts(),
		createPool: () => shared,
		createCodec: createZlibCodec,
		createBlockTools: new FakeMachine().context.createBlockTools,
		signal: new AbortController().signal,
		emit: () => undefined,
	};
}

afterAll(async () => {
	await pool?.close();
});

/** A new file in each file system, the one from five days before removed. */
async function change(day: number): Promise<void> {
	const file = temp.file('new');
	await writeFile(file, randomNumbers(day + 1).fill(new Uint8Array(40_000 + ((day * 7919) % 60_000))));
	const [name, old] = [`day-${day}`, `day-${day - 5}`];
	await run('mcopy', ['-i', `${disk}@@${fatStart}`, file, `::${name}`]);
	await run('debugfs', ['-w', '-R', `write ${file} ${name}`, `${disk}?offset=${extStart}`]);
	if (day >= 5) {
		await run('mdel', ['-i', `${disk}@@${fatStart}`, `::${old}`]);
		await run('debugfs', ['-w', '-R', `rm ${old}`, `${disk}?offset=${extStart}`]);
	}
	const inNtfs = async (mountPoint: string) => {
		await run('cp', [file, join(mountPoint, name)]);
		if (day >= 5) await rm(join(mountPoint, old));
	};
	const server = { command: 'ntfs-3g', args: ['-o', 'no_detach'] };
	const part = { offset: ntfsStart, length: ntfsLength };
	await withLoopDevice(disk, { part }, (device) => mounted(device, server, inNtfs));
}

async function restored(file: string): Promise<string> {
	const target = temp.file('restored.img');
	await runRestore(restoreRequest(file, target, { verify: false }), context);
	const hash = await sha256(target);
	await rm(target);
	return hash;
}

/** As a grandfather-father-son plan lays them out, with months of thirty days and weeks of six. */
function typeOf(day: number): ImageRequest['type'] {
	if (day % 30 === 0) return 'full';
	return day % 6 === 0 ? 'diff' : 'inc';
}

const rule = (keep: number) => ({ enabled: true, keep, unit: 'backups' as const });

describe('a chain of sixty backups', () => {
	it('keeps every backup that the rules leave', async () => {
		await setUp();
		const hashes = new Map<string, string>();
		const merges = { merge: 0, 'delete-set': 0, 'delete-differential': 0, other: 0 };
		for (let day = 0; day < 60; day++) {
			await change(day);
			const { files, backupType } = await runBackup(imageRequest(folder, [disk], { type: typeOf(day) }), context);
			expect(backupType).toBe(typeOf(day));
			const newest = (await runListSets(folder, context)).sets[0]!.files.at(-1)!;
			expect(newest.path).toBe(files[0]);
			hashes.set(newest.time, await restored(newest.path));

			const { steps } = await runPurge(
				{
					folder,
					dryRun: false,
					rules: {
						scope: 'matching',
						full: rule(2),
						differential: rule(3),
						incremental: rule(6),
						syntheticFull: false,
						runBefore: false,
						minFreeBytes: undefined,
					},
				},
				context,
			);
			for (const { kind } of steps) merges[kind in merges ? (kind as keyof typeof merges) : 'other']++;
			const { sets, unreadable } = await runListSets(folder, context);
			expect(unreadable).toEqual([]);
			const points = sets.flatMap((set) => set.files);
			expect(points.filter((point) => point.type === 'inc').length).toBeLessThanOrEqual(6);
			expect((await readdir(folder)).filter((name) => name.endsWith('.mrimgx')).sort()).toEqual(
				points.map((point) => basename(point.path)).sort(),
			);
			// What the steps may have touched now, everything now and then, and at the end.
			const touched = new Set(steps.map((step) => step.imageId));
			for (const set of sets) {
				expect(set.damage).toEqual([]);
				if (!touched.has(set.imageId) && day % 10 !== 9) continue;
				for (const point of set.files)
					expect([point.name, await restored(point.path)]).toEqual([point.name, hashes.get(point.time)]);
			}
		}
		expect(merges.merge).toBeGreaterThan(10);
		expect(merges['delete-differential']).toBeGreaterThan(3);
	}, 900_000);
});
