import { describe, expect, it } from 'vitest';
import { english } from '../../../../src/base/l10n.ts';
import { useTranslator } from '../../../../src/extension/l10n.ts';
import type { BackupFileInfo, BackupSetInfo } from '../../../../src/protocol/backups.ts';
import type { DiskInfo, PartitionInfo } from '../../../../src/protocol/disks.ts';
import type { JobProgress } from '../../../../src/protocol/jobs.ts';
import {
	age,
	diskDescription,
	diskLabel,
	fileDescription,
	fileState,
	filesWord,
	partitionDescription,
	partitionLabel,
	percent,
	progressText,
	setDescription,
	setState,
	usedBar,
	volumeLine,
} from '../../../../src/extension/views/present.ts';

const partition = {
	number: 2,
	label: '',
	name: '',
	fileSystem: 'NTFS',
	mountedAt: [],
	typeName: 'Basic data',
	length: 2 ** 30,
	used: 2 ** 29,
} as unknown as PartitionInfo;

describe('disks and partitions', () => {
	it('are named by table, number and model', () => {
		const disk = { table: 'gpt', number: 0, model: 'SAMSUNG' } as DiskInfo;
		expect(diskLabel(disk)).toBe('GPT Disk 1 - SAMSUNG');
		expect(diskLabel({ ...disk, table: 'none', model: '' })).toBe('Disk 1');
	});

	it('go by the name of the file where they are one', () => {
		const disk = { table: 'mbr', kind: 'file', path: '/d/disk.img', size: 1024 } as DiskInfo;
		expect(diskLabel(disk)).toBe('disk.img');
		expect(diskDescription(disk)).toBe('1.00 KB · MBR · /d/disk.img');
		expect(diskDescription({ ...disk, kind: 'device', path: '/dev/sda' })).toBe('1.00 KB · /dev/sda');
	});

	it('have the label, else the name, else the mount point, else say that there is none', () => {
		expect(partitionLabel({ ...partition, label: 'SYSTEM', name: 'ESP' })).toBe('2 - SYSTEM');
		expect(partitionLabel({ ...partition, name: 'ESP' })).toBe('2 - ESP');
		expect(partitionLabel({ ...partition, label: '\u202eMETSYS\x1b' })).toBe('2 - \\u202eMETSYS\\x1b');
		expect(partitionLabel({ ...partition, mountedAt: ['/home'] })).toBe('2 - /home');
		expect(partitionLabel(partition)).toBe('2 - (None)');
	});

	it('show used and size, or the size alone where every sector counts', () => {
		expect(partitionDescription(partition)).toBe('NTFS · 512.00 MB / 1.00 GB');
		expect(partitionDescription({ ...partition, fileSystem: '', used: undefined })).toBe('Basic data · 1.00 GB');
		expect(partitionDescription({ ...partition, fileSystem: '', typeName: '' })).toBe('512.00 MB / 1.00 GB');
		const volume = {
			name: 'root',
			fileSystem: 'ext4',
			label: '',
			size: 2 ** 30,
			used: 2 ** 29,
			wholeReason: undefined,
		};
		expect(volumeLine(volume)).toBe('root: ext4 · 512.00 MB / 1.00 GB');
		expect(volumeLine({ ...volume, used: undefined })).toBe('root: ext4 · 1.00 GB');
	});
});

describe('usedBar', () => {
	it('fills as much as is used, whatever it is given', () => {
		expect(usedBar(25, 100, 8)).toBe('▰▰▱▱▱▱▱▱ 25 %');
		expect(usedBar(300, 100, 4)).toBe('▰▰▰▰ 100 %');
		expect(usedBar(-1, 100, 4)).toBe('▱▱▱▱ 0 %');
		expect(usedBar(1, 0, 4)).toBe('▱▱▱▱ 0 %');
	});
});

