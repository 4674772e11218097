import { expect, it } from 'vitest';
import { describeSet } from '../../../../src/engine/chain/describe-set.ts';
import { buildSet, type BackupSet, type DamagedFile } from '../../../../src/image/set/backup-set.ts';
import { completeManifest } from '../../../../src/image/manifest.ts';
import { memberOf } from '../../../../src/image/set/set-member.ts';

interface Volume {
	readonly type: string;
	readonly volume_label?: string;
	readonly drive_letter?: number;
}

/** A set of one backup of a disk with these file systems. @param damaged files of it that cannot be used */
function setOf(volumes: readonly Volume[], damaged: readonly DamagedFile[] = []): BackupSet {
	const imageid = '0123456789ABCDEF';
	const manifest = completeManifest({
		_compression: { compression_level: 'medium' },
		_encryption: { enable: false, key_iterations: 0 },
		_header: {
			...{ imageid, file_number: 0, increment_number: 0, index_file_position: 0, delta_index: false },
			...{ backup_type: 'full', backup_time: 1000, merged_files: [], split_file: false },
		},
		disks: [
			{
				_geometry: { bytes_per_sector: 512, disk_size: 1 << 30 },
				_header: { disk_format: 'mbr', disk_number: 0, disk_signature: '12345678' },
				partitions: volumes.map((volume, i) => ({
					_file_system: { lcn0_offset: (i + 1) << 20, ...volume },
					_geometry: { start: (i + 1) << 20, length: 1 << 20 },
					_header: { block_size: 65536, partition_number: i + 1, file_history: [] },
				})),
			},
		],
	});
	const name = `${imageid}-00-00.mrimgx`;
	const member = memberOf(name, `/b/${name}`, { manifest, size: 100, rootPosition: 50, dataEnd: 40 });
	return buildSet(imageid, [member], damaged);
}

/** What is said of where a set of a disk with these file systems comes from. */
function sourcesOf(...volumes: readonly Volume[]): string {
	return describeSet(setOf(volumes), '/b', new Map()).sources;
}

it('names the partitions of a set by letter and label, or by their file systems', () => {
	const windows = { type: 'NTFS', volume_label: 'Windows', drive_letter: 'C'.charCodeAt(0) };
	const data = { type: 'exFAT', drive_letter: 'D'.charCodeAt(0) };
	expect(sourcesOf({ type: 'FAT32', volume_label: 'EFI' }, windows, data, { type: 'ext' }, { type: 'unknown' })).toBe(
		'Disk 12345678, 5 partitions: EFI, C: Windows, D: exFAT, ext2/3/4',
	);
	expect(sourcesOf({ type: 'NTFS', drive_letter: 27 })).toBe('Disk 12345678, 1 partition: NTFS');
	expect(sourcesOf({ type: 'unknown' })).toBe('Disk 12345678, 1 partition');
	expect(sourcesOf({ type: 'unknown', volume_label: 'root' })).toBe('Disk 12345678, 1 partition: root');
});

it('names six of them', () => {
	const volumes = [1, 2, 3, 4, 5, 6, 7].map((number) => ({ type: 'ext', volume_label: `v${number}` }));
	expect(sourcesOf(...volumes)).toBe('Disk 12345678, 7 partitions: v1, v2, v3, v4, v5, v6, …');
	expect(sourcesOf(...volumes.slice(1))).toBe('Disk 12345678, 6 partitions: v2, v3, v4, v5, v6, v7');
});

it('has the disks, and the files that cannot be read with the reason', () => {
	const file = (code: 'permission-denied' | 'image-damaged', name: string) => {
		const path = `/b/${name}`;
		return { name, path, error: { code, message: `${path}: why` } };
	};
	const damaged = [file('permission-denied', 'x-01-01.mrimgx'), file('image-damaged', 'x-02-02.mrimgx')];
	const set = describeSet(setOf([{ type: 'NTFS', volume_label: 'Data' }], damaged), '/b', new Map());
	expect(set.disks).toEqual([{ id: '12345678', contents: ['Data'] }]);
	expect(set.unreadable).toEqual([
		{ path: '/b/x-01-01.mrimgx', reason: 'why', denied: true },
		{ path: '/b/x-02-02.mrimgx', reason: 'why', denied: false },
	]);
	expect(set.files[0]!.damage).toBeUndefined();
});
