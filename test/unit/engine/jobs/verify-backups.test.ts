import fc from 'fast-check';
import {
	copyFileSync,
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runVerifyBackups } from '../../../../src/engine/jobs/verify-backups.ts';
import { runListSets } from '../../../../src/engine/jobs/list-sets.ts';
import { runVerify } from '../../../../src/engine/jobs/verify.ts';
import type { VerifyBackupsRequest, VerifyResult } from '../../../../src/engine/requests/verify.ts';
import { openImageFolder } from '../../../../src/image/set/image-folder.ts';
import { scanFolder } from '../../../../src/image/set/scan-folder.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { codec } from '../../image/backups.ts';
import { plainSet } from '../image-files.ts';
import { makeSet, watchedMachine, type Step } from '../verify/sets-on-disk.ts';

const day = 24 * 3600 * 1000;
const steps: Step[] = [
	{ type: 'full', changes: [] },
	{ type: 'inc', changes: [[0, 1]] },
	{
		type: 'diff',
		changes: [
			[1, 2],
			[0, 3],
		],
	},
	{ type: 'inc', changes: [[2, 4]] },
];

function request(paths: readonly string[], more: Partial<VerifyBackupsRequest> = {}): VerifyBackupsRequest {
	return { paths, passwords: [], sample: undefined, unverifiedDays: undefined, ...more };
}

/** Changes a byte; the time of the file stays, as with a disk that loses bits. */
function damage(path: string, at: number): void {
	const { atime, mtime } = statSync(path);
	const bytes = readFileSync(path);
	bytes[at]! ^= 1;
	writeFileSync(path, bytes);
	utimesSync(path, atime, mtime);
}

async function pointsOf(folder: string) {
	return (await scanFolder(openImageFolder(folder), { codec })).sets.flatMap((set) => set.points);
}

