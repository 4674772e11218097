import { describe, expect, it } from 'vitest';
import type { FileSystemCheck, PartitionDamage } from '../../../src/engine/file-walk/results.ts';
import { faultLines } from '../../../src/engine/file-walk/words.ts';
import { restoreSummary, verifySummary } from '../../../src/engine/history/summaries.ts';
import type { RestoreResult } from '../../../src/engine/requests/restore.ts';
import type { VerifyResult } from '../../../src/engine/requests/verify.ts';
import { run } from './run-on-engine.ts';

const sound: VerifyResult = {
	file: '/i',
	files: ['/i'],
	blocks: 10,
	bytes: 655_360,
	sampled: false,
	bad: [],
	damage: [],
	fileSystems: undefined,
	seconds: 1,
};

const bad = {
	disk: 0,
	partition: 2,
	block: 7,
	reserved: false,
	start: 458_752,
	end: 524_288,
	file: '/i',
	position: 99,
	reason: 'MD5 differs',
};

const damage: PartitionDamage = {
	disk: 0,
	partition: 2,
	fileSystem: 'NTFS',
	files: [
		{ path: '', kind: 'folder', bytes: 4096 },
		{ path: 'Users/a.txt', kind: 'file', bytes: 1 },
	],
	fileCount: 1500,
	unreadable: [{ path: 'Users/b', reason: 'no record' }],
	unreadableCount: 3,
	badBlocks: 5,
	otherBlocks: 2,
	objection: undefined,
};

const check: FileSystemCheck = {
	disk: 0,
	partition: 1,
	fileSystem: 'ext4',
	notChecked: undefined,
	files: 3,
	folders: 1,
	problems: [],
	problemCount: 0,
	warnings: [],
	warningCount: 0,
	notInOrder: [],
};

const found = [
	'Disk 0, partition 2, block 7: bytes 458752 to 524287, at byte 99 of /i: MD5 differs',
	'Disk 0, partition 2 (NTFS), the root folder: 4.00 KB lie in damaged blocks',
	'Disk 0, partition 2 (NTFS), file Users/a.txt: 1 byte lies in damaged blocks',
	'Disk 0, partition 2 (NTFS): 1498 more files and folders lie in damaged blocks',
	'Disk 0, partition 2 (NTFS), Users/b cannot be read in full: no record',
	'Disk 0, partition 2 (NTFS): 2 more cannot be read',
	'Disk 0, partition 2 (NTFS): 2 of 5 damaged blocks hold nothing of these: free space or structures of NTFS, or what lies ' +
		'below what cannot be read',
];

describe('verifying an image', () => {
	it('tells of damage by its exit code, each bad block, and what lies in them', async () => {
		const result = { ...sound, bad: [bad], damage: [damage] };
		const { code, out } = await run(['verify', 'a.mrimgx'], () => result);
		expect(code).toBe(6);
		expect(out.split('\n').slice(0, -2)).toEqual(found);
		expect(out).toContain('/i is damaged: 1 bad of 10 blocks');
		const { findings, outcome, summary } = verifySummary(result);
		expect({ findings, outcome }).toEqual({ findings: found, outcome: 'failed' });
		expect(summary).toBe('/i is damaged: 1 bad of 10 blocks, 640.00 KB; 1500 files and folders in them');
		const restored = restoreSummary({ bad: [bad], damage: [damage], target: '/t' } as unknown as RestoreResult);
		expect(restored.findings).toEqual(found);
		expect(restored.summary).toContain('; 1 damaged block of the image is zeros there; 1500 files and folders in them');
	});

	it.each([
		[
			{ fileCount: 0, files: [] },
			'the 5 damaged blocks hold no contents of files or folders: free space or structures of',
		],
		[{ otherBlocks: 1, badBlocks: 1, fileCount: 0, files: [] }, 'the 1 damaged block holds no contents of files'],
	])('says what blocks hold that no file claims: %j', async (more, words) => {
		const one = { ...damage, otherBlocks: 5, unreadable: [], unreadableCount: 0, ...more };
		const { out } = await run(['verify', 'a'], () => ({ ...sound, bad: [bad], damage: [one] }));
		expect(out).toContain(`Disk 0, partition 2 (NTFS): ${words}`);
		expect(out).not.toContain('cannot be read');
	});

	it('says why files have no names, and nothing of what it does not know', async () => {
		const one = {
			...damage,
			files: [],
			fileCount: 0,
			unreadable: [],
			unreadableCount: 0,
			fileSystem: '',
			objection: 'no disk',
		};
		const { out } = await run(['verify', 'a'], () => ({ ...sound, bad: [bad], damage: [one] }));
		expect(out).toContain('\nDisk 0, partition 2: which files are damaged is not known: no disk\n');
		expect(out).not.toContain('free space');
	});

	it('walks file systems on request, and tells what it found', async () => {
		const other = { ...check, partition: 2, fileSystem: 'swap', notChecked: 'it holds swap' };
		const { code, out, requests } = await run(['verify', 'a', '--file-systems'], () => ({
			...sound,
			fileSystems: [check, other],
		}));
		expect(requests).toEqual([{ file: 'a', password: undefined, sample: undefined, fileSystems: true }]);
		expect(code).toBe(0);
		expect(out.split('\n')).toEqual([
			'Disk 0, partition 1 (ext4): the structures of 3 files and 1 folder are sound',
			'Disk 0, partition 2 (swap) was not checked: it holds swap',
			'/i is sound: 10 blocks, 640.00 KB in 1 s',
			'',
		]);
		expect(verifySummary({ ...sound, fileSystems: [check, other] })).toMatchObject({
			summary: '/i is sound: 10 blocks, 640.00 KB',
		});
	});

	it('fails with problems, and not with warnings', async () => {
		const wrong = { ...check, problems: [{ path: 'a/b', reason: 'not held' }], problemCount: 5 };
		const result = { ...sound, fileSystems: [wrong] };
		const { code, out } = await run(['verify', 'a', '--file-systems'], () => result);
		expect(code).toBe(6);
		expect(out.split('\n')).toEqual([
			'Disk 0, partition 1 (ext4), a/b: not held',
			'Disk 0, partition 1 (ext4): 4 more problems',
			'Disk 0, partition 1 (ext4): the structures of 3 files and 1 folder are sound; 5 problems',
			'The blocks of /i are sound: 10 blocks, 640.00 KB in 1 s; but its file systems have 5 problems.',
			'',
		]);
		expect(verifySummary(result)).toMatchObject({
			outcome: 'failed',
			summary: expect.stringContaining('; its file systems have 5 problems') as string,
		});
		const dirty = {
			...check,
			notInOrder: [{ path: 'vol', reason: 'a journal to replay' }],
			warnings: [{ path: 'vol/x', reason: 'no chain' }],
			warningCount: 1,
		};
		const warned = { ...sound, fileSystems: [dirty] };
		expect((await run(['verify', 'a', '--file-systems'], () => warned)).code).toBe(0);
		expect(faultLines([dirty])).toEqual([
			'Disk 0, partition 1 (ext4), vol was not in order when it was imaged (a journal to replay): what is found in it counts as a warning',
			'Warning: Disk 0, partition 1 (ext4), vol/x: no chain',
		]);
		expect(verifySummary(warned)).toMatchObject({ outcome: 'warning' });
	});
});
