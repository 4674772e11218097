import { describe, expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runVerify } from '../../../../src/engine/jobs/verify.ts';
import { runVerifyBackups } from '../../../../src/engine/jobs/verify-backups.ts';
import type { JobEvent } from '../../../../src/engine/job-events.ts';
import type { VerifyBackupsRequest } from '../../../../src/engine/requests/verify.ts';
import { readVerified } from '../../../../src/engine/verified-record.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { gptBytes } from '../../../support/fakes/sample-disk.ts';
import { imageRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import type { MadeEntry, MadeFat } from '../../disk/fat/made-files.ts';
import { clusterAt, damage, volume } from '../file-walk/fat-images.ts';

const mebibyte = 2 ** 20;
const starts = [mebibyte, 4 * mebibyte] as const;

/** What is done to the volume of the first partition before a backup is made. */
type Change = (fat: MadeFat) => void;

/** A set of a disk with two volumes that are the same at first; the files of its backups by age. */
async function makeSet(types: readonly (readonly ['full' | 'inc' | 'diff', Change?])[], ...more: MadeEntry[]) {
	const fat = volume(...more);
	const partitions = starts.map((start) => ({ start, length: fat.bytes.length }));
	const disk = new MemoryDisk('/dev/fake', gptBytes(8 * mebibyte, partitions));
	for (const start of starts) disk.bytes.set(fat.bytes, start);
	const machine = new FakeMachine(disk);
	const folder = tempFolder();
	const files: string[] = [];
	for (const [type, change] of types) {
		change?.(fat);
		disk.bytes.set(fat.bytes, starts[0]);
		machine.clock.advance(60_000);
		files.push((await runBackup(imageRequest(folder, ['/dev/fake'], { type }), machine.context)).files[0]!);
	}
	machine.events.length = 0;
	const verify = (request: Partial<VerifyBackupsRequest> = {}) => {
		const asked = { paths: [folder], passwords: [], sample: undefined, unverifiedDays: undefined };
		return runVerifyBackups({ ...asked, ...request }, machine.context);
	};
	const alone = (file: string, fileSystems = false) =>
		runVerify({ file, password: undefined, sample: undefined, fileSystems }, new FakeMachine().context);
	return { machine, folder, files, verify, alone };
}

/** A name in the root is changed: `A` becomes `D`. */
const rename: Change = (fat) => (fat.bytes[fat.rootAt] = 0x44);
/** The second cluster of `C` gets other bytes. */
const rewrite: Change = (fat) => fat.bytes.fill(7, clusterAt(2303), clusterAt(2303) + 512);

function phasesOf(events: readonly JobEvent[]): string[] {
	const phases = events.flatMap((event) => (event.type === 'progress' ? event.phase : []));
	return phases.filter((phase, i) => phase !== phases[i - 1]);
}

/** Of each backup and each of its damaged partitions. */
const namesOf = ({ backups }: Awaited<ReturnType<typeof runVerifyBackups>>) =>
	backups.map((one) => one.damage.map(({ files }) => files.map(({ path }) => path)));

describe('files in damaged blocks of a set', () => {
	it('are named of each backup as it has them, as verifying it alone does', async () => {
		const { files, verify, alone } = await makeSet([['full'], ['inc', rename], ['inc', rewrite], ['diff']]);
		await damage(files[0]!, clusterAt(150));
		await damage(files[0]!, clusterAt(2302));
		const result = await verify();
		expect(namesOf(result)).toEqual([[['A', 'C', 'F/B']], [['C', 'D', 'F/B']], [['D']], [['D']]]);
		for (const [i, { damage: found, badBlocks, fileSystems }] of result.backups.entries()) {
			const expected = await alone(files[i]!);
			expect(found).toEqual(expected.damage);
			expect([badBlocks, fileSystems]).toEqual([expected.bad.length, undefined]);
		}
	});

	it('are looked for once while a partition does not change', async () => {
		const { machine, files, verify, alone } = await makeSet([['full'], ['inc'], ['diff'], ['inc', rewrite]]);
		await damage(files[0]!, clusterAt(2302));
		const { backups } = await verify();
		expect(phasesOf(machine.events)).toEqual(['verify', 'name-files', 'verify']);
		expect(backups.map((one) => one.damage.map(({ files: of }) => of.length))).toEqual([[2], [2], [2], []]);
		for (const one of backups) expect(one.damage).toEqual((await alone(one.file)).damage);
	});

	it('are looked for an hour in all, and then in the newest alone', async () => {
		const { machine, files, verify } = await makeSet([['full'], ['inc', rename], ['inc', rewrite], ['inc']]);
		await damage(files[0]!, clusterAt(150));
		const { emit } = machine.context;
		const context = { ...machine.context };
		context.emit = (event) => {
			emit(event);
			if (event.type === 'progress' && event.phase === 'name-files' && event.doneBytes === 0)
				machine.clock.advance(3_600_000);
		};
		const asked = { paths: files, passwords: [], sample: undefined, unverifiedDays: undefined };
		const result = await runVerifyBackups(asked, context);
		expect(namesOf(result)).toEqual([[['A']], [[]], [[]], [['D']]]);
		const noTime = expect.stringContaining('an hour has gone into the names of other backups') as string;
		const objections = result.backups.map(({ damage: [one] }) => one!.objection);
		expect(objections).toEqual([undefined, noTime, noTime, undefined]);
		expect((await verify()).backups.every(({ damage: [one] }) => one!.objection === undefined)).toBe(true);
	});

	it('are looked for until somebody ends it', async () => {
		const { machine, files } = await makeSet([['full'], ['inc', rename]]);
		await damage(files[0]!, clusterAt(150));
		const { emit } = machine.context;
		const context = { ...machine.context, signal: machine.controller.signal };
		context.emit = (event) => {
			emit(event);
			if (event.type === 'progress' && event.phase === 'name-files') machine.controller.abort();
		};
		const asked = { paths: files, passwords: [], sample: undefined, unverifiedDays: undefined };
		await expect(runVerifyBackups(asked, context)).rejects.toMatchObject({ code: 'cancelled' });
	});
});

describe('the file systems in the backups of a set', () => {
	it('are walked on request, those that have not changed once', async () => {
		const { machine, files, verify, alone } = await makeSet([['full'], ['inc', rename], ['inc'], ['diff', rewrite]]);
		const { backups, code } = await verify({ fileSystems: true });
		expect(code).toBeUndefined();
		expect(phasesOf(machine.events).filter((phase) => phase === 'file-systems')).toHaveLength(3);
		for (const one of backups) expect(one.fileSystems).toEqual((await alone(one.file, true)).fileSystems);
		expect(backups[3]!.fileSystems!.map(({ files: count }) => count)).toEqual([3, 3]);
		expect(backups).toHaveLength(files.length);
	});

	it('make a backup faulty when they have problems, and it is not noted as sound', async () => {
		const outside = { raw: 'E          ', firstCluster: 60_000, size: 600 };
		const { folder, verify, alone } = await makeSet([['full'], ['inc', rename]], outside);
		const { backups, code } = await verify({ fileSystems: true });
		expect(backups.map(({ state, reason }) => [state, reason])).toEqual([
			['faulty', '2 problems'],
			['faulty', '2 problems'],
		]);
		expect(code).toBe('image-damaged');
		for (const one of backups) expect(one.fileSystems).toEqual((await alone(one.file, true)).fileSystems);
		expect(readVerified(folder).size).toBe(0);
	});
});
