import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobContext } from '../../../../src/engine/job-context.ts';
import { runListSets } from '../../../../src/engine/jobs/list-sets.ts';
import { runVerifyBackups } from '../../../../src/engine/jobs/verify-backups.ts';
import { runVerify } from '../../../../src/engine/jobs/verify.ts';
import { verifiedName } from '../../../../src/engine/verified-record.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { makeSet, type Step } from '../verify/sets-on-disk.ts';

const steps: Step[] = [
	{ type: 'full', changes: [] },
	{ type: 'inc', changes: [[0, 1]] },
];

async function notedIn(folder: string): Promise<boolean[]> {
	const { sets } = await runListSets(folder, new FakeMachine().context);
	return sets[0]!.files.map(({ verifiedOn, wasDamaged }) => verifiedOn !== undefined || wasDamaged);
}

describe('a note of verification', () => {
	it('is not taken of a file that another run has put in the place of the one that was read', async () => {
		const { folder, files } = await makeSet(steps);
		const machine = new FakeMachine();
		const context: JobContext = {
			...machine.context,
			createPool: (options) => {
				const bytes = readFileSync(files[0]!);
				rmSync(files[0]!);
				writeFileSync(files[0]!, bytes);
				return machine.context.createPool(options);
			},
		};
		const asked = { file: files[0]!, password: undefined, sample: undefined };
		expect((await runVerify(asked, context)).bad).toEqual([]);
		expect(await notedIn(folder)).toEqual([false, false]);
		await runVerify(asked, machine.context);
		expect(await notedIn(folder)).toEqual([true, false]);
	});

	it('that a folder does not take is told where it decides what is verified', async () => {
		const { folder } = await makeSet(steps);
		mkdirSync(join(folder, verifiedName));
		const warned = async (unverifiedDays: number | undefined) => {
			const machine = new FakeMachine();
			const request = { paths: [folder], passwords: [], sample: undefined, unverifiedDays };
			await runVerifyBackups(request, machine.context);
			return machine.logs.filter(({ level }) => level === 'warning').map(({ message }) => message);
		};
		expect(await warned(undefined)).toEqual([]);
		expect(await warned(30)).toEqual([
			`${folder} takes no note of what was verified: the same is verified again the next time`,
		]);
	});

	it('of damage that a folder does not take is told: the next backup may stand on it', async () => {
		const { folder, files } = await makeSet(steps);
		mkdirSync(join(folder, verifiedName));
		const bytes = readFileSync(files[0]!);
		bytes[20] = bytes[20]! ^ 1;
		writeFileSync(files[0]!, bytes);
		const said = `${folder} takes no note of damaged backups: the next backup may stand on one, and rules count it as sound`;
		const one = new FakeMachine();
		const { bad } = await runVerify({ file: files[0]!, password: undefined, sample: undefined }, one.context);
		expect(bad).toHaveLength(1);
		expect(one.logs.filter(({ message }) => message === said)).toHaveLength(1);
		const all = new FakeMachine();
		const request = { paths: [folder], passwords: [], sample: undefined, unverifiedDays: undefined };
		await runVerifyBackups(request, all.context);
		expect(all.logs.filter(({ message }) => message === said)).toHaveLength(1);
	});
});
