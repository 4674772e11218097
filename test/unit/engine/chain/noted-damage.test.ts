import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runPurge } from '../../../../src/engine/jobs/purge.ts';
import { runVerify } from '../../../../src/engine/jobs/verify.ts';
import type { RetentionRules } from '../../../../src/definition/retention/types.ts';
import { noteDamaged, noteVerified } from '../../../../src/engine/verified-record.ts';
import { imageRequest } from '../../../support/job-requests.ts';
import { setUp } from '../jobs/set-up.ts';

const off = { enabled: false, keep: 1, unit: 'backups' } as const;
const keepOneFull: RetentionRules = {
	...{ scope: 'matching', syntheticFull: false, runBefore: false, minFreeBytes: undefined },
	...{ full: { ...off, enabled: true }, differential: off, incremental: off },
};

/** Backups to one folder, a minute after each other. */
function backups() {
	const { machine, folder, disk } = setUp();
	const make = async (type: 'full' | 'diff' | 'inc' | 'auto') => {
		machine.clock.advance(60_000);
		disk.bytes.fill(machine.clock.now() % 251, 2 ** 20, 2 ** 20 + 4096);
		const { files, backupType } = await runBackup(imageRequest(folder, ['/dev/fake'], { type }), machine.context);
		return { file: files[0]!, backupType };
	};
	const said = () => machine.logs.map(({ message }) => message).join('\n');
	return { machine, folder, make, said };
}

describe('a set whose newest backup was found damaged when it was last verified', () => {
	it('is not continued, and no reason to delete an older one', async () => {
		const { machine, folder, make, said } = backups();
		const sound = (await make('full')).file;
		const damaged = (await make('full')).file;
		const bytes = readFileSync(damaged);
		bytes[200] = bytes[200]! ^ 1;
		writeFileSync(damaged, bytes);
		const { bad } = await runVerify({ file: damaged, password: undefined, sample: undefined }, machine.context);
		expect(bad).toHaveLength(1);

		const { steps, notes } = await runPurge({ folder, rules: keepOneFull, dryRun: false }, machine.context);
		expect(steps).toEqual([]);
		expect(notes).toEqual([
			expect.stringMatching(
				/^Backup set \w+ is left alone and not counted: \w+-00-00\.mrimgx was found damaged when it was last verified\.$/,
			),
		]);
		expect((await make('auto')).backupType).toBe('full');
		expect(said()).toMatch(
			/Set \w+ is not continued, \w+-00-00\.mrimgx was found damaged when it was last verified: a full is made/,
		);
		expect((await make('auto')).backupType).toBe('inc');
		const after = await runPurge({ folder, rules: keepOneFull, dryRun: false }, machine.context);
		expect(after.steps.flatMap((step) => step.files)).toEqual([sound]);
		expect(readdirSync(folder)).toContain(basename(damaged));
	});

	it('is not continued either when backups came that nobody has verified', async () => {
		const { make } = backups();
		const full = (await make('full')).file;
		await make('inc');
		noteDamaged([full]);
		expect((await make('inc')).backupType).toBe('full');
	});

	it('is continued when a later backup was found sound, or by a differential on a sound full', async () => {
		const { make } = backups();
		const full = (await make('full')).file;
		const first = (await make('inc')).file;
		const second = (await make('inc')).file;
		noteDamaged([first]);
		noteVerified([second], new Date());
		expect((await make('inc')).backupType).toBe('inc');
		noteDamaged([second]);
		noteVerified([full], new Date());
		expect((await make('diff')).backupType).toBe('diff');
		expect((await make('inc')).backupType).toBe('inc');
	});
});
