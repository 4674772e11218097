import type { LiveDisk, LiveFacts } from '../../../src/xml/live-facts.ts';
import { DefinitionText } from '../../../src/xml/document.ts';
import type { Surroundings } from '../../../src/xml/file-name.ts';
import { englishWords } from '../../../src/xml/words.ts';

/** A document with the places that `|` marks in it, which are taken out. */
export function marked(text: string): { document: DefinitionText; text: string; offset: number; offsets: number[] } {
	const offsets: number[] = [];
	let plain = '';
	for (const part of text.split('|')) {
		plain += part;
		offsets.push(plain.length);
	}
	offsets.pop();
	return { document: new DefinitionText(plain), text: plain, offset: offsets[0]!, offsets };
}

export const surroundings: Surroundings = {
	now: new Date('2026-11-24T10:00:00Z'),
	zone: 'UTC',
	computerName: 'DESK',
	userName: 'ann',
	version: '0.1.0',
	locale: 'en-GB',
	words: englishWords,
};

export const guid = '6B1E5C2A-9F3D-4E77-8A10-3C5D7E9F1B24';

const disks: readonly LiveDisk[] = [
	{
		id: guid,
		path: '/dev/nvme0n1',
		number: 0,
		model: 'Samsung 980 <Pro>',
		size: 500 * 2 ** 30,
		partitions: [
			{
				number: 1,
				start: 1_048_576,
				length: 2 ** 29,
				fileSystem: 'FAT32',
				label: 'EFI',
				used: 2 ** 25,
				mountedAt: ['/boot/efi'],
			},
			{
				number: 2,
				start: 537_919_488,
				length: 400 * 2 ** 30,
				fileSystem: 'ext4',
				label: '',
				used: undefined,
				mountedAt: ['/'],
			},
		],
	},
	{ id: '00C0FFEE', path: '/dev/sda', number: 1, model: '', size: 2 ** 40, partitions: [] },
	{ id: '', path: '/dev/sdb', number: 2, model: 'Card', size: 2 ** 30, partitions: [] },
];

export const facts: LiveFacts = {
	disks: () => Promise.resolve(disks),
	folders: (typed) => Promise.resolve(['/mnt/backup', '/mnt/other'].filter((folder) => folder.startsWith(typed))),
};

export const namespace = 'https://afterimage.dev/schema/backup-definition/1';

/** A definition around what is put into its root. */
export function around(content: string): string {
	return `<backup_definition xmlns="${namespace}">${content}</backup_definition>`;
}

/** A valid definition that uses a bit of everything. */
export const sample = `<?xml version="1.0" encoding="UTF-8"?>
<!-- the home computer -->
<backup_definition xmlns="${namespace}">
	<name>Home</name>
	<comment>Weekly
and by hand</comment>
	<sources>
		<disk signature="${guid}" number="0" model="Samsung">
			<partition number="1" offset="1048576" label="EFI"/>
			<partition number="2"/>
		</disk>
		<raw_file path="/var/lib/vm/disk.img"/>
	</sources>
	<destination>
		<folder>/mnt/backup</folder>
		<filename_template>{COMPUTERNAME}-{DATE}</filename_template>
	</destination>
	<file_size_limit>4294967296</file_size_limit>
	<rate_limit>20000</rate_limit>
	<scheduling time_zone="UTC">
		<schedule backup_type="full">
			<monthly_weekday week="first" weekday="monday" time="09:00"/>
		</schedule>
		<schedule backup_type="inc" enable="false">
			<weekly days="tuesday thursday" time="09:00"/>
		</schedule>
	</scheduling>
	<disk_space_management low_space_purge="true">
		<full_retention interval="12"/>
	</disk_space_management>
	<scripts>
		<before path="/usr/local/sbin/before"><argument>a b</argument></before>
	</scripts>
</backup_definition>
`;
