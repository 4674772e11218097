import type { DestinationFacts, HostToForm } from '../../src/protocol/definition-form.ts';
import type { DiskInfo, PartitionInfo } from '../../src/protocol/disks.ts';

const MB = 1024 ** 2;
const GB = 1024 ** 3;

function partition(part: Partial<PartitionInfo> & Pick<PartitionInfo, 'number' | 'start' | 'length'>): PartitionInfo {
	return {
		typeName: 'Basic data',
		name: '',
		fileSystem: '',
		label: '',
		uuid: '',
		identity: '',
		clusterSize: 4096,
		used: undefined,
		mountedAt: [],
		flags: [],
		wholeReason: undefined,
		...part,
	};
}

const systemStart = 1 * MB + 360 * MB + 200 * MB + 128 * MB;

/** The disk of the seed. */
export const systemDisk: DiskInfo = {
	path: '/dev/nvme0n1',
	kind: 'device',
	number: 0,
	model: 'SAMSUNG MZMTE256HMP-000MV EXT41M0Q',
	serial: 'S1234',
	size: Math.round(238.47 * GB),
	sectorSize: 512,
	table: 'gpt',
	id: 'FBC48937-34BD-42A9-8051-1F5F83FA5E86',
	readOnly: false,
	removable: false,
	partitions: [
		partition({
			number: 1,
			start: 1 * MB,
			length: 360 * MB,
			label: 'Windows RE tool',
			fileSystem: 'NTFS',
			used: Math.round(290.9 * MB),
			flags: ['recovery'],
		}),
		partition({
			number: 2,
			start: 361 * MB,
			length: 200 * MB,
			label: 'SYSTEM',
			fileSystem: 'FAT32 (LBA)',
			used: Math.round(25.4 * MB),
			flags: ['efi'],
		}),
		partition({ number: 3, start: 561 * MB, length: 128 * MB, typeName: 'Microsoft reserved', flags: ['reserved'] }),
		partition({
			number: 4,
			start: systemStart,
			length: Math.round(232.72 * GB),
			label: 'Windows',
			fileSystem: 'NTFS',
			used: Math.round(107.67 * GB),
			mountedAt: ['C:'],
			flags: ['system'],
		}),
		partition({
			number: 5,
			start: systemStart + Math.round(232.72 * GB),
			// To the end of the disk, but for the second partition table: 5.08 GB.
			length: Math.round(238.47 * GB) - systemStart - Math.round(232.72 * GB) - MB,
			label: 'Recovery image',
			fileSystem: 'NTFS',
			used: Math.round(4.72 * GB),
		}),
	],
	warnings: [],
	needsRights: false,
};

export const dataDisk: DiskInfo = {
	...systemDisk,
	path: '/dev/sdb',
	number: 1,
	model: 'WDC WD10EZEX-08WN4A0',
	size: Math.round(931.51 * GB),
	table: 'mbr',
	id: '5D4001D3',
	removable: true,
	partitions: [
		partition({
			number: 1,
			start: MB,
			length: 600 * GB,
			typeName: 'NTFS / exFAT',
			label: 'Backup',
			fileSystem: 'exFAT',
			used: 181 * GB,
			mountedAt: ['E:'],
		}),
		partition({
			number: 5,
			start: 620 * GB,
			length: 200 * GB,
			label: 'archive',
			fileSystem: 'ext4',
			used: 44 * GB,
			wholeReason: 'The file system was not unmounted cleanly',
		}),
	],
};

export const definitionText = `<?xml version="1.0" encoding="UTF-8"?>
<!-- the laptop -->
<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1">
	<name>System disk</name>
	<sources>
		<disk signature="FBC48937-34BD-42A9-8051-1F5F83FA5E86" number="0" model="SAMSUNG MZMTE256HMP-000MV EXT41M0Q">
			<partition number="5"/> <!-- the small one -->
		</disk>
	</sources>
	<destination>
		<folder>E:\\Macrium Backup\\</folder>
	</destination>
	<disk_space_management low_space_purge="true">
		<full_retention interval="12"/>
		<differential_retention interval="4"/>
		<incremental_retention interval="10"/>
	</disk_space_management>
</backup_definition>
`;

export const destinationFacts: DestinationFacts = {
	folder: 'E:\\Macrium Backup\\',
	exists: true,
	writable: true,
	free: 412 * GB,
	total: 600 * GB,
	network: false,
	on: [{ disk: '/dev/sdb', start: MB, length: 600 * GB }],
	averageSizes: {},
};

export function documentMessage(text: string, version: number): Extract<HostToForm, { type: 'document' }> {
	return {
		type: 'document',
		text,
		version,
		name: 'System disk.xml',
		untitled: true,
		definitionsFolder: 'C:\\Users\\Ada\\Documents\\Afterimage',
		computerName: 'LAPTOP',
		userName: 'Ada',
		timeZone: 'Europe/Berlin',
		platform: 'win32',
		product: '0.1.0',
		trusted: true,
	};
}
