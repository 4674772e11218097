import { describe, expect, it } from 'vitest';
import { diskName, diskTitle } from '../../../../webview/shared/disk-title.ts';
import { filesWord, partitionTitle } from '../../../../webview/shared/file-words.ts';
import { fileSystemName, settingName } from '../../../../webview/shared/image-words.ts';
import { rich, t } from '../../../../webview/shared/l10n.ts';
import { formatBytes, formatCount, formatRate } from '../../../../webview/shared/quantities.ts';
import { formatBytes as plainBytes } from '../../../../src/base/quantity.ts';

describe('the words of the pages', () => {
	it('name disks and partitions', () => {
		const disk = { table: 'gpt', number: 0, id: 'A1', name: 'SAMSUNG', size: 1024 ** 3 } as const;
		expect(diskTitle(disk)).toBe('GPT Disk 1 [A1] - SAMSUNG <1.00 GB>');
		expect(diskName({ ...disk, table: 'none', id: '', name: '' })).toBe('Disk 1');
		expect(partitionTitle(4, 'Windows')).toBe('4 - Windows');
		expect(partitionTitle(3, '')).toBe('3 - (None)');
		expect(partitionTitle(3, '\u202eswodniW')).toBe('3 - \\u202eswodniW');
		expect(diskName({ ...disk, name: '\u202eGNUSMAS' })).toBe('GPT Disk 1 [A1] - \\u202eGNUSMAS');
	});

	it('name file systems of images as those of disks', () => {
		expect(['NTFS', 'ext', 'unknown'].map(fileSystemName)).toEqual(['NTFS', 'ext2/3/4', 'Unknown']);
		expect(['none', 'medium', 'aes-256'].map(settingName)).toEqual(['None', 'Medium', 'AES 256']);
	});

	it('have numbers as the rest of the product has them in English', () => {
		for (const bytes of [0, 1, 1023, 1024, 5_000_000, 1023.994 * 1024 ** 3, 1024 ** 5, 1024 ** 6])
			expect(formatBytes(bytes)).toBe(plainBytes(bytes));
		expect(formatRate(1536)).toBe('1.50 KB/s');
		expect(formatCount(1_764_066)).toBe('1,764,066');
		expect([1, 2].map(filesWord)).toEqual(['1 file', '2 files']);
	});

	it('are English without a bundle', () => {
		expect(t('Day {0}', 5)).toBe('Day 5');
		expect(rich('Type {0} to confirm.', '/dev/sdc')).toEqual(['Type ', '/dev/sdc', ' to confirm.']);
	});
});
