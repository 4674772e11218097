import { describe, expect, it, test } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { inOrder, partitionsInOrder } from '../../../../src/extension/browse/file-order.ts';
import { problemOf } from '../../../../src/extension/browse/file-problem.ts';
import {
	backedUpPartitionDescription,
	backedUpPartitionLabel,
	fileDetails,
	fileTooltip,
	modeText,
	objectionText,
} from '../../../../src/extension/browse/present-files.ts';
import { dateAndTime } from '../../../../src/extension/l10n.ts';
import { pointName } from '../../../../src/extension/views/present.ts';
import type { BackedUpFile, BackedUpPartition } from '../../../../src/protocol/files.ts';

const file = (name: string, more: Partial<BackedUpFile> = {}): BackedUpFile => ({
	name,
	kind: 'file',
	size: 0,
	...more,
});
const partition: BackedUpPartition = { disk: 0, partition: 2, fileSystem: 'ext4', label: 'root', size: 2 ** 30 };

test('a restore point goes by its type and number', () => {
	expect(pointName({ type: 'inc', incrementNumber: 4 })).toBe('Incremental 04');
});

describe('partitions of a backup', () => {
	it('are named as in Local Disks, with the disk where there are several', () => {
		expect(backedUpPartitionLabel(partition, false)).toBe('2 - root');
		expect(backedUpPartitionLabel({ ...partition, disk: 1, label: '' }, true)).toBe('Disk 2, 2 - (None)');
		expect(backedUpPartitionLabel({ ...partition, label: '\u202etoor' }, false)).toBe('2 - \\u202etoor');
		expect(backedUpPartitionDescription(partition)).toBe('ext4 · 1.00 GB');
		expect(backedUpPartitionDescription({ ...partition, fileSystem: 'ext' })).toBe('ext2/3/4 · 1.00 GB');
		expect(backedUpPartitionDescription({ ...partition, fileSystem: '' })).toBe('1.00 GB');
	});

	it('say why they have no files to show, and what to do', () => {
		expect(objectionText(partition)).toBeUndefined();
		const objection = { code: 'not-supported', message: 'It is swap', advice: 'Choose another' } as const;
		expect(objectionText({ ...partition, objection })).toBe('It is swap — Choose another');
	});

	it('come by disk and number', () => {
		const others = [{ ...partition, disk: 1, partition: 1 }, partition, { ...partition, partition: 1 }];
		expect(partitionsInOrder(others).map((one) => `${one.disk}-${one.partition}`)).toEqual(['0-1', '0-2', '1-1']);
	});
});

describe('files of a backup', () => {
	it('come after folders, and both in the order in which people count', () => {
		const names = ['b', 'File 10', 'file 9', 'a', 'Z', 'zoo'].map((name) =>
			file(name, { kind: name.length === 1 ? 'folder' : 'file' }),
		);
		expect(inOrder(names).map(({ name }) => name)).toEqual(['a', 'b', 'Z', 'file 9', 'File 10', 'zoo']);
	});

	it('keep one order where names differ by case alone', () => {
		const both = [file('readme'), file('README')];
		expect(inOrder(both)).toEqual(inOrder([...both].reverse()));
	});

	it('are put in order quickly, 20,000 of them', () => {
		const many = Array.from({ length: 20_000 }, (_, number) => file(`IMG_${(number * 7919) % 20_000}.jpg`));
		const began = performance.now();
		expect(inOrder(many)[19_999]!.name).toBe('IMG_19999.jpg');
		expect(performance.now() - began).toBeLessThan(2000);
	});

	it('show size and date, or what they are', () => {
		const modified = Date.UTC(2026, 10, 30, 9);
		expect(fileDetails(file('a', { size: 2048, modified }))).toBe(`2.00 KB · ${dateAndTime(modified)}`);
		expect(fileDetails(file('a', { size: 1 }))).toBe('1 byte');
		expect(fileDetails(file('a', { kind: 'folder', modified }))).toBe('');
		expect(fileDetails(file('a', { kind: 'link', note: '../b' }))).toBe('→ ../b');
		expect(fileDetails(file('a', { kind: 'special', note: 'pipe' }))).toBe('pipe');
		expect(fileDetails(file('a', { kind: 'damaged', note: 'inode 12 …' }))).toBe('damaged');
	});

	it('tell everything in the tooltip', () => {
		const modified = Date.UTC(2026, 10, 30, 9);
		const tooltip = fileTooltip('etc/fstab', file('fstab', { size: 1536, modified, mode: 0o644 }));
		expect(tooltip.split('\n')).toEqual([
			'/etc/fstab',
			`1.50 KB (${(1536).toLocaleString()} bytes)`,
			`Modified ${dateAndTime(modified)}`,
			'rw-r--r-- (644)',
		]);
		expect(fileTooltip('x', file('x', { kind: 'damaged', note: 'inode 12' }))).toBe('/x\ndamaged: inode 12');
		expect(fileTooltip('x', file('x', { kind: 'link', note: 'y' }))).toBe('/x\nPoints to y');
		expect(fileTooltip('x', file('x', { kind: 'special', note: 'socket' }))).toBe('/x\nsocket');
	});

	it.each([
		[0o644, 'rw-r--r-- (644)'],
		[0o755, 'rwxr-xr-x (755)'],
		[0o4755, 'rwsr-xr-x (4755)'],
		[0o2745, 'rwxr-Sr-x (2745)'],
		[0o1777, 'rwxrwxrwt (1777)'],
		[0o1000, '--------T (1000)'],
		[0, '--------- (000)'],
	])('write the mode %o as ls does', (mode, text) => {
		expect(modeText(mode)).toBe(text);
	});
});

describe('failures', () => {
	it.each([
		['file-missing', 'FileNotFound'],
		['permission-denied', 'NoPermissions'],
		['password-needed', 'NoPermissions'],
		['wrong-password', 'NoPermissions'],
		['image-damaged', 'Unavailable'],
		['not-supported', 'Unavailable'],
		['engine-lost', 'Unavailable'],
	] as const)('of the code %s are %s to VS Code', (code, kind) => {
		const error = new AfterimageError(code, 'It is so', { advice: 'Do this' });
		expect(problemOf(error)).toEqual({ kind, text: 'It is so — Do this' });
	});

	it('of others keep their words', () => {
		expect(problemOf(new Error('odd'))).toEqual({ kind: 'Unavailable', text: 'odd' });
	});
});