describe('age', () => {
	const now = Date.parse('2026-11-24T12:00:00Z');
	it.each([
		['2026-11-24T12:00:30Z', 'just now'],
		['2026-11-24T11:59:01Z', 'just now'],
		['2026-11-24T11:59:00Z', '1 minute ago'],
		['2026-11-24T11:00:01Z', '59 minutes ago'],
		['2026-11-24T11:00:00Z', '1 hour ago'],
		['2026-11-23T12:00:01Z', '23 hours ago'],
		['2026-11-23T12:00:00Z', '1 day ago'],
		['2026-11-18T12:00:00Z', '6 days ago'],
		['2026-11-17T10:30:00Z', 'Nov 17, 2026'],
		['2023-11-24T10:30:00Z', 'Nov 24, 2023'],
	])('%s is %s', (time, words) => {
		expect(age(time, now)).toBe(words);
	});
});

describe('files', () => {
	const file = { size: 1024, time: '2026-11-24T12:00:00Z' } as BackupFileInfo;
	const now = Date.parse('2026-11-24T14:00:00Z');

	it('say whether they are damaged or verified, the former first', () => {
		expect(fileDescription(file, now)).toBe('2 hours ago · 1.00 KB');
		const verified = { ...file, verifiedOn: '2026-11-24T13:00:00Z' };
		expect(fileDescription(verified, now)).toBe('2 hours ago · 1.00 KB · verified');
		expect(fileDescription({ ...verified, damage: 'gone' }, now)).toBe('2 hours ago · 1.00 KB · incomplete');
		expect(fileState({ ...verified, damage: 'gone' })).toBe('cannot be restored: gone');
		expect(fileDescription({ ...file, wasDamaged: true }, now)).toBe('2 hours ago · 1.00 KB · damaged');
		expect(fileState({ ...file, wasDamaged: true })).toBe('damaged when it was last verified');
		expect(fileState(file)).toBe('not verified yet');
	});

	it('make a line of their set, with the first partitions that it has', () => {
		const of = (...contents: readonly string[]) => {
			const set = {
				files: [file, { ...file, time: '2026-11-23T12:00:00Z' }],
				size: 2048,
				disks: [{ id: '', contents }],
			};
			return setDescription(set as unknown as BackupSetInfo, now);
		};
		expect(of()).toBe('2 hours ago · 2 files · 2.00 KB');
		expect(of('EFI', 'C: Windows', 'Data')).toBe('EFI, C: Windows, Data · 2 hours ago · 2 files · 2.00 KB');
		expect(of('EFI', 'C: Windows', 'Data', 'Swap')).toMatch(/^EFI, C: Windows, Data, … · 2 hours ago/);
	});

	it('make their set damaged or incomplete, and a set lacks what none of them needs', () => {
		const set = { files: [file], damage: [] as string[] } as unknown as BackupSetInfo;
		expect(setState(set)).toBeUndefined();
		expect(setState({ ...set, damage: ['x is missing'] })).toBe('incomplete');
		expect(setState({ ...set, files: [{ ...file, damage: 'gone' }] })).toBe('incomplete');
		expect(setState({ ...set, damage: ['x'], files: [{ ...file, wasDamaged: true }] })).toBe('damaged');
	});

	it('are counted', () => {
		expect([1, 2].map(filesWord)).toEqual(['1 file', '2 files']);
	});
});

describe('progress', () => {
	const progress: JobProgress = {
		phase: 'read-back',
		doneBytes: 50,
		totalBytes: 200,
		rate: 2 ** 20,
		secondsLeft: 72,
		readBytes: 0,
		writtenBytes: 0,
	};

	it('is percent, rate and time, as far as they are known', () => {
		expect(progressText(progress)).toBe('25 % · 1.00 MB/s · 1 min 12 s left');
		expect(progressText({ ...progress, totalBytes: 0, rate: 0, secondsLeft: undefined })).toBe('Reading back');
		expect(progressText(undefined)).toBe('starting');
	});

	it('names its phase in the language of the user', () => {
		useTranslator((text) => `⟦${text}⟧`, 'de');
		expect(progressText({ ...progress, totalBytes: 0, rate: 0, secondsLeft: undefined })).toBe('⟦Reading back⟧');
		useTranslator(english, 'en');
	});

	it('never passes 100 percent', () => {
		expect(percent({ ...progress, doneBytes: 300 })).toBe(100);
		expect(percent({ ...progress, totalBytes: 0 })).toBe(0);
	});
});
