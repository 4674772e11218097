import { describe, expect, it } from 'vitest';
import { bootPartitions } from '../../../src/protocol/boot-partitions.ts';
import type { DiskInfo, PartitionFlag, PartitionInfo } from '../../../src/protocol/disks.ts';

function partition(
	number: number,
	fileSystem: string,
	flags: readonly PartitionFlag[] = [],
	mountedAt: readonly string[] = [],
	typeName = '',
): PartitionInfo {
	return {
		number,
		start: number << 20,
		length: 1 << 20,
		typeName,
		name: '',
		fileSystem,
		label: '',
		uuid: '',
		identity: '',
		clusterSize: 4096,
		used: 0,
		mountedAt,
		flags,
		wholeReason: undefined,
	};
}

function disk(number: number, ...partitions: PartitionInfo[]): DiskInfo {
	return {
		path: `disk${number}`,
		kind: 'device',
		number,
		model: '',
		serial: '',
		size: 1 << 30,
		sectorSize: 512,
		table: 'gpt',
		id: String(number),
		readOnly: false,
		removable: false,
		partitions,
		warnings: [],
		needsRights: false,
	};
}

const chosen = (...disks: DiskInfo[]) =>
	bootPartitions(disks).map((one) => [one.disk.number, one.partitions.map(({ number }) => number)]);

describe('what the running system needs to boot', () => {
	it('is of Windows the EFI system, Microsoft reserved, Windows and recovery partitions', () => {
		const windows = disk(
			0,
			partition(1, 'FAT32', ['efi', 'system']),
			partition(2, 'Microsoft reserved', ['reserved']),
			partition(3, 'NTFS', ['system'], ['C:\\']),
			partition(4, 'NTFS', ['recovery']),
			partition(5, 'NTFS', [], ['D:\\']),
		);
		const data = disk(1, partition(1, 'Microsoft reserved', ['reserved']), partition(2, 'NTFS', [], ['E:\\']));
		expect(chosen(windows, data)).toEqual([[0, [1, 2, 3, 4]]]);
	});

	it('is of Windows with an MBR the active partition, also on a disk of its own, and of BitLocker what lies there', () => {
		const loader = disk(0, partition(1, 'NTFS', ['active', 'system']), partition(2, 'NTFS', [], ['D:\\']));
		const windows = disk(1, partition(1, 'BitLocker', ['system', 'encrypted'], ['C:\\']));
		expect(chosen(loader, windows)).toEqual([
			[0, [1]],
			[1, [1]],
		]);
		expect(chosen(disk(0, partition(1, 'NTFS', ['active']), partition(2, 'NTFS', ['system'])))).toEqual([[0, [1, 2]]]);
	});

	it('is of Linux nothing of a Windows beside it', () => {
		const both = disk(
			0,
			partition(1, 'FAT32', ['efi'], ['/boot/efi']),
			partition(2, 'Microsoft reserved', ['reserved']),
			partition(3, 'NTFS'),
			partition(4, 'NTFS', ['recovery', 'active']),
			partition(5, '', [], [], 'BIOS boot'),
		);
		const linux = disk(1, partition(1, 'ext4', ['system'], ['/']), partition(2, 'swap', ['swap']));
		expect(chosen(both, linux)).toEqual([
			[0, [1, 5]],
			[1, [1]],
		]);
	});

	it('is nothing when no disk could be read', () => {
		expect(chosen(disk(0, partition(1, '')))).toEqual([]);
	});
});
