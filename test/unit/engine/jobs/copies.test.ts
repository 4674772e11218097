import { copyFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RetentionRules } from '../../../../src/definition/retention/types.ts';
import { runListSets } from '../../../../src/engine/jobs/list-sets.ts';
import { runMerge } from '../../../../src/engine/jobs/merge.ts';
import { runPurge } from '../../../../src/engine/jobs/purge.ts';
import { runVerify } from '../../../../src/engine/jobs/verify.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { makeChain } from '../image-files.ts';

const { context } = new FakeMachine();
const off = { enabled: false, keep: 1, unit: 'backups' } as const;

function purge(folder: string, keepIncrementals: number) {
	const rules: RetentionRules = {
		full: { ...off, enabled: true, keep: 9 },
		differential: off,
		incremental: { ...off, enabled: true, keep: keepIncrementals },
		...{ scope: 'matching', linkedDeletion: false, syntheticFull: false, runBefore: false, minFreeBytes: undefined },
	};
	return runPurge({ folder, rules, dryRun: false }, context);
}

async function asideIn(folder: string): Promise<readonly string[]> {
	return (await runListSets(folder, context)).sets.flatMap((set) => set.aside);
}

/** A chain with a copy of each incremental, half of them with names that come before those of the chain. */
async function scene() {
	const { folder, files } = await makeChain();
	const copies = files.slice(1).map((_, i) => join(folder, `${i % 2 === 0 ? '0-' : 'copy-'}${i + 1}.mrimgx`));
	copies.forEach((copy, i) => copyFileSync(files[i + 1]!, copy));
	return { folder, files, copies };
}

const [first, second, third] = ['01-01', '02-02', '03-03'].map((numbers) => `0123456789ABCDEF-${numbers}.mrimgx`);

const copiesAtFirst = [
	`0-1.mrimgx is a copy of ${first!}`,
	`copy-2.mrimgx is a copy of ${second!}`,
	`0-3.mrimgx is a copy of ${third!}`,
];

describe('copies of files of a set', () => {
	it('are listed as such', async () => {
		const { folder, files } = await scene();
		const { sets } = await runListSets(folder, context);
		expect(sets[0]!.files.map((file) => file.path)).toEqual(files);
		expect(sets[0]!.damage).toEqual([]);
		expect(sets[0]!.aside).toEqual(copiesAtFirst);
	});

	it('are left alone by a purge that merges what they were made of, and by the next', async () => {
		const { folder, files, copies } = await scene();
		const { steps, notes } = await purge(folder, 1);
		expect(steps.map((step) => [step.kind, step.files])).toEqual([['merge', files.slice(1)]]);
		expect(notes).toEqual(copiesAtFirst);
		const left = [files[0]!, files[1]!, ...copies].map((file) => basename(file)).sort();
		expect(imagesIn(folder)).toEqual(left);
		expect(await asideIn(folder)).toEqual([
			`0-1.mrimgx is a copy of ${first!} from before others were merged into it`,
			`copy-2.mrimgx is a copy of a backup that was merged into ${first!}`,
			`0-3.mrimgx is a copy of a backup that was merged into ${first!}`,
		]);
		expect((await purge(folder, 1)).steps).toEqual([]);
		expect(imagesIn(folder)).toEqual(left);
		expect((await runVerify({ file: files[1]!, password: undefined, sample: undefined }, context)).bad).toEqual([]);
	});

	it('are told apart from what an interrupted merge has left', async () => {
		const { folder, files } = await makeChain();
		const copy = join(folder, 'copy.mrimgx');
		copyFileSync(files[2]!, copy);
		await runMerge({ files: files.slice(1), dryRun: false }, context);
		copyFileSync(copy, files[2]!);
		expect(await asideIn(folder)).toEqual([
			`${second!} was merged into ${first!}`,
			`copy.mrimgx is a copy of a backup that was merged into ${first!}`,
		]);
		const { steps } = await purge(folder, 9);
		expect(steps.map((step) => [step.kind, step.files])).toEqual([['delete-leftovers', [files[2]]]]);
		expect(imagesIn(folder)).toEqual([...files.slice(0, 2).map((file) => basename(file)), 'copy.mrimgx'].sort());
	});

	it('are no copies when the set was gone on with in two places', async () => {
		const { folder } = await makeChain();
		const other = await makeChain(undefined, 7);
		copyFileSync(other.files[3]!, join(folder, 'other.mrimgx'));
		expect(await asideIn(folder)).toEqual([`other.mrimgx is another backup with a number that ${third!} has`]);
	});
});

function imagesIn(folder: string): string[] {
	return readdirSync(folder)
		.filter((name) => name.endsWith('.mrimgx'))
		.sort();
}