describe('verifying all backups of a folder', () => {
	it('reads each stored block once and notes every backup', async () => {
		const { folder, files } = await makeSet(steps);
		const { context, read } = watchedMachine();
		const result = await runVerifyBackups(request([folder]), context);
		expect(result.backups.map(({ file, state }) => [file, state])).toEqual(files.map((file) => [file, 'sound']));
		expect(result).toMatchObject({ bad: [], problems: [], code: undefined, leftOut: 0, sampled: false });
		expect(new Set(read).size).toBe(read.length);
		// 8 blocks of the full, 1 and 2 and 1 of the others, and of each the reserved ones.
		expect(result.backups.map(({ blocks }) => blocks)).toEqual([9, 2, 3, 2]);
		const { sets } = await runListSets(folder, context);
		expect(sets[0]!.files.every((file) => file.verifiedOn !== undefined)).toBe(true);
	});

	it('reads once what differentials have of a full, whether the full is verified too or not', async () => {
		const { folder, files } = await makeSet([
			{ type: 'full', changes: [] },
			{ type: 'inc', changes: [[0, 1]] },
			{ type: 'diff', changes: [[0, 0]] },
			{ type: 'inc', changes: [[0, 2]] },
			{ type: 'diff', changes: [[0, 0]] },
		]);
		for (const paths of [[folder], files.slice(1)]) {
			const { context, read } = watchedMachine();
			expect((await runVerifyBackups(request(paths), context)).code).toBeUndefined();
			expect(new Set(read).size).toBe(read.length);
		}
		// What was found out about it is known of all that have it, also where backups in between do not.
		damage(files[0]!, 1000);
		for (const paths of [files, files.slice(1)]) {
			const { backups } = await runVerifyBackups(request(paths), watchedMachine().context);
			const bad = [1, 0, 1, 0, 1].slice(-paths.length);
			expect(backups.map(({ badBlocks }) => badBlocks)).toEqual(bad);
		}
	});

	it('finds of each backup what verifying it alone finds, whatever the set is like and whatever byte is changed', async () => {
		const change = fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 3 }));
		const changes = fc.array(change, { minLength: 1, maxLength: 3 });
		const later = fc.record({ type: fc.constantFrom('inc' as const, 'diff' as const), changes });
		const share = fc.float({ min: 0, max: 1, noNaN: true });
		await fc.assert(
			fc.asyncProperty(
				fc.array(later, { minLength: 1, maxLength: 4 }),
				fc.array(fc.tuple(fc.nat(4), share), { maxLength: 2 }),
				fc.boolean(),
				async (rest, flips, keepReserved) => {
					const folder = join(tempFolder(), 'set');
					mkdirSync(folder);
					const kind = { ...plainSet, keepReserved };
					const { files } = await makeSet([{ type: 'full', changes: [] }, ...rest], kind, folder);
					for (const [place, at] of flips) {
						const file = files[place % files.length]!;
						damage(file, Math.min(statSync(file).size - 1, Math.floor(statSync(file).size * at)));
					}
					const points = await pointsOf(folder);
					const alone = new Map<string, Pick<VerifyResult, 'bad' | 'damage'> | 'error'>();
					for (const { member } of points) {
						const asked = { file: member.path, password: undefined, sample: undefined };
						const result = await runVerify(asked, new FakeMachine().context).catch(() => 'error' as const);
						alone.set(member.path, result);
					}
					const { context, read } = watchedMachine();
					const { backups } = await runVerifyBackups(request([folder]), context);
					for (const { member } of points) {
						const found = backups.find(({ file }) => file === member.path);
						const expected = alone.get(member.path);
						if (expected === undefined || expected === 'error')
							expect(['damaged', 'incomplete']).toContain(found?.state);
						else {
							const badBlocks = expected.bad.length;
							expect(found).toMatchObject({ badBlocks, state: badBlocks === 0 ? 'sound' : 'damaged' });
							expect(found?.damage).toEqual(expected.damage);
						}
					}
					if (backups.every(({ state }) => state === 'sound')) expect(new Set(read).size).toBe(read.length);
				},
			),
			{ numRuns: 40 },
		);
	}, 30_000);

	it('leaves out what was verified a short while ago, and does not read it for what stands on it', async () => {
		const { folder, files } = await makeSet(steps);
		const { machine, context, read } = watchedMachine();
		await runVerifyBackups(request(files.slice(0, 2)), context);
		const first = machine.clock.now();
		expect(read).toHaveLength(11);
		read.length = 0;
		machine.clock.advance(20 * day);
		const second = await runVerifyBackups(request([folder], { unverifiedDays: 30 }), context);
		expect(second.backups.map(({ file, state }) => [file, state])).toEqual(
			files.slice(2).map((file) => [file, 'sound']),
		);
		expect(second.leftOut).toBe(2);
		expect(second.nextDue).toBe(new Date(first + 30 * day).toISOString());
		expect(read.filter((place) => !/^[23]:/.test(place))).toEqual([]);
		// What stands on blocks that were read then is due with them.
		machine.clock.advance(11 * day);
		const third = await runVerifyBackups(request([folder], { unverifiedDays: 30 }), context);
		expect(third.backups).toHaveLength(4);
	});

	it('says of a backup that was left out that it is damaged once one is that it needs', async () => {
		const { folder, files } = await makeSet(steps);
		const { context } = watchedMachine();
		await runVerify({ file: files[1]!, password: undefined, sample: undefined }, context);
		damage(files[0]!, 6 * 4096);
		const result = await runVerifyBackups(request([folder], { unverifiedDays: 30 }), context);
		expect(result.backups.map(({ state, badBlocks }) => [state, badBlocks])).toEqual(files.map(() => ['damaged', 1]));
		expect(result.bad).toHaveLength(1);
		expect(result).toMatchObject({ code: 'image-damaged', leftOut: 1 });
		const { sets } = await runListSets(folder, context);
		expect(sets[0]!.files.map((file) => file.verifiedOn)).toEqual(files.map(() => undefined));
		expect(sets[0]!.files.map((file) => file.wasDamaged)).toEqual(files.map(() => true));
	});

	it('goes on behind sets that lack files, files that are none and folders without backups', async () => {
		const { folder, files } = await makeSet(steps);
		rmSync(files[1]!);
		await makeSet([steps[0]!], { ...plainSet, imageid: 'FEDCBA9876543210' }, folder);
		writeFileSync(join(folder, 'torn.mrimgx'), 'no image');
		const empty = tempFolder();
		const { machine, context } = watchedMachine();
		const result = await runVerifyBackups(request([folder, empty, join(folder, 'gone.mrimgx')]), context);
		const of = (state: string) => result.backups.filter((one) => one.state === state).map(({ file }) => file);
		expect(of('sound').sort()).toEqual(
			[files[0], files[2], files[3], join(folder, 'FEDCBA9876543210-00-00.mrimgx')].sort(),
		);
		expect(of('damaged')).toEqual([join(folder, 'torn.mrimgx')]);
		expect(result.problems.map(({ code }) => code)).toEqual(['source-missing', 'source-missing']);
		expect(result.code).toBe('image-damaged');
		const said = machine.logs.map(({ message }) => message);
		expect(said).toContain(`${empty} has no backups`);
		expect(said).toContain(`${files[0]!} is sound: 9 blocks, 32.50 KB`);
	});

	it('goes on behind paths that lead nowhere or cannot be looked at', async () => {
		const { folder, files } = await makeSet(steps.slice(0, 1));
		const loop = join(tempFolder(), 'loop.mrimgx');
		symlinkSync(loop, loop);
		const long = join(folder, `${'x'.repeat(300)}.mrimgx`);
		const { context } = watchedMachine();
		const result = await runVerifyBackups(request([loop, long, join(files[0]!, 'x'), folder]), context);
		expect(result.backups.map(({ state }) => state)).toEqual(['sound']);
		const about = [/loop\.mrimgx/, /xxx\.mrimgx/, /00\.mrimgx\/x/].map((one) => expect.stringMatching(one) as string);
		expect(result.problems.map(({ message }) => message)).toEqual(about);
	});

	it('says of files that are merged or deleted meanwhile that they are, and notes nothing of them', async () => {
		const { folder, files } = await makeSet(steps.slice(0, 2));
		const { machine, context } = watchedMachine();
		machine.onBatch = (batch) => {
			if (batch === 0) {
				copyFileSync(files[1]!, join(folder, 'new'));
				renameSync(join(folder, 'new'), files[0]!);
				rmSync(files[1]!);
			}
		};
		const result = await runVerifyBackups(request([folder]), context);
		expect(result.backups.map(({ state, reason }) => [state, reason])).toEqual([
			['changed', `${files[0]!} has changed: another run has merged or replaced it meanwhile`],
			['changed', `${files[1]!} has gone: another run has merged or deleted it meanwhile`],
		]);
		expect(result.code).toBe('busy');
		const { sets } = await runListSets(folder, context);
		expect(sets.flatMap((set) => set.files).map((file) => file.verifiedOn)).toEqual([undefined]);
	});

	it('stops when it is cancelled, and what was verified by then is noted', async () => {
		const { folder, files } = await makeSet(steps);
		const { machine, context } = watchedMachine();
		machine.onBatch = (batch) => {
			if (batch === 10) machine.controller.abort();
		};
		await expect(runVerifyBackups(request([folder]), context)).rejects.toMatchObject({ code: 'cancelled' });
		const { sets } = await runListSets(folder, new FakeMachine().context);
		const noted = sets[0]!.files.map((file) => file.verifiedOn !== undefined);
		expect(noted).toEqual(files.map((_, i) => i === 0));
		await expect(runVerifyBackups(request([folder]), context)).rejects.toMatchObject({ code: 'cancelled' });
	});

	it('takes a sample of each backup, and notes nothing then', async () => {
		const { folder } = await makeSet(steps);
		const { context } = watchedMachine();
		const result = await runVerifyBackups(request([folder], { sample: 0.3 }), context);
		expect(result.sampled).toBe(true);
		expect(result.backups[0]!.blocks).toBe(4);
		const { sets } = await runListSets(folder, context);
		expect(sets[0]!.files.map((file) => file.verifiedOn)).toEqual(sets[0]!.files.map(() => undefined));
	});

	it('tells how far it is over all of them', async () => {
		const { folder } = await makeSet(steps);
		const { machine, context } = watchedMachine();
		await runVerifyBackups(request([folder]), context);
		const progress = machine.events.filter((event) => event.type === 'progress');
		const stored = (await pointsOf(folder)).reduce((sum, { member }) => sum + member.dataEnd, 0);
		expect(progress[0]).toMatchObject({ phase: 'verify', doneBytes: 0, totalBytes: stored });
		const { doneBytes, totalBytes } = progress.at(-1)!;
		// What lies between the blocks is not read, and taken back.
		expect(totalBytes).toBe(doneBytes);
		expect(doneBytes).toBeGreaterThan(0.7 * stored);
	});
});
