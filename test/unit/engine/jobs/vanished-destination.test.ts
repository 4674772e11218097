import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { asVanished } from '../../../../src/engine/backup/destination/vanished.ts';
import type { JobContext } from '../../../../src/engine/job-context.ts';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runMerge } from '../../../../src/engine/jobs/merge.ts';
import type { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { imageRequest } from '../../../support/job-requests.ts';
import { makeChain } from '../image-files.ts';
import { setUp } from './set-up.ts';

/** The context of a machine that does something when the check of a backup begins, or all blocks of a merge are written. */
function whenWritten(machine: FakeMachine, act: () => void): JobContext {
	let seen = false;
	return {
		...machine.context,
		emit: (event) => {
			if (event.type !== 'progress' || seen) return;
			seen = event.phase === 'check' || (event.phase === 'merge' && event.doneBytes === event.totalBytes);
			if (seen) act();
		},
	};
}

/** What a disk that is detached leaves: an empty folder where it was mounted. */
function detach(folder: string): void {
	renameSync(folder, `${folder}-away`);
	mkdirSync(folder);
}

const gone = (folder: string, what: string) => ({
	code: 'destination-missing',
	message: expect.stringMatching(new RegExp(`^${folder} has gone while it was worked in: ${what}`)) as string,
	advice: expect.stringContaining('Start again once it is there') as string,
});

describe('a destination that goes while a run works in it', () => {
	it('takes no incremental without what that stands on', async () => {
		const { disk, machine, folder } = setUp();
		const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
		disk.bytes[2 ** 21]! ^= 1;
		machine.onBatch = (batch) => {
			if (batch === 0) detach(folder);
		};
		const request = imageRequest(folder, ['/dev/fake'], { type: 'inc' });
		const error = gone(folder, `${files[0]!}, which the backup stands on, is no longer there`);
		await expect(runBackup(request, machine.context)).rejects.toMatchObject(error);
		expect(readdirSync(folder)).toEqual([]);
		expect(readdirSync(`${folder}-away`)).toContain(files[0]!.slice(folder.length + 1));
	});

	it('is told when its file is to be read back', async () => {
		const { machine, folder } = setUp();
		const context = whenWritten(machine, () => detach(folder));
		const run = runBackup(imageRequest(folder, ['/dev/fake']), context);
		await expect(run).rejects.toMatchObject(gone(folder, `${folder}/.*\\.part: no such file or directory`));
		expect(readdirSync(folder)).toEqual([]);
	});

	it('is told after a backup that is to be verified, which was made', async () => {
		const { machine, folder } = setUp();
		let codecs = 0;
		const createCodec = () => {
			// That of the backup, then that of its verification.
			if (++codecs === 2) detach(folder);
			return machine.context.createCodec();
		};
		const request = imageRequest(folder, ['/dev/fake'], { verify: true });
		await expect(runBackup(request, { ...machine.context, createCodec })).rejects.toMatchObject({
			code: 'destination-missing',
			message: expect.stringMatching(
				/^.*-00-00\.mrimgx was written and cannot be verified: .*: no such file/,
			) as string,
			advice: expect.stringContaining('Verify it') as string,
		});
		expect(readdirSync(`${folder}-away`).filter((name) => name.endsWith('-00-00.mrimgx'))).toHaveLength(1);
	});

	it('is told in words where the system says so, and nothing else is made of it', () => {
		const system = (code: string) =>
			Object.assign(new Error(`${code}: no such thing, scandir`), { code, syscall: 'scandir' });
		expect(asVanished(system('ENOENT'), '/f')).toMatchObject(gone('/f', '/f: no such thing'));
		expect(asVanished(Object.assign(system('EIO'), { path: '/f/x' }), '/f')).toMatchObject({
			code: 'failed',
			message: '/f/x: no such thing',
		});
		for (const other of [new Error('x'), new AfterimageError('no-space', 'x')])
			expect(asVanished(other, '/f')).toBe(other);
	});

	it('is told when backups are merged', async () => {
		const { folder, files } = await makeChain();
		const { machine } = setUp();
		const context = whenWritten(machine, () => detach(folder));
		const run = runMerge({ files: files.slice(1), dryRun: false }, context);
		await expect(run).rejects.toMatchObject(gone(folder, `${folder}/.*\\.part: no such file or directory`));
		rmSync(folder, { recursive: true });
		renameSync(`${folder}-away`, folder);
		expect(readdirSync(folder)).toEqual(expect.arrayContaining(files.map((file) => file.slice(folder.length + 1))));
	});
});
