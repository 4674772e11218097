import { describe, expect, it } from 'vitest';
import type { FileSystemCheck, PartitionDamage } from '../../../../src/engine/file-walk/results.ts';
import { verifyBackupsSummary } from '../../../../src/engine/history/summaries.ts';
import type { VerifiedBackup, VerifyBackupsResult } from '../../../../src/engine/requests/verify.ts';
import { fileLines } from '../../../../src/engine/verify/file-lines.ts';

function damageOf(...names: string[]): PartitionDamage {
	return {
		...{ disk: 0, partition: 1, fileSystem: 'ext4', unreadable: [], unreadableCount: 0, objection: undefined },
		files: names.map((path) => ({ path, kind: 'file', bytes: 4096 })),
		...{ fileCount: names.length, badBlocks: 1, otherBlocks: 0 },
	};
}

function backup(number: number, names: readonly string[], more: Partial<VerifiedBackup> = {}): VerifiedBackup {
	return {
		...{ file: `/b/${number}`, imageId: 'A', blocks: 1, bytes: 1, badBlocks: 1, reason: '1 bad block' },
		state: 'damaged',
		damage: names.length === 0 ? [] : [damageOf(...names)],
		fileSystems: undefined,
		...more,
	};
}

const line = (name: string) => `  Disk 0, partition 1 (ext4), file ${name}: 4.00 KB lie in damaged blocks`;

const check: FileSystemCheck = {
	...{ disk: 0, partition: 2, fileSystem: 'swap', notChecked: undefined, files: 0, folders: 0 },
	...{ problems: [], problemCount: 0, warnings: [], warningCount: 0, notInOrder: [] },
};

describe('files of several backups', () => {
	it('are told once, with the backups that lack them', () => {
		const backups = [
			backup(0, ['a', 'b']),
			backup(1, ['a']),
			backup(2, ['a']),
			backup(3, []),
			backup(4, ['a', 'b']),
			backup(5, ['c'], { imageId: 'B' }),
		];
		expect(fileLines(backups)).toEqual([
			'/b/0 to 2 (3 backups), /b/4:',
			line('a'),
			'/b/0, /b/4:',
			line('b'),
			'/b/5:',
			line('c'),
		]);
	});

	it('of one set are not told as those of another', () => {
		const backups = [backup(0, ['a']), backup(1, ['a']), backup(2, ['a'], { imageId: 'B' })];
		expect(fileLines(backups)[0]).toBe('/b/0, /b/1, /b/2:');
	});

	it('stand beside what is wrong in file systems, and what of these was not looked at', () => {
		const wrong = { ...check, problems: [{ path: 'x', reason: 'not held' }], problemCount: 1 };
		const backups = [
			backup(0, [], { state: 'faulty', fileSystems: [wrong] }),
			backup(1, [], { state: 'sound', fileSystems: [{ ...check, notChecked: 'it holds swap' }] }),
		];
		expect(fileLines(backups)).toEqual([
			'/b/0:',
			'  Disk 0, partition 2 (swap), x: not held',
			'/b/1:',
			'  Disk 0, partition 2 (swap) was not checked: it holds swap',
		]);
	});

	it('do not steer a terminal or begin a line by their names', () => {
		const one = backup(0, ['a\nSuccess: all is well', '\u001b[2J', '\u202egnp.exe']);
		const wrong = { ...check, problems: [{ path: 'x\r', reason: 'y\n' }], problemCount: 1 };
		expect(fileLines([{ ...one, file: '/b/\n', fileSystems: [wrong] }])).toEqual([
			'/b/\\x0a:',
			...['a\\x0aSuccess: all is well', '\\x1b[2J', '\\u202egnp.exe'].map(line),
			'  Disk 0, partition 2 (swap), x\\x0d: y\\x0a',
		]);
	});

	it('are counted in the summary, and told in the findings', () => {
		const result = (backups: readonly VerifiedBackup[], code?: 'image-damaged'): VerifyBackupsResult => ({
			...{ backups, leftOut: 0, nextDue: undefined, bad: [], problems: [], sampled: false, seconds: 1, code },
			...{ blocks: 2, bytes: 2048 },
		});
		const one = verifyBackupsSummary(result([backup(0, ['a'])], 'image-damaged'));
		expect(one.summary).toBe('1 backup: 0 sound, 1 damaged (0): 2 blocks, 2.00 KB; 1 file or folder in damaged blocks');
		expect(one).toMatchObject({ outcome: 'failed', findings: ['/b/0:', line('a')] });
		const two = verifyBackupsSummary(result([backup(0, ['a']), backup(1, ['b', 'c'])], 'image-damaged'));
		expect(two.summary).toMatch(/; up to 2 files and folders of each in damaged blocks$/);
		const sound = { state: 'sound', badBlocks: 0, reason: undefined } as const;
		expect(verifyBackupsSummary(result([backup(0, [], sound)])).findings).toBeUndefined();
		const warned = { ...check, warnings: [{ path: 'x', reason: 'no chain' }], warningCount: 1 };
		expect(verifyBackupsSummary(result([backup(0, [], { ...sound, fileSystems: [warned] })]))).toMatchObject({
			outcome: 'warning',
			findings: ['/b/0:', '  Warning: Disk 0, partition 2 (swap), x: no chain'],
		});
	});
});
