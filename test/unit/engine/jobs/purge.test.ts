import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RetentionRules } from '../../../../src/definition/retention/types.ts';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { planFolder, runPurge } from '../../../../src/engine/jobs/purge.ts';
import { buildSet, type BackupSet } from '../../../../src/image/set/backup-set.ts';
import { completeManifest } from '../../../../src/image/manifest.ts';
import { memberOf } from '../../../../src/image/set/set-member.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { mbrOfSwap, swapVolume } from '../../../support/fakes/nameless-disks.ts';
import { imageRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const off = { enabled: false, keep: 1, unit: 'backups' } as const;

function keepFulls(keep: number): RetentionRules {
	return {
		full: { ...off, enabled: true, keep },
		differential: off,
		incremental: off,
		...{ scope: 'matching', syntheticFull: false, runBefore: false, minFreeBytes: undefined },
	};
}

describe('a purge of sets of disks without an id', () => {
	/** A machine with a disk of each, and a folder for their images. */
	function setUp(...disks: Uint8Array[]) {
		const machine = new FakeMachine(...disks.map((bytes, i) => new MemoryDisk(`/dev/${i}`, bytes)));
		const folder = tempFolder();
		const image = async (disk: number) => {
			machine.clock.advance(60_000);
			return basename((await runBackup(imageRequest(folder, [`/dev/${disk}`]), machine.context)).files[0]!);
		};
		const purge = () => runPurge({ folder, rules: keepFulls(1), dryRun: false }, machine.context);
		return { folder, image, purge, machine };
	}

	it.each([
		['bare volumes', swapVolume(1), swapVolume(2)],
		['MBR disks of signature 0', mbrOfSwap(1, 2), mbrOfSwap(3, 2)],
	])('keeps a full of each: %s', async (_, one, two) => {
		const { folder, image, purge, machine } = setUp(one, two);
		const old = await image(0);
		const kept = [await image(1), await image(0)];
		const { steps, notes } = await purge();
		expect(steps.map((step) => step.files.map((file) => basename(file)))).toEqual([[old]]);
		expect(notes).toEqual([]);
		const { reason: message } = steps[0]!;
		expect(machine.logs.at(-1)).toEqual({ type: 'log', level: 'info', message, inResult: true });
		expect(readdirSync(folder).sort()).toEqual(kept.sort());
	});

	it('keeps every full where nothing tells the disks apart, and says so', async () => {
		const { folder, image, purge } = setUp(swapVolume(0), swapVolume(0));
		const made = [await image(0), await image(1), await image(0)];
		const { steps, notes } = await purge();
		expect(steps).toEqual([]);
		expect(readdirSync(folder).sort()).toEqual([...made].sort());
		expect(notes).toHaveLength(3);
		expect(notes[0]).toBe(
			`Set ${made[2]!.slice(0, 16)} is of a disk without an id that no UUID tells from others: no other set is taken to be of the same.`,
		);
	});
});

/** A disk of the world: what its table and its partitions say of themselves. */
interface TrueDisk {
	readonly signature: string;
	readonly contents: readonly string[];
}

const trueDisks: readonly TrueDisk[] = [
	{ signature: '0000ABCD', contents: [''] },
	{ signature: '0000ABCE', contents: [''] },
	{ signature: '', contents: ['1A2B-3C4D'] },
	{ signature: '', contents: ['5E6F-7081'] },
	{ signature: '', contents: ['1A2B-3C4D', ''] },
	{ signature: '', contents: ['', '1A2B-3C4D'] },
	{ signature: '', contents: [''] },
	{ signature: '00000000', contents: ['0000-0000', ''] },
];
const isNameless = (disk: number) => disk >= 6;

/** The full of a disk as the n-th backup of a folder. */
function setOf(disk: number, n: number): BackupSet {
	const imageid = n.toString(16).padStart(16, '0').toUpperCase();
	const { signature, contents } = trueDisks[disk]!;
	const manifest = completeManifest({
		_compression: { compression_level: 'none' },
		_encryption: { enable: false, key_iterations: 0 },
		_header: {
			...{ imageid, file_number: 0, increment_number: 0, index_file_position: 0, delta_index: false },
			...{ backup_type: 'full', backup_time: n, backupset_time: n, merged_files: [], split_file: false },
		},
		disks: [
			{
				_geometry: { bytes_per_sector: 512, disk_size: 1 << 30 },
				_header: { disk_format: 'mbr', disk_number: 0, disk_signature: signature },
				partitions: contents.map((volume_guid, i) => ({
					_file_system: { lcn0_offset: i << 20, volume_guid },
					_geometry: { start: i << 20, length: 1 << 20 },
					_header: { block_size: 65536, partition_number: i + 1, file_history: [] },
				})),
			},
		],
	});
	const name = `${imageid}-00-00.mrimgx`;
	return buildSet(imageid, [memberOf(name, `/b/${name}`, { manifest, size: 9, rootPosition: 5, dataEnd: 4 })], []);
}

it('whatever disks a folder has backups of, the newest of each stay, and all of those that cannot be told apart', () => {
	const imaged = fc.array(fc.nat(trueDisks.length - 1), { maxLength: 20 });
	fc.assert(
		fc.property(imaged, fc.integer({ min: 1, max: 3 }), (disks, keep) => {
			const sets = disks.map((disk, n) => setOf(disk, n + 1)).reverse();
			const doomed = new Set(planFolder(sets, keepFulls(keep), 10 ** 6, 0, new Map()).steps.map((step) => step.setId));
			for (const [n, disk] of disks.entries()) {
				const newer = disks.slice(n + 1).filter((other) => other === disk).length;
				expect(doomed.has(setOf(disk, n + 1).imageid)).toBe(!isNameless(disk) && newer >= keep);
			}
		}),
		{ numRuns: 500 },
	);
});

it('deletes nothing for room where the file system does not tell what is free, and says so', async () => {
	const machine = new FakeMachine(new MemoryDisk('/dev/0', swapVolume(1)));
	const folder = tempFolder();
	for (let i = 0; i < 3; i++) await runBackup(imageRequest(folder, ['/dev/0']), machine.context);
	const rules = { ...keepFulls(1), full: off, scope: 'all', minFreeBytes: 2 ** 30 } as const;
	const purge = () => runPurge({ folder, rules, dryRun: false }, machine.context);
	machine.volumes.place = { ...machine.volumes.place, free: undefined, total: 0 };
	expect((await purge()).steps).toEqual([]);
	expect(machine.logs.filter((log) => log.level === 'warning')).toEqual([
		expect.objectContaining({ message: expect.stringContaining('does not tell') as string }),
	]);
	machine.volumes.place = { ...machine.volumes.place, free: 0 };
	expect((await purge()).steps).toHaveLength(2);
});
