import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../../src/engine/engine.ts';
import type { VerifiedBackup, VerifyBackupsResult } from '../../../../src/engine/requests/verify.ts';
import { jobRun, restoreRequest } from '../../../../src/engine/server/start-job.ts';
import { lockedSets } from '../../../../src/protocol/jobs.ts';

function backup(imageId: string, more: Partial<VerifiedBackup>): VerifiedBackup {
	return {
		...{ file: `/b/${imageId}`, imageId, blocks: 1, bytes: 1, badBlocks: 0, state: 'sound', reason: undefined },
		...{ damage: [], fileSystems: undefined },
		...more,
	};
}

const damage = {
	...{ disk: 0, partition: 1, fileSystem: 'ext4', unreadable: [], unreadableCount: 0, objection: undefined },
	...{ files: [{ path: 'a', kind: 'file' as const, bytes: 1 }], fileCount: 1, badBlocks: 1, otherBlocks: 0 },
};

/** How a job that verifies two sets ends, and what it says. */
async function ended(backups: readonly VerifiedBackup[], code: VerifyBackupsResult['code']) {
	const counts = { leftOut: 0, nextDue: undefined, blocks: 2, bytes: 2, seconds: 1 };
	const result: VerifyBackupsResult = { ...counts, backups, bad: [], problems: [], sampled: false, code };
	const engine = { verifyBackups: async () => result } as unknown as Engine;
	const said: string[] = [];
	const reporter = {
		progress: () => undefined,
		log: (_: string, text: string) => void said.push(text),
		logAt: () => undefined,
	};
	const run = jobRun({ request: { kind: 'verify-backups', paths: ['/b'] } }, engine);
	const end = await run(reporter, new AbortController().signal).catch((error: unknown) => error);
	return { end, said };
}

describe('a job that verifies several sets', () => {
	const locked = (imageId: string) => backup(imageId, { state: 'locked', reason: 'another password' });

	it('tells which of them no password opened, each once', async () => {
		const { end } = await ended([backup('A', {}), locked('B'), locked('B'), locked('C')], 'wrong-password');
		expect(end).toMatchObject({ code: 'wrong-password', details: { [lockedSets]: 'B C' } });
	});

	it('tells it also when others are damaged, and names the files that are', async () => {
		const bad = backup('A', { state: 'damaged', reason: '1 bad block', damage: [damage] });
		const { end, said } = await ended([bad, locked('B')], 'image-damaged');
		expect(end).toMatchObject({ code: 'image-damaged', details: { [lockedSets]: 'B' } });
		expect(said).toEqual(['/b/A:', '  Disk 0, partition 1 (ext4), file a: 1 byte lies in damaged blocks']);
	});

	it('tells nothing of passwords when all are sound, or some are damaged', async () => {
		expect((await ended([backup('A', {})], undefined)).end).toMatchObject({ outcome: 'success' });
		const { end } = await ended([backup('A', { state: 'damaged', reason: 'x' })], 'image-damaged');
		expect(end).toMatchObject({ code: 'image-damaged', details: {} });
		expect(end).not.toHaveProperty(['details', lockedSets]);
	});
});

it('a job that restores holds to the disk that was confirmed', async () => {
	const asked: unknown[] = [];
	const engine = {
		restore: async (request: unknown) => {
			asked.push(request);
			throw new Error('enough');
		},
	} as unknown as Engine;
	const reporter = { progress: () => undefined, log: () => undefined, logAt: () => undefined };
	const confirmedDisk = { model: 'Disk', serial: '7', size: 2 ** 30 };
	const restore = { ...{ kind: 'restore' as const, file: '/a.mrimgx', target: '/dev/sdb', disk: 0, delta: false } };
	const request = { ...restore, verify: false, newDiskId: false, skipBadBlocks: false, confirmed: '/dev/sdb' };
	const start = (more: object) =>
		jobRun({ request: { ...request, ...more } }, engine)(reporter, new AbortController().signal);
	await expect(start({ confirmedDisk })).rejects.toThrow('enough');
	await expect(start({})).rejects.toThrow('enough');
	expect(asked).toMatchObject([
		{ onlyNew: false, confirmed: confirmedDisk },
		{ onlyNew: false, confirmed: undefined },
	]);
});

it('partitions that a page lets become smaller are those that the engine shares what is missing among', () => {
	const choice = {
		file: '/a',
		target: '/dev/sdb',
		disk: 0,
		delta: true,
		verify: true,
		newDiskId: false,
		skipBadBlocks: false,
	};
	expect(restoreRequest({ ...choice, shrink: [2, 5] }, undefined).shrink).toEqual([
		{ partition: 2, size: undefined },
		{ partition: 5, size: undefined },
	]);
	expect(restoreRequest(choice, undefined).shrink).toBeUndefined();
});
