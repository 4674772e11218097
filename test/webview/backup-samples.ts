import type { BackupFileInfo, BackupSetInfo, CompareInfo, ImageInfo } from '../../src/protocol/backups.ts';
import type { RestorePreview } from '../../src/protocol/restore.ts';
import { systemDisk } from './samples.ts';

const GB = 1024 ** 3;
const folder = 'E:\\Macrium Backup';
const imageId = 'D684BA87241263E2';

function file(
	number: number,
	type: BackupFileInfo['type'],
	time: string,
	size: number,
	parent: number | undefined,
	more: Partial<BackupFileInfo> = {},
): BackupFileInfo {
	const two = (value: number) => String(value).padStart(2, '0');
	const nameOf = (value: number) => `${imageId}-${two(value)}-${two(value)}.mrimgx`;
	return {
		path: `${folder}\\${nameOf(number)}`,
		name: nameOf(number),
		type,
		time,
		size,
		uniqueBytes: size,
		fileNumber: number,
		incrementNumber: number,
		merged: [],
		parent: parent === undefined ? undefined : nameOf(parent),
		encrypted: false,
		split: false,
		comment: '',
		verifiedOn: undefined,
		wasDamaged: false,
		damage: undefined,
		...more,
	};
}

export const files: readonly BackupFileInfo[] = [
	file(0, 'full', '2026-11-02T08:00:00Z', 61.4 * GB, undefined, { verifiedOn: '2026-11-02T09:12:00Z' }),
	file(1, 'inc', '2026-11-03T08:00:00Z', 1.9 * GB, 0, { verifiedOn: '2026-11-03T08:20:00Z' }),
	file(2, 'inc', '2026-11-04T08:00:00Z', 2.2 * GB, 1),
	file(3, 'diff', '2026-11-09T08:00:00Z', 6.1 * GB, 0),
	file(4, 'inc', '2026-11-10T08:00:00Z', 1.2 * GB, 3),
	file(5, 'inc', '2026-11-11T08:00:00Z', 2.6 * GB, 4, { merged: [6] }),
	file(7, 'inc', '2026-11-13T08:00:00Z', 0.9 * GB, 5, { damage: 'Block 1,204 of partition 4 is not what was stored' }),
];

export const backupSet: BackupSetInfo = {
	imageId,
	folder,
	files,
	sources: 'GPT Disk [FBC48937-34BD-42A9-8051-1F5F83FA5E86] 1, 2, 3, 4, 5',
	size: files.reduce((sum, one) => sum + one.size, 0),
	disks: [{ id: 'FBC48937-34BD-42A9-8051-1F5F83FA5E86', contents: ['Windows'] }],
	damage: [],
	unreadable: [],
	aside: [],
};

export const point = files[5]!;

export const imageInfo: ImageInfo = {
	file: point,
	imageId,
	computer: 'LAPTOP',
	compression: 'medium',
	encryption: 'none',
	disks: [
		{
			number: 0,
			table: 'gpt',
			id: systemDisk.id,
			size: systemDisk.size,
			sectorSize: 512,
			backupTableSize: 33 * 512,
			model: systemDisk.model,
			partitions: systemDisk.partitions.map((partition) => ({
				number: partition.number,
				start: partition.start,
				length: partition.length,
				fileSystem: partition.fileSystem === '' ? 'unknown' : partition.fileSystem,
				label: partition.label,
				used: partition.used ?? partition.length,
				blockSize: 65_536,
				blocks: Math.ceil((partition.used ?? partition.length) / 65_536),
				storedBlocks: Math.ceil((partition.used ?? partition.length) / 65_536 / 40),
			})),
		},
	],
	json: {
		_header: { imageid: imageId, file_number: 5, increment_number: 5, backup_type: 'inc', netbios_name: 'LAPTOP' },
		_compression: { compression_level: 'medium', compression_method: 'zstd' },
	},
};

/** What the engine says of a restore of {@link imageInfo} to a larger disk. */
export const restorePreview: RestorePreview = (() => {
	const partitions = imageInfo.disks[0]!.partitions.map(
		({ number, fileSystem, label, start, length, used, blocks }) => ({
			...{ number, fileSystem, label, start, length, blocks },
			...{ from: start, imaged: length, room: length, bytes: used },
		}),
	);
	return {
		dryRun: true,
		target: '/dev/sdc',
		size: Math.round(465.76 * GB),
		created: false,
		table: {
			kind: 'gpt',
			diskId: systemDisk.id,
			partitions: partitions.map(({ number, start, length }) => ({ number, offset: start, length })),
			writes: [
				{ offset: 0, length: 1024 ** 2 },
				{ offset: Math.round(465.76 * GB) - 16_896, length: 16_896 },
			],
		},
		partitions,
		bytes: partitions.reduce((sum, { bytes }) => sum + bytes, 0),
		blocks: partitions.reduce((sum, { blocks }) => sum + blocks, 0),
		clearedBytes: 0,
		warnings: [],
		notes: [],
	};
})();

export const compareInfo: CompareInfo = {
	file: point.name,
	previous: files[4]!.name,
	partitions: [
		{
			disk: 0,
			partition: 2,
			label: 'SYSTEM',
			changedBlocks: 12,
			newBlocks: 0,
			freedBlocks: 0,
			changedBytes: 12 * 65_536,
			storedBytes: 300_000,
		},
		{
			disk: 0,
			partition: 4,
			label: 'Windows',
			changedBlocks: 21_400,
			newBlocks: 9_800,
			freedBlocks: 4_100,
			changedBytes: 31_200 * 65_536,
			storedBytes: 1.3 * GB,
		},
		{
			disk: 0,
			partition: 5,
			label: 'Recovery image',
			changedBlocks: 0,
			newBlocks: 0,
			freedBlocks: 0,
			changedBytes: 0,
			storedBytes: 0,
		},
	],
};
