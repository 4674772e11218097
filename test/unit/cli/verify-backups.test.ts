import { describe, expect, it } from 'vitest';
import type { BackupState, VerifiedBackup, VerifyBackupsResult } from '../../../src/engine/requests/verify.ts';
import { run } from './run-on-engine.ts';

function backup(file: string, state: BackupState, reason?: string): VerifiedBackup {
	return {
		file: `/b/${file}`,
		imageId: 'A',
		state,
		blocks: 2,
		bytes: 2048,
		badBlocks: state === 'damaged' ? 1 : 0,
		reason,
		damage: [],
		fileSystems: undefined,
	};
}

function answer(backups: readonly VerifiedBackup[], more: Partial<VerifyBackupsResult> = {}): VerifyBackupsResult {
	const none = { leftOut: 0, nextDue: undefined, bad: [], problems: [], sampled: false, code: undefined };
	return { ...none, backups, blocks: 2 * backups.length, bytes: 2048 * backups.length, seconds: 61, ...more };
}

const bad = {
	disk: 0,
	partition: 1,
	block: 7,
	reserved: false,
	start: 0,
	end: 4096,
	file: '/b/2',
	position: 9,
	reason: 'MD5',
};

describe('verifying several backups', () => {
	it('asks the engine for all that was named', async () => {
		const { code, out, requests } = await run(['verify', '/b', '/c', '--unverified-for', '2w'], () =>
			answer([backup('1', 'sound')], { leftOut: 4, nextDue: '2026-12-01T09:00:00.000Z' }),
		);
		expect(requests).toEqual([
			{ paths: ['/b', '/c'], passwords: [], sample: undefined, unverifiedDays: 14, fileSystems: false },
		]);
		expect(code).toBe(0);
		expect(out).toBe(
			'1 backup: 1 sound; 4 left out, of which the first is due on 2026-12-01: 2 blocks, 2.00 KB in 1 min 1 s\n',
		);
	});

	it('names what is not sound, and ends as the worst of it says', async () => {
		const backups = [
			...['1', '3', '4', '5'].map((file) => backup(file, 'incomplete', `${file}x is missing`)),
			...[backup('2', 'damaged', '1 bad block'), backup('6', 'sound')],
		];
		const { code, out } = await run(['verify', '/b', '/c'], () =>
			answer(backups, { bad: [bad], code: 'image-damaged' }),
		);
		expect(code).toBe(6);
		const lines = out.split('\n');
		expect(lines[0]).toBe('Disk 0, partition 1, block 7: bytes 0 to 4095, at byte 9 of /b/2: MD5');
		expect(lines.slice(1, 6)).toEqual([
			...['1', '3', '4', '5'].map((file) => `/b/${file} lacks files: ${file}x is missing`),
			'/b/2 is damaged: 1 bad block',
		]);
		expect(lines.at(-2)).toContain(
			'6 backups: 1 sound, 1 damaged (2), 4 without files that they need (1, 3, 4, …): 12',
		);
	});

	it('names the files in damaged blocks, and tells what walking the file systems has found', async () => {
		const common = { disk: 0, partition: 1, fileSystem: 'ext4' };
		const lost = {
			...{ ...common, unreadable: [], unreadableCount: 0, badBlocks: 1, otherBlocks: 0, objection: undefined },
			...{ files: [{ path: 'etc/hosts', kind: 'file' as const, bytes: 512 }], fileCount: 1 },
		};
		const check = {
			...{ ...common, notChecked: undefined, files: 1, folders: 1, problems: [], problemCount: 0 },
			...{ warnings: [], warningCount: 2, notInOrder: [] },
		};
		const backups = ['1', '2', '3'].map((file) => ({
			...backup(file, 'damaged', '1 bad block'),
			damage: [lost],
			fileSystems: [check],
		}));
		const { code, out, requests } = await run(['verify', '/b', '/c', '--file-systems'], () =>
			answer(backups, { bad: [bad], code: 'image-damaged' }),
		);
		expect(requests).toMatchObject([{ paths: ['/b', '/c'], fileSystems: true }]);
		expect(code).toBe(6);
		expect(out.split('\n').slice(1, 4)).toEqual([
			'/b/1 to 3 (3 backups):',
			'  Disk 0, partition 1 (ext4), file etc/hosts: 512 bytes lie in damaged blocks',
			'  Disk 0, partition 1 (ext4): 2 more warnings',
		]);
		expect(out).toContain('\nOther blocks of damaged backups can still be restored, with restore --skip-bad-blocks.\n');
		const found =
			'; up to 1 file or folder of each in damaged blocks; file systems of 3 backups walked: 0 problems, 6 warnings';
		expect(out).toContain(found);
	});

	it('says when none is due', async () => {
		const nothing = answer([], { leftOut: 2, nextDue: '2026-12-01T09:00:00.000Z', seconds: 0 });
		const { out } = await run(['verify', '/b', '/c'], () => nothing);
		expect(out).toBe('No backup is due: 2 left out, of which the first is due on 2026-12-01\n');
	});
});
